using System.Runtime.CompilerServices;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;

namespace AttnCrnn.Prediction;

/// <summary>
/// Predicts emotions from speech: a model, or the models of a run's folds, whose probabilities are averaged, with the
/// encoder of their frames; or a published classifier. Thread-safe: recordings are decoded and encoded in parallel, and
/// as many calls as <see cref="EmotionPredictorOptions.Concurrency"/> says predict at the same time; further ones wait.
/// The bits of a result depend neither on other calls nor on the number of threads. Dispose it after the last call.
/// </summary>
/// <example>
/// <code>
/// using var predictor = EmotionPredictor.Open(["model.keras"]);
/// var probabilities = predictor.PredictFile("clip.wav"); // in the order of predictor.Labels
/// </code>
/// </example>
public sealed class EmotionPredictor : IDisposable
{
    private readonly IRecordingModel model;

    private EmotionPredictor(IRecordingModel model, AudioChannel channel, SpeechClassifier? classifier = null)
    {
        this.model = model;
        Channel = channel;
        Classifier = classifier;
    }

    /// <summary>The channel of recordings that is predicted.</summary>
    public AudioChannel Channel { get; }

    /// <summary>The published classifier; null: models of this program.</summary>
    public SpeechClassifier? Classifier { get; }

    /// <summary>[outputs], the labels in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels => model.Labels;

    /// <summary>What the outputs are; the models of this program predict probabilities.</summary>
    public ClassifierOutput Output => model.Output;

    /// <summary>
    /// Labels, encoder, normalization and origin of the models; without folds, of the model. null: a published
    /// classifier.
    /// </summary>
    public TrainedModelInfo? Info => model.Info;

    /// <summary>
    /// The model files: one, or those of the run's folds, whose probabilities are averaged; none for a published
    /// classifier.
    /// </summary>
    public IReadOnlyList<string> ModelPaths => model.Paths;

    /// <summary>Notices for the user about models saved by another program, one line each.</summary>
    public IReadOnlyList<string> Notices => model.Notices;

    /// <summary>
    /// Whether the models normalize with the statistics of each clip's speaker, which
    /// <see cref="Recordings.RecordingSetPredictor"/> computes; without them, the statistics of the training corpus are
    /// used.
    /// </summary>
    public bool UsesSpeakerNormalization => model.UsesSpeakerNormalization;

    /// <summary>A predictor of a published classifier, which is disposed with it.</summary>
    /// <param name="channel">The channel of recordings that is predicted; by default the mean of all.</param>
    public static EmotionPredictor FromClassifier(SpeechClassifier classifier, AudioChannel channel = default) =>
        new(new ClassifierRecordingModel(classifier), channel, classifier);

