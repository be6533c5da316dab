using System.Globalization;
using System.Text;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>Keeps a run as a job of Slurm, on a cluster whose nodes all see the folder: with folds, and with an extraction of its own, as arrays and a job after them.</summary>
/// <param name="options">What the user asks of the cluster; for what is submitted alone.</param>
/// <param name="extraction">What is to be extracted first; null where the features are there.</param>
public sealed class SlurmJobRunner(SbatchOptions options, ClusterExtraction? extraction) : IJobRunner
{
    /// <summary>For a run that is there.</summary>
    public SlurmJobRunner()
        : this(new([]), null) { }

    /// <inheritdoc/>
    public string Name => "slurm";

    /// <summary>What is to be extracted first; null where the features are there.</summary>
    public ClusterExtraction? Extraction => extraction;

    /// <inheritdoc/>
    public IReadOnlyList<RequiredProgram> Needs { get; } =
    [new("sbatch", "hands the run to the cluster: name a machine from which jobs are submitted", "slurm-client")];

    /// <inheritdoc/>
    public int? Processors => options.Processors;

    /// <inheritdoc/>
    public bool EndsAtLogout => false;

    /// <inheritdoc/>
    public string Functions { get; } = Compose(options, extraction);

    /// <inheritdoc/>
    public IReadOnlyList<string>? Attach(string session) => null;

    // A batch script needs its first line, and runs where the functions are not.
    private static string Compose(SbatchOptions options, ClusterExtraction? extraction)
    {
        var text = new StringBuilder();
        void Set(string name, string value) =>
            text.Append(name).Append('=').Append(ShellText.Quote(value)).Append('\n');
        Set("slurm_job", "#!/bin/sh\n" + Script.Read("gather") + Script.Read("job"));
        Set("slurm_part", "#!/bin/sh\n" + Script.Read("part"));
        Set("slurm_extraction", extraction is null ? "" : $"set -- {Words(extraction.Words)}\n");
        Set("slurm_shards", (extraction?.Shards ?? 0).ToString(CultureInfo.InvariantCulture));
        Set("slurm_store", extraction?.Store ?? "");
        text.Append("slurm_sbatch() { sbatch --parsable ").Append(Words(options.Words)).Append(" \"$@\"; }\n");
        return text.Append(Script.Read("gather")).Append(Script.Read("slurm")).ToString();
    }

    private static string Words(IEnumerable<string> words) => string.Join(' ', words.Select(ShellText.Quote));
}
