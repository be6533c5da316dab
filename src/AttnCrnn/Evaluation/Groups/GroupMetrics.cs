using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Evaluation.Groups;

/// <summary>Metrics of the clips of a group.</summary>
/// <param name="Name">Such as <c>female</c>.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Speakers">Number of speakers; of clips, if no speaker is known.</param>
/// <param name="Uar">Mean recall over the classes that all compared groups have.</param>
/// <param name="UarInterval">Its 95% confidence interval; null if it cannot be estimated.</param>
/// <param name="Accuracy">Fraction of correctly predicted clips, of all classes.</param>
/// <param name="AccuracyInterval">Its 95% confidence interval; null if it cannot be estimated.</param>
public sealed record GroupMetrics(
    string Name,
    int Clips,
    int Speakers,
    double Uar,
    ConfidenceInterval? UarInterval,
    double Accuracy,
    ConfidenceInterval? AccuracyInterval
);

/// <summary>A group with too few clips or speakers for a comparison.</summary>
/// <param name="Name">Such as <c>female</c>.</param>
/// <param name="Clips">Number of clips.</param>
/// <param name="Speakers">Number of speakers; of clips, if no speaker is known.</param>
public sealed record ExcludedGroup(string Name, int Clips, int Speakers);
