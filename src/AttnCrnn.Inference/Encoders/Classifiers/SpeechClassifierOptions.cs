namespace AttnCrnn.Encoders.Classifiers;

/// <summary>How a <see cref="SpeechClassifier"/> is opened.</summary>
public sealed record SpeechClassifierOptions
{
    /// <summary>A branch, tag or commit of a repository; null: main.</summary>
    public string? Revision { get; init; }

    /// <summary>Number of threads of a call, at least 1.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether labels remain as published, instead of in English and without abbreviations.</summary>
    public bool RawLabels { get; init; }

    /// <summary>Receives one line per warning while the classifier is opened.</summary>
    public Action<string>? Notice { get; init; }
}
