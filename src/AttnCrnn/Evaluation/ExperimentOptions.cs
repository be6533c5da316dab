using AttnCrnn.Corpora;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Evaluation;

/// <summary>Options of an experiment: classes, splits, training.</summary>
/// <param name="Training">Training options; the seed is also used for the splits.</param>
/// <param name="LabelRules">Rules that map labels to classes.</param>
/// <param name="Folds">Number of cross-validation folds; 0 for one train/validation/test split.</param>
/// <param name="RandomSplit">Assign clips instead of speakers, for comparison.</param>
/// <param name="MaxInvalidFraction">Maximum fraction of invalid clips.</param>
public sealed record ExperimentOptions(
    TrainingOptions Training,
    LabelRules LabelRules,
    int Folds = 0,
    bool RandomSplit = false,
    double MaxInvalidFraction = ExtractionOptions.DefaultMaxInvalidFraction
)
{
    /// <summary>Model file for a warm start of every fold, named in reports; null for random initialization.</summary>
    public string? InitialPath { get; init; }

    /// <summary>Content of that file; required only for training.</summary>
    public TrainedModel? Initial { get; init; }

    /// <summary>All validation errors.</summary>
    public IEnumerable<string> Errors()
    {
        foreach (var error in Training.Errors().Concat(LabelRules.Errors()))
            yield return error;
        if (Folds is not (0 or (>= 3 and <= 1000)))
            yield return $"--folds {Folds}: expected 0 (one train/validation/test split) or 3 to 1000";
        if (ExtractionOptions.ValidateMaxInvalidFraction(MaxInvalidFraction) is { } invalidFraction)
            yield return invalidFraction;
    }
}
