using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Runs;

/// <summary>A run of a comparison.</summary>
/// <param name="Name">Name of the run, or the file that was given.</param>
/// <param name="Predictions">Its predictions.csv.</param>
/// <param name="Evaluation">Metrics of these predictions; the protocol is not known.</param>
public sealed record ComparedRun(string Name, string Predictions, EvaluationResult Evaluation);

/// <summary>Two runs of a comparison.</summary>
/// <param name="First">Index of the run.</param>
/// <param name="Second">Index of the run.</param>
/// <param name="Comparison">The comparison of the two alone.</param>
/// <param name="CorrectedClipPValue">P-value of McNemar's test, corrected by Holm for all pairs.</param>
/// <param name="CorrectedSpeakerPValue">
/// P-value of Wilcoxon's test of the speakers' UAR, corrected by Holm for all pairs; null with fewer than two speakers.
/// </param>
public sealed record RunPair(
    int First,
    int Second,
    PairedComparison Comparison,
    double CorrectedClipPValue,
    double? CorrectedSpeakerPValue
);

/// <summary>Runs that evaluated the same clips, each pair with its tests.</summary>
/// <param name="Runs">At least two.</param>
/// <param name="Pairs">All pairs, in the order of the runs.</param>
public sealed record RunComparison(IReadOnlyList<ComparedRun> Runs, IReadOnlyList<RunPair> Pairs)
{
    /// <summary>Reads the predictions of runs and compares each with each.</summary>
    /// <param name="workFolder">Folder of the runs.</param>
    /// <param name="runs">Names or folders of runs, or files such as a run's predictions.csv; at least two.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <exception cref="InvalidInputException">
    /// A run does not exist or is not evaluated, one is named twice, or two differ in clips or labels.
    /// </exception>
    /// <exception cref="InvalidFileException">A file is not a predictions.csv.</exception>
    public static RunComparison Read(string workFolder, IReadOnlyList<string> runs, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfLessThan(runs.Count, 2);
        var randomBelow = new RandomStream(seed).ForStream(RandomStreamId.Bootstrap).SampleBelow;
        ComparedRun[] compared = [.. runs.Select(run => ReadRun(Path.GetFullPath(workFolder), run, randomBelow))];
        if (
            compared.GroupBy(run => run.Predictions).FirstOrDefault(runsOfFile => runsOfFile.Skip(1).Any()) is
            { } repeated
        )
            throw new InvalidInputException(repeated.First().Name, "is named twice; compare different runs");
        var pairs = (
            from first in Enumerable.Range(0, compared.Length)
            from second in Enumerable.Range(first + 1, compared.Length - first - 1)
            select (First: first, Second: second, Comparison: Compare(compared[first], compared[second], randomBelow))
        ).ToList();
        var clipPValues = PairedTests.CorrectByHolm([.. pairs.Select(pair => pair.Comparison.ClipPValue)]);
        var speakerPValues = PairedTests.CorrectByHolm([
            .. pairs.Select(pair => pair.Comparison.SpeakerPValue).OfType<double>(),
        ]);
        return new(
            compared,
            [
                .. pairs.Select(
                    (pair, i) =>
                        new RunPair(
                            pair.First,
                            pair.Second,
                            pair.Comparison,
                            clipPValues[i],
                            // The same clips have the same speakers, so that all pairs have the test or none.
                            speakerPValues.Length > 0
                                ? speakerPValues[i]
                                : null
                        )
                ),
            ]
        );
    }

    private static PairedComparison Compare(ComparedRun first, ComparedRun second, Func<uint, ulong, uint> randomBelow)
    {
        try
        {
            return PairedComparison.Compute(first.Evaluation.Predictions, second.Evaluation.Predictions, randomBelow);
        }
        catch (InvalidInputException exception)
        {
            throw new InvalidInputException($"{first.Name} and {second.Name}: {exception.Message}");
        }
    }

    private static ComparedRun ReadRun(string workFolder, string name, Func<uint, ulong, uint> randomBelow)
    {
        var (run, path) = FindPredictions(workFolder, name);
        var (labels, predictions) = PredictionsCsv.Read(path);
        var protocol = new EvaluationProtocol { SpeakersDisjoint = false };
        try
        {
            return new(run, path, EvaluationResult.Compute(labels, predictions, protocol, randomBelow));
        }
        // The file may be of another program, or edited.
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw new InvalidFileException(
                path,
                null,
                WithoutParameter(exception.Message),
                "one prediction per clip, with the probabilities of all classes",
                "evaluate the run again"
            );
        }
    }

    private static string WithoutParameter(string message) => message.Split(" (Parameter", StringSplitOptions.None)[0];

    private static (string Run, string Path) FindPredictions(string workFolder, string name)
    {
        if (File.Exists(name))
            return (name, Path.GetFullPath(name));
        if (File.Exists(Path.Combine(name, PredictionsCsv.FileName)))
            return (
                Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(name))),
                Path.GetFullPath(Path.Combine(name, PredictionsCsv.FileName))
            );
        var run = RunDirectory.Open(workFolder, name);
        var path = Path.Combine(run.Analysis, PredictionsCsv.FileName);
        return File.Exists(path) ? (run.Name, path)
            : Directory.Exists(run.Analysis) || Directory.Exists(run.Checkpoints)
                ? throw new InvalidInputException(run.Name, $"is not evaluated: {path} is missing; evaluate it first")
            : throw new InvalidInputException(
                name,
                $"no such run under {workFolder}{RunDirectory.DescribeLatestRuns(workFolder)}"
            );
    }
}
