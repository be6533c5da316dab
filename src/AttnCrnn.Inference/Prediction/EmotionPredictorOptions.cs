using AttnCrnn.Audio;
using AttnCrnn.Options;

namespace AttnCrnn.Prediction;

/// <summary>How an <see cref="EmotionPredictor"/> is opened.</summary>
public sealed record EmotionPredictorOptions
{
    /// <summary>Number of threads of a call, at least 1; results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Number of calls that predict at the same time, at least 1, each with <see cref="Threads"/> threads and its own
    /// memory, on the same weights; further ones wait. For many recordings, 1 thread and one call per processor give
    /// more recordings per second than all processors for a single call. Results do not depend on it.
    /// </summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>The channel of recordings that is predicted; by default the mean of all.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Use direct convolution even if the models were trained with Winograd's.</summary>
    public bool ExactConvolution { get; init; }

    /// <summary>[classes], labels of the outputs in order, for Keras archives without labels; otherwise null.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// Folder of the models' encoder, if it has moved since training; or the encoder (as in
    /// <see cref="Encoders.EncoderCatalog.Names"/>), for models without encoder metadata. null: as recorded.
    /// </summary>
    public string? Encoder { get; init; }

    /// <summary>Layers of <see cref="Encoder"/>, for models without encoder metadata; null: its default.</summary>
    public string? Layers { get; init; }

    /// <summary>
    /// Receives one line per warning when the encoder is opened, which is when a recording is first predicted; it is
    /// called on the predicting thread.
    /// </summary>
    public Action<string>? EncoderNotice { get; init; }

    /// <summary>
    /// Whether to look for speech, so that predictions of music, noise or silence have the warning
    /// <see cref="Formats.RecordingWarning.NoSpeech"/>: about 2 ms per second of audio. Methods that return
    /// probabilities alone have no warnings, and do not look for it.
    /// </summary>
    public bool DetectSpeech { get; init; } = true;

    /// <summary>A branch, tag or commit of the repository of a published classifier; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether the labels of a published classifier remain as published.</summary>
    public bool RawLabels { get; init; }

    /// <summary>Whether the encoder is not downloaded if it is not in the cache, which is then an error.</summary>
    internal bool UsesCacheOnly { get; init; }

    /// <summary>Refuses options that only models of this program have.</summary>
    /// <exception cref="InvalidInputException">One of them is given.</exception>
    internal void RefuseTrainedModelOptions(string model)
    {
        OptionKey? key =
            Labels is not null ? OptionKeys.Labels
            : Encoder is not null ? OptionKeys.Encoder
            : Layers is not null ? OptionKeys.Layers
            : ExactConvolution ? OptionKeys.ExactConvolution
            : null;
        if (key is { } found)
            throw new InvalidInputException(
                OptionText.Create($"{found}: {model} is a published classifier, for which it has no effect; omit it")
            );
    }
}
