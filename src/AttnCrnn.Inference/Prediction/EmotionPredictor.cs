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
public sealed partial class EmotionPredictor : IDisposable
{
    private readonly IRecordingModel model;

    private EmotionPredictor(
        IRecordingModel model,
        AudioChannel channel,
        bool detectsSpeech,
        SpeechClassifier? classifier = null
    )
    {
        this.model = model;
        Channel = channel;
        DetectsSpeech = detectsSpeech;
        Classifier = classifier;
    }

    /// <summary>The channel of recordings that is predicted.</summary>
    public AudioChannel Channel { get; }

    /// <summary>Whether predictions that have warnings look for speech.</summary>
    public bool DetectsSpeech { get; }

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
    /// <param name="detectSpeech">As <see cref="EmotionPredictorOptions.DetectSpeech"/>.</param>
    public static EmotionPredictor FromClassifier(
        SpeechClassifier classifier,
        AudioChannel channel = default,
        bool detectSpeech = true
    ) => new(new ClassifierRecordingModel(classifier), channel, detectSpeech, classifier);

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
            )
            {
                UsesCacheOnly = options.UsesCacheOnly,
            };
            var model = new TrainedRecordingModel(models, encoder, [.. modelPaths]);
            return new(model, options.Channel, options.DetectSpeech);
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

    /// <summary>Predicts a whole recording, and says what makes the prediction doubtful.</summary>
    /// <param name="path">WAV or FLAC; other formats through ffmpeg.</param>
    /// <exception cref="InvalidInputException">As for <see cref="PredictFile"/>.</exception>
    public TimedProbabilities PredictRecording(string path, CancellationToken cancellationToken = default)
    {
        var waveform = AudioReader.Read(path, new AudioReadOptions { Channel = Channel }, cancellationToken);
        var probabilities = PredictInput(Prepare(waveform.Samples, path, cancellationToken), null);
        return new(0, waveform.Seconds, probabilities) { Warnings = RecordingChecks.Check(waveform, DetectsSpeech) };
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

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    /// <summary>Prepares samples at 16 kHz, which are not changed later, for <see cref="PredictInput"/>.</summary>
    /// <param name="path">The recording, for messages; null: it has no name.</param>
    internal ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken) =>
        model.Prepare(samples, path, cancellationToken);

    /// <summary>Predicts what was prepared.</summary>
    internal double[] PredictInput(ModelInput input, FeatureNormalization? speaker)
    {
        RequireSpeakerStatistics(speaker);
        return model.Predict(input, speaker);
    }

    private void RequireSpeakerStatistics(FeatureNormalization? speaker)
    {
        if (speaker is not null && !UsesSpeakerNormalization)
            throw new ArgumentException(
                $"statistics of a speaker, but the model {DescribeNormalization()}; pass null",
                nameof(speaker)
            );
    }

    private string DescribeNormalization() =>
        model.Info is { } info
            ? $"was trained with {NormalizationModes.Format(info.Normalization.Kind)} normalization"
            : "is a published classifier";
}
