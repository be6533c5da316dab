using AttnCrnn.Evaluation;
using AttnCrnn.Options;
using AttnCrnn.Reports.Explanations;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>Writes the report, the plots and the tables of a run.</summary>
/// <param name="options">What the page shows of the people who were recorded; null: what the run says.</param>
/// <param name="cancellationToken">Cancels the explanations of clips, before anything is written.</param>
public sealed class RunReportWriter(ReportOptions? options = null, CancellationToken cancellationToken = default)
    : IRunReportWriter
{
    /// <inheritdoc/>
    public void Write(TrainingRun run, EvaluationResult result)
    {
        ArgumentNullException.ThrowIfNull(run);
        var report = new RunReport(
            run.Directory.Name,
            result,
            HistoryCurves.Create(run.Experiment, run.Directory),
            DescribeConfiguration(run.Configuration),
            run.Store.Description.Encoder.ToString(),
            run.ProgramVersion
        )
        {
            Explanations = Explain(run, result),

            Options = options ?? ReportOptions.Create(run.Configuration),
        };
        AnalysisFolder.Write(run.Directory.Analysis, report);
        var models = RunDirectory.FindModelsIn(run.Directory.Checkpoints);
        ModelCard.Read(run.Directory.Name, models, run.Directory.Analysis).Write(run.Directory.Analysis);
    }

    /// <summary>
    /// The options of a run and the values that were used, without those that have none and without the work folder;
    /// of other paths, the names.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, string>> DescribeConfiguration(RunConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var experiment = configuration.Experiment;
        var shared = configuration with
        {
            DataFolders = [.. configuration.DataFolders.Select(GetName)],
            Experiment = experiment.InitialPath is { } path
                ? experiment with
                {
                    InitialPath = GetName(path),
                }
                : experiment,
        };
        return
        [
            .. RunConfiguration
                .Table.Options.Where(option => option.IsStored && option.UsedWhen?.Invoke(shared) != false)
                .Where(option => option.Key != OptionKeys.WorkFolder)
                .Select(option => KeyValuePair.Create(option.Key.Name, option.Format(shared)))
                .Where(pair => pair.Value.Length > 0)
                .OrderBy(pair => pair.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>The name of a file or folder: a report is shared, and has no paths of this machine.</summary>
    public static string GetName(string path) =>
        Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));

    private ClipExplanations? Explain(TrainingRun run, EvaluationResult result)
    {
        var training = run.Configuration.Experiment.Training;
        return ClipExplanations.Create(
            result,
            run.Configuration.ExplainedClips,
            fold => RunDirectory.FindModels(run.Directory.WorkFolder, run.Directory.GetModelFolder(fold)),
            new()
            {
                Threads = training.Threads,

                ExactConvolution = training.ExactConvolution,
            },
            cancellationToken
        );
    }
}
