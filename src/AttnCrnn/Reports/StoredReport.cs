using System.Text;
using AttnCrnn.Evaluation;
using AttnCrnn.Options;
using AttnCrnn.Reports.Explanations;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>
/// The report of a run, rendered again from what is stored in its analysis folder: predictions.csv, metrics.json,
/// report.json and the history. Features and models are not read, and the stored numbers do not change.
/// </summary>
/// <param name="Report">What the page shows.</param>
/// <param name="Notices">What an earlier version did not store, one sentence each.</param>
public sealed record StoredReport(RunReport Report, IReadOnlyList<string> Notices)
{
    private string metricsJson = "";

    /// <summary>Reads the report of a run.</summary>
    /// <exception cref="InvalidInputException">The run does not exist or is not evaluated.</exception>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    public static StoredReport Read(RunDirectory run, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(run);
        var folder = run.Analysis;
        var metrics = RequireFile(run, MetricsJson.FileName);
        var (labels, predictions) = PredictionsCsv.Read(RequireFile(run, PredictionsCsv.FileName));
        var notices = new List<string>();
        var file = ReportFile.Find(folder);
        var configuration = file?.Configuration ?? StoredConfiguration.Read(run.Configuration);
        var result = StoredEvaluation.Read(
            metrics,
            labels,
            predictions,
            file?.LayerWeights ?? [],
            configuration.FirstOrDefault(option => option.Key == OptionKeys.Init.Name).Value
        );
        if (file is null)
            notices.Add(
                $"{ReportFile.FileName} is missing, as in runs of earlier versions: encoder and best epochs are not "
                    + "shown, nor layer weights"
            );
        var histories = HistoryFiles.Read(folder, file?.BestEpochs ?? new Dictionary<int, int>());
        if (histories.Count > 0 && histories.All(history => history.ValRecalls is null))
            notices.Add("the recall of each class by epoch is not stored, as in trainings of earlier versions");
        var report = new RunReport(
            run.Name,
            result,
            histories,
            configuration,
            file?.Encoder ?? "not stored",
            file?.ProgramVersion ?? "of an earlier version"
        )
        {
            Options = options,
            Explanations = ExplanationsFolder.Read(folder, predictions.Count),
        };
        return new(report, notices) { metricsJson = File.ReadAllText(metrics, Encoding.UTF8) };
    }

    /// <summary>Writes the page and the charts for papers; the other files stay as they are.</summary>
    /// <param name="run">The run that was read.</param>
    public void Write(RunDirectory run)
    {
        ArgumentNullException.ThrowIfNull(run);
        AnalysisFolder.WritePage(run.Analysis, Report, metricsJson);
    }

    private static string RequireFile(RunDirectory run, string name)
    {
        var path = Path.Combine(run.Analysis, name);
        return File.Exists(path)
            ? path
            : throw new InvalidInputException(
                run.Name,
                Directory.Exists(run.Analysis)
                    ? $"is not evaluated: {path} is missing; evaluate it first, if it has a test set"
                    : $"no such run under {run.WorkFolder}"
            );
    }
}
