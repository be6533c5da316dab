namespace AttnCrnn.Deployment.Jobs;

/// <summary>What a user asks of the cluster for a run: options of sbatch, by their long names.</summary>
public sealed record SbatchOptions
{
    private const int DefaultProcessors = 4;

    // What the run is made of; another value would part it from its log, its parts or its number. clusters: squeue would ask the wrong one.
    private static readonly string[] Ours =
    [
        "array",
        "chdir",
        "clusters",
        "dependency",
        "error",
        "help",
        "input",
        "job-name",
        "kill-on-invalid-dep",
        "open-mode",
        "output",
        "parsable",
        "quiet",
        "test-only",
        "usage",
        "verbose",
        "version",
        "wait",
        "wrap",
    ];

    /// <summary>Checks what is asked for.</summary>
    /// <param name="given">Each <c>NAME</c> or <c>NAME=VALUE</c>, as in <c>partition=long</c>; dashes before the name may stand or not.</param>
    /// <exception cref="RemoteException">One is no option, or one of those that the run itself needs.</exception>
    public SbatchOptions(IEnumerable<string> given)
    {
        var options = given
            .Select(text => text.StartsWith("--", StringComparison.Ordinal) ? text[2..] : text)
            .Select(text => text.Split('=', 2))
            .ToList();
        foreach (var option in options)
        {
            var name = option[0];
            if (
                name.Length < 2
                || !char.IsAsciiLetterLower(name[0])
                || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            )
                throw new RemoteRefusedException(
                    $"--sbatch '{string.Join('=', option)}': expected an option of sbatch by its long name, as in partition=long or time=04:00:00"
                );
            // sbatch takes the beginning of a name for the name.
            if (Ours.FirstOrDefault(own => own.StartsWith(name, StringComparison.Ordinal)) is { } own)
                throw new RemoteRefusedException($"--sbatch {name}: {own} is set by the run itself");
        }
        bool Has(string name) => options.Any(option => option[0] == name);
        var last = options.LastOrDefault(option => option[0] == "cpus-per-task");
        Processors =
            last is null ? DefaultProcessors
            : last.Length == 2 && int.TryParse(last[1], out var number) && number is > 0 and <= 4096 ? number
            : throw new RemoteRefusedException(
                "--sbatch cpus-per-task: expected a number from 1, as in cpus-per-task=8"
            );
        // A job that the cluster begins anew by itself would be seen to end twice; who wants that says requeue.
        string[] first = Has("requeue") || Has("no-requeue") ? [] : ["--no-requeue"];
        string[] processors = last is null ? [$"--cpus-per-task={DefaultProcessors}"] : [];
        Words = [.. first, .. processors, .. options.Select(option => "--" + string.Join('=', option))];
    }

    /// <summary>Of each task: as many threads as a training or a shard of the extraction uses.</summary>
    public int Processors { get; }

    /// <summary>As sbatch takes them.</summary>
    public IReadOnlyList<string> Words { get; }
}
