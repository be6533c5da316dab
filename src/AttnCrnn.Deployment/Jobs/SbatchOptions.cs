namespace AttnCrnn.Deployment.Jobs;

/// <summary>A user's options of sbatch for a run, by their long names.</summary>
public sealed record SbatchOptions
{
    /// <summary>Processors per task, unless the user gives another number.</summary>
    public const int DefaultProcessors = 4;

    // Set by the run itself: another value would detach it from its log, its array tasks or its job number. clusters:
    // squeue would query the wrong one.
    private static readonly string[] Reserved =
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

    /// <summary>Validates options.</summary>
    /// <param name="userOptions">
    /// Each <c>NAME</c> or <c>NAME=VALUE</c>, as in <c>partition=long</c>; a leading <c>--</c> is optional.
    /// </param>
    /// <exception cref="RemoteException">An option is malformed, or reserved for the run itself.</exception>
    public SbatchOptions(IEnumerable<string> userOptions)
    {
        var options = userOptions
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
                throw new InvalidRemoteRequestException(
                    OptionText.Create(
                        $"{RemoteOptionKeys.Sbatch} '{string.Join('=', option)}': expected the long name of an option "
                            + $"of sbatch, for example partition=long or time=04:00:00"
                    )
                );
            // sbatch accepts any unambiguous prefix of a name.
            if (
                Reserved.FirstOrDefault(reservedName => reservedName.StartsWith(name, StringComparison.Ordinal)) is
                { } reserved
            )
                throw new InvalidRemoteRequestException(
                    OptionText.Create($"{RemoteOptionKeys.Sbatch} {name}: {reserved} is set by the run itself")
                );
        }
        bool IsSpecified(string name) => options.Any(option => option[0] == name);
        var processorOption = options.LastOrDefault(option => option[0] == "cpus-per-task");
        Processors =
            processorOption is null ? DefaultProcessors
            : processorOption.Length == 2
            && int.TryParse(processorOption[1], out var number)
            && number is > 0 and <= 4096
                ? number
            : throw new InvalidRemoteRequestException(
                OptionText.Create(
                    $"{RemoteOptionKeys.Sbatch} cpus-per-task: expected 1 to 4096, for example cpus-per-task=8"
                )
            );
        // A requeued job appears to end twice, so requeuing is off by default.
        string[] requeueOptions = IsSpecified("requeue") || IsSpecified("no-requeue") ? [] : ["--no-requeue"];
        string[] processorOptions = processorOption is null ? [$"--cpus-per-task={DefaultProcessors}"] : [];
        Arguments =
        [
            .. requeueOptions,
            .. processorOptions,
            .. options.Select(option => "--" + string.Join('=', option)),
        ];
    }

    /// <summary>Processors per task: the thread count of a training or an extraction shard.</summary>
    public int Processors { get; }

    /// <summary>The arguments of sbatch.</summary>
    public IReadOnlyList<string> Arguments { get; }
}
