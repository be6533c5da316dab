using System.Globalization;
using System.Text;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>
/// Runs as Slurm jobs on a cluster whose nodes share the folder: folds and an extraction are job arrays, followed by a
/// final job.
/// </summary>
/// <param name="options">The user's options; used only for submission.</param>
/// <param name="extraction">The extraction to run first; null if the features exist.</param>
public sealed class SlurmJobRunner(SbatchOptions options, ClusterExtraction? extraction) : IJobRunner
{
    /// <summary>Creates a job runner for a run that was already submitted.</summary>
    public SlurmJobRunner()
        : this(new([]), null) { }

    /// <inheritdoc/>
    public string Name => "slurm";

    /// <summary>The extraction to run first; null if the features exist.</summary>
    public ClusterExtraction? Extraction => extraction;

    /// <inheritdoc/>
    public IReadOnlyList<RequiredProgram> RequiredPrograms { get; } =
    [
        new(
            "sbatch",
            OptionText.Create($"submits the jobs; choose the cluster's login node with {RemoteOptionKeys.Host}"),
            "slurm-client"
        ),
    ];

    /// <inheritdoc/>
    public int? Processors => options.Processors;

    /// <inheritdoc/>
    public bool EndsAtLogout => false;

    /// <inheritdoc/>
    public string ShellFunctions { get; } = Compose(options, extraction);

    /// <inheritdoc/>
    public IReadOnlyList<string>? CreateAttachCommand(string session) => null;

    // A batch script needs a shebang line, and runs on a node without the functions.
    private static string Compose(SbatchOptions options, ClusterExtraction? extraction)
    {
        var text = new StringBuilder();
        void SetVariable(string name, string value) =>
            text.Append(name).Append('=').Append(ShellText.Quote(value)).Append('\n');
        SetVariable("slurm_job", "#!/bin/sh\n" + Script.Read("gather") + Script.Read("job"));
        SetVariable("slurm_part", "#!/bin/sh\n" + Script.Read("part"));
        SetVariable("slurm_extraction", extraction is null ? "" : $"set -- {QuoteAll(extraction.Arguments)}\n");
        SetVariable("slurm_shards", (extraction?.Shards ?? 0).ToString(CultureInfo.InvariantCulture));
        SetVariable("slurm_store", extraction?.Store ?? "");
        text.Append("slurm_sbatch() { sbatch --parsable ").Append(QuoteAll(options.Arguments)).Append(" \"$@\"; }\n");
        return text.Append(Script.Read("gather")).Append(Script.Read("slurm")).ToString();
    }

    private static string QuoteAll(IEnumerable<string> words) => string.Join(' ', words.Select(ShellText.Quote));
}
