using System.Globalization;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Reports.Inventory;

/// <summary>The details of a model as texts with titles, for the console.</summary>
public static class ModelDetailsText
{
    /// <summary>Title and text of each line, in order; a title can occur several times.</summary>
    public static IEnumerable<KeyValuePair<string, string>> List(ModelDetails details)
    {
        ArgumentNullException.ThrowIfNull(details);
        return
        [
            .. ListOrigin(details),
            .. ListFiles(details),
            .. details.Model is { } model ? ModelFacts.List(model) : [],
            .. ListTraining(details),
            .. details.Metrics is { } metrics ? ListMetrics(metrics) : [],
            .. details.Limits.Select(limit => KeyValuePair.Create("limit", limit)),
        ];
    }

    private static IEnumerable<KeyValuePair<string, string>> ListOrigin(ModelDetails details)
    {
        yield return new(details.Run is null ? "model" : "run", details.Name);
        if (details.Run is not { } run)
            yield break;
        yield return new("kind", run.IsTraining ? "training" : "evaluation of a model on given clips");
        yield return new("state", RunStates.Format(run.State).Replace('_', ' '));
        if (run.Problem is { } problem)
            yield return new("problem", problem.ToString());
    }

    private static IEnumerable<KeyValuePair<string, string>> ListFiles(ModelDetails details)
    {
        foreach (var file in details.Files)
        {
            var mebibytes = new FileInfo(file.Path).Length / (double)(1 << 20);
            yield return new("file", string.Create(CultureInfo.InvariantCulture, $"{file.Path} ({mebibytes:0.0} MiB)"));
            yield return new("sha256", file.Sha256);
        }
        if (details.Files.Count > 1)
            yield return new(
                "sha256",
                $"{details.Sha256} (of the sorted hashes, one per line: the name of the ensemble in predictions)"
            );
    }

    private static IEnumerable<KeyValuePair<string, string>> ListTraining(ModelDetails details)
    {
        if (details.Model is not { Training.Count: > 0 })
            yield break;
        if (details.DataNames.Count > 0)
            yield return new("data", string.Join(", ", details.DataNames));
        yield return new(
            "options",
            details.Options.Count == 0
                ? "all are the defaults"
                : string.Join(", ", details.Options.Select(option => $"{option.Key} {option.Value}"))
        );
    }

    private static IEnumerable<KeyValuePair<string, string>> ListMetrics(CardMetrics metrics)
    {
        var summary = metrics.Summary;
        yield return new("protocol", summary.Split.Description);
        yield return new(
            "clips",
            $"{CardNumbers.FormatCount(summary.Clips, "clip")} of "
                + CardNumbers.FormatCount(summary.Speakers, "speaker")
        );
        yield return new("UAR", CardNumbers.Format(summary.Uar, summary.UarInterval));
        yield return new("accuracy", CardNumbers.Format(summary.Accuracy, summary.AccuracyInterval));
        yield return new("macro F1", CardNumbers.Format(summary.MacroF1, summary.MacroF1Interval));
        if (metrics.Repeats is { } repeats)
            yield return new("seeds", RepeatsText.Describe(repeats));
        if (metrics.FoldUar is { } folds)
            yield return new(
                "folds",
                string.Create(CultureInfo.InvariantCulture, $"UAR {folds.Mean:0.000}")
                    + (
                        folds.StandardDeviation is { } std
                            ? string.Create(CultureInfo.InvariantCulture, $" ± {std:0.000}")
                            : ""
                    )
                    + string.Create(CultureInfo.InvariantCulture, $" over {metrics.Folds}")
            );
        yield return new(
            "recall",
            string.Join(", ", metrics.Classes.Select(row => $"{row.Label} {CardNumbers.Format(row.Recall)}"))
        );
    }
}
