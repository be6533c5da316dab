using System.Globalization;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Monitoring;
using AttnCrnn.Deployment.Scripts;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>All there is to know of a session's run at one moment.</summary>
/// <param name="Session">Whether the keeper has the session.</param>
/// <param name="Process">The training's process there.</param>
/// <param name="HeartbeatSeconds">Since the last sign of life of the run's shell.</param>
/// <param name="Features">The folders of features, each with its files and bytes.</param>
/// <param name="Checkpoints">Models and states, the newest first, each with its age.</param>
/// <param name="Epochs">Those that the log tells of.</param>
/// <param name="LogSeconds">Since the log's last line.</param>
public sealed record RunStatus(
    string? Run,
    string? Fingerprint,
    bool Session,
    IReadOnlyList<string> Notes,
    int? Process,
    long? UsedBytes,
    long? HeartbeatSeconds,
    int? ExitCode,
    bool Fetched,
    IReadOnlyList<FeatureFolder> Features,
    IReadOnlyList<CheckpointFile> Checkpoints,
    bool HasReport,
    IReadOnlyList<EpochLine> Epochs,
    long? LogSeconds,
    long FreeDiskBytes,
    long? MemoryBytes,
    long? FreeMemoryBytes,
    IReadOnlyList<string> Gpus,
    IReadOnlyList<string> Programs,
    IReadOnlyList<string> LastLines
)
{
    /// <summary>What the keeper knows of a training whose process cannot be seen: working, waiting, or nothing.</summary>
    public string? Stage { get; init; }

    /// <summary>Whether there is a session of that name which is none of this folder's.</summary>
    public bool IsTaken { get; init; }

    /// <summary>The folders of features of all runs, within the machine's folder.</summary>
    public IReadOnlyList<string> Uploaded { get; init; } = [];

    /// <summary>Where the run stands, by all of this.</summary>
    public RunState State =>
        Run is null ? RunState.None
        : ExitCode is not null ? RunState.Ended
        : Process is not null || Stage == "working" ? RunState.Training
        : Session && Stage == "waiting" ? RunState.Waiting
        : Session ? RunState.Starting
        : LogSeconds is null ? RunState.Prepared
        : RunState.Lost;

    /// <summary>Whether the session is there, or the training without it.</summary>
    public bool IsAlive => ExitCode is null && (Session || Process is not null);

    /// <summary>The newest epoch.</summary>
    public EpochLine? Newest => Epochs.Count > 0 ? Epochs[^1] : null;

    /// <summary>The best epoch of the newest epoch's fold, by what the run is judged by.</summary>
    public EpochLine? Best => Epochs.LastOrDefault(epoch => epoch.IsBest && epoch.Fold == Newest?.Fold);

    /// <summary>At most, until the run's or the fold's end.</summary>
    public TimeSpan? TimeRemaining =>
        State == RunState.Training && Newest is { } epoch
            ? TimeSpan.FromSeconds(Math.Max(0, epoch.TimeRemaining.TotalSeconds - (LogSeconds ?? 0)))
            : null;

    /// <param name="lines">How many of the log's last lines come with it.</param>
    internal static Script ScriptFor(IJobRunner jobRunner, string folder, string session, int lines) =>
        Script.Create("status", jobRunner, folder, session, lines.ToString(CultureInfo.InvariantCulture));

    internal static RunStatus Parse(string printed)
    {
        var (head, log) = Cut(printed, "[log]\n");
        var (facts, epochs) = Cut(head, "[epochs]\n");
        var pairs = new PrintedPairs(facts);
        var now = pairs.Number("now") ?? 0;
        long? Age(string key) => pairs.Number(key) is { } time ? Math.Max(0, now - time) : null;
        string? Text(string key) => pairs[key] is { Length: > 0 } text ? text : null;
        return new(
            Text("run"),
            Text("fingerprint"),
            pairs["session"] == "yes",
            [.. pairs.All("note")],
            (int?)pairs.Number("process"),
            pairs.Number("used_kib") * 1024,
            Age("heartbeat"),
            (int?)pairs.Number("exit_code"),
            pairs.Number("fetched") is not null,
            [.. pairs.All("features").Select(FeatureFolder.Parse)],
            [
                .. pairs
                    .All("checkpoint")
                    .Select(text => CheckpointFile.Parse(text, now))
                    .OrderBy(file => file.AgeSeconds),
            ],
            pairs["report"] == "yes",
            [.. epochs.Split('\n').Select(EpochLine.Parse).OfType<EpochLine>()],
            Age("log_changed"),
            (pairs.Number("disk_kib") ?? 0) * 1024,
            pairs.Number("memory_kib") * 1024,
            pairs.Number("memory_free_kib") * 1024,
            [.. pairs.All("gpu")],
            [.. pairs.All("program")],
            log.Length == 0 ? [] : log.TrimEnd('\n').Split('\n')
        )
        {
            Stage = Text("stage"),
            IsTaken = pairs["taken"] == "yes",
            Uploaded = [.. pairs.All("uploaded")],
        };
    }

    private static (string Before, string After) Cut(string text, string mark)
    {
        var at = text.StartsWith(mark, StringComparison.Ordinal)
            ? 0
            : text.IndexOf("\n" + mark, StringComparison.Ordinal) + 1;
        return at == 0 && !text.StartsWith(mark, StringComparison.Ordinal)
            ? (text, "")
            : (text[..at], text[(at + mark.Length)..]);
    }
}
