namespace AttnCrnn.Options;

/// <summary>Headings of the help, in its order.</summary>
public static class OptionGroups
{
    /// <summary>What is read.</summary>
    public const string Data = "Data";

    /// <summary>Training, validation and test sets.</summary>
    public const string Split = "Split";

    /// <summary>The encoder and its layers.</summary>
    public const string Encoder = "Encoder";

    /// <summary>The network.</summary>
    public const string Network = "Network";

    /// <summary>The training.</summary>
    public const string Optimization = "Optimization";

    /// <summary>Random changes of the training clips.</summary>
    public const string Augmentation = "Augmentation";

    /// <summary>Metrics and predictions.</summary>
    public const string Evaluation = "Evaluation";

    /// <summary>The machine on which a run is started.</summary>
    public const string Machine = "Machine";

    /// <summary>What is written and printed.</summary>
    public const string Output = "Output";

    /// <summary>All headings.</summary>
    public static IReadOnlyList<string> All { get; } =
    [Data, Split, Encoder, Network, Optimization, Augmentation, Evaluation, Machine, Output];
}
