using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>
/// Predicts a set of recordings. A model with speaker normalization normalizes each recording with the statistics of
/// all recordings of its speaker in the set, for which it is read and encoded before the first prediction. With
/// windows, memory does not grow with the length of a recording. Not thread-safe.
/// </summary>
/// <example>
/// <code>
/// var inputs = PredictionInput.FromFolder("calls", speaker: "ina");
/// var set = RecordingSetPredictor.Create(predictor, inputs, new WindowOptions(2, 1));
/// foreach (var prediction in set.Predict())
///     Console.WriteLine(prediction.Error?.Message ?? $"{prediction.StartSeconds}: {prediction.Probabilities![0]}");
/// </code>
/// </example>
public sealed class RecordingSetPredictor
{
    private readonly EmotionPredictor predictor;
    private readonly IReadOnlyList<PredictionInput> inputs;
    private readonly WindowOptions? windows;
    private readonly bool bySpeech;
    private readonly InputEncoder encoder;
    private readonly SpeakerStatisticsPass? speakers;

    private RecordingSetPredictor(
        EmotionPredictor predictor,
        IReadOnlyList<PredictionInput> inputs,
        WindowOptions? windows,
        bool bySpeech,
        CancellationToken cancellationToken
    )
    {
        if (bySpeech && windows is not null)
            throw new ArgumentException("windows and stretches of speech: choose one", nameof(windows));
        this.predictor = predictor;
        this.bySpeech = bySpeech;
        this.inputs = inputs;
        this.windows = windows;
        encoder = new(predictor);
        if (!predictor.UsesSpeakerNormalization)
            return;
        var consecutive = windows is null ? null : new WindowOptions(windows.Seconds);
        speakers = new(
            predictor.Info!.Encoder.FrameWidth,
            inputs,
            input => encoder.Encode(input, consecutive, bySpeech, cancellationToken),
            useCache: windows == consecutive
        );
    }

    /// <summary>
    /// Which statistics normalize the recordings; null: the model does not use statistics of speakers.
    /// </summary>
    public SpeakerStatisticsSummary? SpeakerStatistics => speakers?.Summary;

    /// <summary>
    /// Opens the models' encoder, downloads it if it is not in the cache, and computes the statistics of the speakers,
    /// if the model uses them. An encoder that cannot be opened is the error of each recording.
    /// </summary>
    /// <param name="inputs">Inputs with an error have no influence on the statistics.</param>
    /// <param name="windows">null: predict whole recordings, or stretches of speech.</param>
    /// <param name="bySpeech">
    /// Predict each stretch of speech (<see cref="Audio.Speech.VoiceActivityDetector.FindSpeech"/>); a recording
    /// without speech has a prediction without probabilities. A recording is decoded as a whole.
    /// </param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static async Task<RecordingSetPredictor> CreateAsync(
        EmotionPredictor predictor,
        IReadOnlyList<PredictionInput> inputs,
        WindowOptions? windows = null,
        bool bySpeech = false,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            if (inputs.Any(input => !input.IsFrames))
                await predictor.OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidInputException)
        {
            // The predictor remembers it: it is the error of each recording.
        }
        return new(predictor, inputs, windows, bySpeech, cancellationToken);
    }

    /// <summary>
    /// As <see cref="CreateAsync"/>, but the first recording that needs the encoder opens it, and blocks the caller's
    /// thread if it must be downloaded.
    /// </summary>
    /// <param name="inputs">Inputs with an error have no influence on the statistics.</param>
    /// <param name="windows">null: predict whole recordings, or stretches of speech.</param>
    /// <param name="bySpeech">As for <see cref="CreateAsync"/>.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static RecordingSetPredictor Create(
        EmotionPredictor predictor,
        IReadOnlyList<PredictionInput> inputs,
        WindowOptions? windows = null,
        bool bySpeech = false,
        CancellationToken cancellationToken = default
    ) => new(predictor, inputs, windows, bySpeech, cancellationToken);

    /// <summary>Predicts the recordings in their order, each when it is enumerated.</summary>
    /// <returns>
    /// The windows of the first input, then those of the second, and so on. An input that is invalid has an error
    /// instead, after the windows before it; the remaining inputs are predicted.
    /// </returns>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IEnumerable<RecordingPrediction> Predict(CancellationToken cancellationToken = default) =>
        Collect(input => Predict(input, cancellationToken), cancellationToken);

    /// <summary>
    /// As <see cref="Predict(CancellationToken)"/>, with explanations. A recording or window longer than
    /// <see cref="Explanation.MaxSeconds"/> and frames without a recording are errors of their inputs; a recording
    /// without stretches of speech has no explanation.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IEnumerable<RecordingPrediction> PredictAndExplain(CancellationToken cancellationToken = default) =>
        Collect(input => Explain(input, cancellationToken), cancellationToken);

    private IEnumerable<RecordingPrediction> Collect(
        Func<PredictionInput, IEnumerable<RecordingPrediction>> predict,
        CancellationToken cancellationToken
    )
    {
        foreach (var input in inputs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var predictions = predict(input).GetEnumerator();
            InvalidInputException? error;
            while (MoveNext(input, predictions, out error))
                yield return predictions.Current;
            if (error is not null)
                yield return new(input, null, null, null, error);
        }
    }

    private IEnumerable<RecordingPrediction> Predict(PredictionInput input, CancellationToken cancellationToken)
    {
        var parts = speakers?.Take(input) ?? encoder.Encode(input, windows, bySpeech, cancellationToken);
        foreach (var part in parts)
        {
            var probabilities = part.Input is { } prepared
                ? predictor.PredictInput(prepared, speakers?.GetNormalization(input))
                : null;
            yield return new(input, part.StartSeconds, part.EndSeconds, probabilities, null)
            {
                Warnings = part.Warnings,
            };
        }
    }

    // The statistics' cache has frames without samples: the recording is read again.
    private IEnumerable<RecordingPrediction> Explain(PredictionInput input, CancellationToken cancellationToken)
    {
        if (input.IsFrames)
            throw new InvalidInputException(
                input.Path,
                "frames have no waveform of which parts could be silenced: explain the recording instead"
            );
        foreach (var part in encoder.Encode(input, windows, bySpeech, cancellationToken))
        {
            var explanation = part.Input is null
                ? null
                : predictor.ExplainPart(part, input.Path, speakers?.GetNormalization(input), cancellationToken);
            yield return new(input, part.StartSeconds, part.EndSeconds, explanation?.Probabilities.ToArray(), null)
            {
                Warnings = part.Warnings,

                Explanation = explanation,
            };
        }
    }

    private static bool MoveNext(
        PredictionInput input,
        IEnumerator<RecordingPrediction> predictions,
        out InvalidInputException? error
    )
    {
        error = null;
        try
        {
            return predictions.MoveNext();
        }
        catch (InvalidInputException exception)
        {
            error = exception.IsIn(input.Path) ? exception : exception.AddFile(input.Path);
            return false;
        }
    }
}