    /// <summary>Opens model files, at least one.</summary>
    /// <exception cref="InvalidInputException">
    /// A model is invalid, the models have different labels or encoders, or the options do not fit them.
    /// </exception>
    public static EmotionPredictor Open(IReadOnlyList<string> modelPaths, EmotionPredictorOptions? options = null)
    {
        options ??= new();
        var models = Ensemble.Load(
            modelPaths,
            options.Threads,
            options.ExactConvolution,
            options.Labels,
            options.Concurrency
        );
        try
        {
            var encoder = new ModelEncoder(
                models.Info.Encoder,
                options.Encoder,
                options.Layers,
                options.Threads,
                options.EncoderNotice
            );
            return new(new TrainedRecordingModel(models, encoder, [.. modelPaths]), options.Channel);
        }
        catch (EncoderOptionException)
        {
            models.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens the encoder of the frames, which the first recording does otherwise, and downloads it if it is not in the
    /// cache. It is the only step that may wait for the network: the methods that are not asynchronous then block no
    /// thread for it.
    /// </summary>
    /// <exception cref="InvalidInputException">
    /// The encoder is unknown or missing, cannot be downloaded, or differs from the models'.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public Task OpenEncoderAsync(CancellationToken cancellationToken = default) => model.OpenAsync(cancellationToken);

    /// <summary>Predicts a whole recording.</summary>
    /// <param name="path">WAV or FLAC; other formats through ffmpeg.</param>
    /// <returns>[classes], in the order of the labels.</returns>
    /// <exception cref="InvalidInputException">
    /// The recording is invalid, too short or too long, or the encoder is missing or differs from the models'.
    /// </exception>
    public double[] PredictFile(string path, CancellationToken cancellationToken = default)
    {
        var waveform = AudioReader.Read(path, new AudioReadOptions { Channel = Channel }, cancellationToken);
        return PredictInput(Prepare(waveform.Samples, path, cancellationToken), null);
    }

    /// <summary>Predicts a whole waveform.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <returns>[classes], in the order of the labels.</returns>
    /// <exception cref="InvalidInputException">
    /// The waveform is too short, too long or not finite, or the encoder is missing or differs from the models'.
    /// </exception>
    public double[] Predict(
        ReadOnlyMemory<float> waveform,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        FiniteSamples.Require(waveform.Span);
        return PredictInput(Prepare(waveform, null, cancellationToken), speaker);
    }

    /// <summary>Predicts frames of the models' encoder.</summary>
    /// <param name="frames">[frames, width], at least 4 frames.</param>
    /// <param name="speaker">
    /// Normalization from <see cref="SpeakerStatistics"/>, for models with <see cref="UsesSpeakerNormalization"/>;
    /// null: the statistics of the training corpus.
    /// </param>
    /// <returns>[classes], in the order of the labels.</returns>
    /// <exception cref="InvalidInputException">
    /// The frames are too few, too many, of the wrong feature dimension, or their probabilities are NaN.
    /// </exception>
    /// <exception cref="ArgumentException">The models do not use statistics of speakers.</exception>
    /// <exception cref="InvalidOperationException">The model is a published classifier.</exception>
    public double[] PredictFrames(FrameMatrix frames, FeatureNormalization? speaker = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return model.Info is null
            ? throw new InvalidOperationException("a published classifier predicts recordings, not frames")
            : PredictInput(new ModelInput(frames, default), speaker);
    }

    /// <summary>
    /// Predicts windows of a waveform. The frames of a window are computed from its samples alone, so that its
    /// probabilities do not depend on the rest of the recording.
    /// </summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <returns>The windows in order, each predicted when it is enumerated.</returns>
    /// <exception cref="InvalidInputException">As for <see cref="Predict"/>, while enumerating.</exception>
    public IEnumerable<TimedProbabilities> PredictWindows(
        ReadOnlyMemory<float> waveform,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        FiniteSamples.Require(waveform.Span);
        var sequence = new WindowSequence(windows.Seconds, windows.HopSeconds);
        while (sequence.Next(waveform.Length, isComplete: true) is { } window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var samples = waveform[(int)window.FirstSample..(int)window.EndSample].ToArray();
            yield return PredictWindow(
                new(window.StartSeconds, window.EndSeconds, samples),
                speaker,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// Predicts windows of a stream while it arrives: a window is predicted as soon as its samples are there. Times
    /// and probabilities are bit-identical to <see cref="PredictWindows"/> of the whole stream at 16 kHz, however it
    /// is divided into chunks.
    /// </summary>
    /// <param name="samples">
    /// Chunks of [samples] of any lengths, one channel, finite, full scale ±1. A chunk is read before the next one is
    /// requested, and not kept: memory is bounded by a window and two seconds of audio.
    /// </param>
    /// <param name="sampleRateHz">Sample rate of the chunks, from 100 Hz to 10 MHz; resampled to 16 kHz.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <returns>
    /// The windows in order; the last, shorter one when the stream has ended. The consumer's thread predicts: chunks
    /// that arrive in the meantime are buffered by their source.
    /// </returns>
    /// <exception cref="InvalidInputException">As for <see cref="Predict"/>, while enumerating.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sample rate is not in its range.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IAsyncEnumerable<TimedProbabilities> PredictStreamAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> samples,
        int sampleRateHz,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    )
    {
        PcmFormat.ThrowIfInvalidRate(sampleRateHz);
        return PredictChunksAsync(samples, sampleRateHz, windows, speaker, cancellationToken);
    }

    /// <summary>
    /// Predicts windows of raw 16-bit PCM while it arrives, as <see cref="PredictStreamAsync"/> does.
    /// </summary>
    /// <param name="stream">A pipe, a socket or a file without header; read to its end.</param>
    /// <param name="speaker">Statistics of the speaker, as for <see cref="PredictFrames"/>.</param>
    /// <exception cref="InvalidInputException">
    /// As for <see cref="Predict"/>, or the stream ends within a sample; while enumerating.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled, while enumerating.</exception>
    public IAsyncEnumerable<TimedProbabilities> PredictPcmAsync(
        Stream stream,
        PcmFormat format,
        WindowOptions windows,
        FeatureNormalization? speaker = null,
        CancellationToken cancellationToken = default
    ) =>
        PredictStreamAsync(
            PcmReader.ReadAsync(stream, format, cancellationToken),
            format.SampleRateHz,
            windows,
            speaker,
            cancellationToken
        );

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    /// <summary>Prepares samples at 16 kHz, which are not changed later, for <see cref="PredictInput"/>.</summary>
    /// <param name="path">The recording, for messages; null: it has no name.</param>
    internal ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken) =>
        model.Prepare(samples, path, cancellationToken);

    /// <summary>Predicts what was prepared.</summary>
    internal double[] PredictInput(ModelInput input, FeatureNormalization? speaker)
    {
        if (speaker is not null && !UsesSpeakerNormalization)
            throw new ArgumentException(
                $"statistics of a speaker, but the model {DescribeNormalization()}; pass null",
                nameof(speaker)
            );
        return model.Predict(input, speaker);
    }

    private string DescribeNormalization() =>
        model.Info is { } info
            ? $"was trained with {NormalizationModes.Format(info.Normalization.Kind)} normalization"
            : "is a published classifier";

    private TimedProbabilities PredictWindow(
        AudioWindow window,
        FeatureNormalization? speaker,
        CancellationToken cancellationToken
    ) =>
        new(
            window.StartSeconds,
            window.EndSeconds,
            PredictInput(Prepare(window.Samples, null, cancellationToken), speaker)
        );

    private async IAsyncEnumerable<TimedProbabilities> PredictChunksAsync(
        IAsyncEnumerable<ReadOnlyMemory<float>> chunks,
        int sampleRateHz,
        WindowOptions windows,
        FeatureNormalization? speaker,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await OpenEncoderAsync(cancellationToken).ConfigureAwait(false);
        var stream = new WindowStream(sampleRateHz, windows);
        await foreach (var chunk in chunks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            for (var remainder = chunk; remainder.Length > 0; )
            {
                remainder = stream.Append(remainder);
                while (stream.Take() is { } window)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    yield return PredictWindow(window, speaker, cancellationToken);
                }
            }
        }
        stream.Complete();
        while (stream.Take() is { } window)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return PredictWindow(window, speaker, cancellationToken);
        }
    }
}
