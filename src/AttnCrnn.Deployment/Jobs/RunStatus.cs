using System.Globalization;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Monitoring;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>The status of a session's run at one moment.</summary>
public sealed record RunStatus
{
    /// <summary>The run's name; null if nothing was deployed in the session.</summary>
    public required string? Run { get; init; }

    /// <summary>As in <see cref="DeploymentPlan"/>: identifies configuration and data.</summary>
    public required string? Fingerprint { get; init; }

    /// <summary>Whether the job runner has the session.</summary>
    public required bool HasSession { get; init; }

    /// <summary>The job runner's messages for the user.</summary>
    public required IReadOnlyList<RunNote> Notes { get; init; }

    /// <summary>The training's process ID on the machine.</summary>
    public required int? Process { get; init; }

    /// <summary>Resident memory of <see cref="Process"/>.</summary>
    public required long? UsedBytes { get; init; }

    /// <summary>Seconds since the last heartbeat of the run's shell.</summary>
    public required long? HeartbeatSeconds { get; init; }

    /// <summary>The run's exit code; null until it ends.</summary>
    public required int? ExitCode { get; init; }

    /// <summary>Whether the results of the ended run were fetched.</summary>
    public required bool IsFetched { get; init; }

    /// <summary>The run's feature folders, each with its file count and size.</summary>
    public required IReadOnlyList<FeatureFolder> Features { get; init; }

    /// <summary>Models and training states with their age, newest first.</summary>
    public required IReadOnlyList<CheckpointFile> Checkpoints { get; init; }

    /// <summary>Whether the HTML report exists.</summary>
    public required bool HasReport { get; init; }

    /// <summary>The progress of the training; null for a run of version 0.1, which records none.</summary>
    public RunProgress? Progress { get; init; }

    /// <summary>The epochs in the text log of a run of version 0.1; none if <see cref="Progress"/> is known.</summary>
    public required IReadOnlyList<EpochProgress> LoggedEpochs { get; init; }

    /// <summary>The time of the run's machine.</summary>
    public DateTimeOffset CurrentTime { get; init; }

    /// <summary>Seconds since the log's last line.</summary>
    public required long? LogSeconds { get; init; }

    /// <summary>Free bytes on the disk of the deployment folder.</summary>
    public required long FreeDiskBytes { get; init; }

    /// <summary>The machine's memory.</summary>
    public required long? MemoryBytes { get; init; }

    /// <summary>The machine's available memory.</summary>
    public required long? FreeMemoryBytes { get; init; }

    /// <summary>Name, utilization and memory of each GPU, as nvidia-smi prints them.</summary>
    public required IReadOnlyList<string> Gpus { get; init; }

    /// <summary>The uploaded programs, by folder name.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>The last lines of the log.</summary>
    public required IReadOnlyList<string> LastLines { get; init; }

    /// <summary>The stage of a training whose process is not visible: working, waiting, or null.</summary>
    public string? Stage { get; init; }

    /// <summary>Whether a session of that name exists that was not started from this folder.</summary>
    public bool IsSessionNameTaken { get; init; }

    /// <summary>The feature folders of all runs, relative to the deployment folder.</summary>
    public IReadOnlyList<string> UploadedFeatures { get; init; } = [];

    /// <summary>The run's state, derived from the properties above.</summary>
    public RunState State =>
        Run is null ? RunState.None
        : ExitCode is not null ? RunState.Ended
        : Process is not null || Stage == "working" ? RunState.Training
        : HasSession && Stage == "waiting" ? RunState.Waiting
        : HasSession ? RunState.Starting
        : LogSeconds is null ? RunState.Prepared
        : RunState.Interrupted;

    /// <summary>Whether the session exists, or the training runs without it.</summary>
    public bool IsAlive => ExitCode is null && (HasSession || Process is not null);

    /// <summary>The epoch that has ended most recently.</summary>
    public EpochProgress? LatestEpoch =>
        Progress is not null ? Progress.LatestEpoch
        : LoggedEpochs.Count > 0 ? LoggedEpochs[^1]
        : null;

