using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;

namespace AttnCrnn.Runs;

/// <summary>Reads the predictions of the further seeds of a repeated run.</summary>
internal static class RepeatedMetricsReader
{
    /// <summary>The metrics of all evaluated seeds; null for a run of one seed.</summary>
    /// <param name="first">The result of the run's first seed.</param>
    /// <exception cref="InvalidFileException">The predictions of a seed are damaged.</exception>
    public static RepeatedMetrics? Read(TrainingRun run, EvaluationResult first)
    {
        if (run.Configuration.Repeat == 1)
            return null;
        List<SeedMetrics> seeds = [Create(run.Configuration.Experiment.Training.Seed, first.Metrics)];
        foreach (var seed in run.Configuration.Seeds.Skip(1))
        {
            var path = Path.Combine(run.Directory.GetSeed(seed).Analysis, PredictionsCsv.FileName);
            if (File.Exists(path))
                seeds.Add(Create(seed, ReadMetrics(path, first)));
        }
        return new(seeds, run.Configuration.Repeat);
    }

    private static SeedMetrics Create(ulong seed, Classification metrics) =>
        new(seed, metrics.Uar, metrics.Accuracy, metrics.MacroF1);

    private static Classification ReadMetrics(string path, EvaluationResult first)
    {
        var (labels, predictions) = PredictionsCsv.Read(path);
        if (
            !labels.SequenceEqual(first.Labels)
            || !predictions.Select(clip => clip.Key).ToHashSet().SetEquals(first.Predictions.Select(clip => clip.Key))
        )
            throw new InvalidFileException(
                path,
                null,
                $"predictions of {predictions.Count} clips of {string.Join(", ", labels)}",
                $"those of the {first.Predictions.Count} clips that the first seed evaluated",
                "resume the run after removing the folder of this seed"
            );
        return Classification.Compute(
            EvaluationResult.MapTruthToIndices(labels, predictions),
            [.. predictions.Select(clip => clip.Probabilities)],
            labels
        );
    }
}