    /// <summary>The best epoch of the most recent epoch's fold, by the monitored metric.</summary>
    public EpochProgress? BestEpoch =>
        Progress is null
            ? LoggedEpochs.LastOrDefault(epoch => epoch.IsBest && epoch.Fold == LatestEpoch?.Fold)
            : Progress.FindFold(LatestEpoch?.Fold, LatestEpoch?.Seed)?.BestEpoch;

    /// <summary>
    /// Upper bound of the time until the last fold ends, of a repeated run until the seed ends; for a run of version
    /// 0.1, until the current fold ends.
    /// </summary>
    public TimeSpan? TimeRemaining =>
        State != RunState.Training ? null
        : Progress is not null ? Progress.GetTimeRemaining(CurrentTime)
        : LatestEpoch?.TimeRemaining is { } remaining
            ? TimeSpan.FromSeconds(Math.Max(0, remaining.TotalSeconds - (LogSeconds ?? 0)))
        : null;

    /// <param name="lines">Number of log lines to include, from the end.</param>
    internal static Script CreateScript(IJobRunner jobRunner, string folder, string session, int lines) =>
        Script.Create("status", jobRunner, folder, session, lines.ToString(CultureInfo.InvariantCulture));

    internal static RunStatus Parse(string output)
    {
        var (head, log) = Split(output, "[log]\n");
        var (events, epochs) = Split(head, "[epochs]\n");
        var (statusText, progress) = Split(events, "[progress]\n");
        var pairs = new KeyValueOutput(statusText);
        var currentTime = pairs.GetNumber("now") ?? 0;
        long? GetAge(string key) => pairs.GetNumber(key) is { } time ? Math.Max(0, currentTime - time) : null;
        string? GetText(string key) => pairs[key] is { Length: > 0 } text ? text : null;
        var checkpoints = pairs.GetAll("checkpoint").Select(text => CheckpointFile.Parse(text, currentTime));
        return new()
        {
            Run = GetText("run"),
            Fingerprint = GetText("fingerprint"),
            HasSession = pairs["session"] == "yes",
            Notes = [.. pairs.GetAll("note").Select(RunNote.Parse)],
            Process = (int?)pairs.GetNumber("process"),
            UsedBytes = pairs.GetNumber("used_kib") * 1024,
            HeartbeatSeconds = GetAge("heartbeat"),
            ExitCode = (int?)pairs.GetNumber("exit_code"),
            IsFetched = pairs.GetNumber("fetched") is not null,
            Features = [.. pairs.GetAll("features").Select(FeatureFolder.Parse)],
            Checkpoints = [.. checkpoints.OrderBy(file => file.AgeSeconds)],
            HasReport = pairs["report"] == "yes",
            Progress = progress.Length == 0 ? null : ParseProgress(progress),
            LoggedEpochs = [.. epochs.Split('\n').Select(EpochLine.Parse).OfType<EpochProgress>()],
            CurrentTime = DateTimeOffset.FromUnixTimeSeconds(currentTime),
            LogSeconds = GetAge("log_changed"),
            FreeDiskBytes = (pairs.GetNumber("disk_kib") ?? 0) * 1024,
            MemoryBytes = pairs.GetNumber("memory_kib") * 1024,
            FreeMemoryBytes = pairs.GetNumber("memory_free_kib") * 1024,
            Gpus = [.. pairs.GetAll("gpu")],
            Programs = [.. pairs.GetAll("program")],
            LastLines = log.Length == 0 ? [] : log.TrimEnd('\n').Split('\n'),
            Stage = GetText("stage"),
            IsSessionNameTaken = pairs["taken"] == "yes",
            UploadedFeatures = [.. pairs.GetAll("uploaded")],
        };
    }

    private static RunProgress ParseProgress(string text)
    {
        var progress = new RunProgress();
        foreach (var line in text.Split('\n'))
            progress.AddLine(line);
        return progress;
    }

    private static (string Head, string Tail) Split(string text, string separator)
    {
        if (text.StartsWith(separator, StringComparison.Ordinal))
            return ("", text[separator.Length..]);
        var start = text.IndexOf("\n" + separator, StringComparison.Ordinal) + 1;
        return start == 0 ? (text, "") : (text[..start], text[(start + separator.Length)..]);
    }
}
