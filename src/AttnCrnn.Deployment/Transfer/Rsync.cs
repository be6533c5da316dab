using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Copies by the system's rsync: only what changed, and from where it was cut off.</summary>
internal static partial class Rsync
{
    public const string PartialFolder = ".attn-crnn-partial";

    /// <summary>Folders there that a transfer may take files over from: rsync's own limit.</summary>
    public const int MaxLinkDestinations = 20;

    private const int SocketFailure = 10,
        StreamFailure = 12,
        Interrupted = 20,
        Vanished = 24,
        Timeout = 30,
        Unreachable = 255;

    // Paths go as they are (-s), links as what they name (-L), half a file into a folder of its own, and nobody else may read what arrives.
    private static readonly string[] Always =
    [
        "-rLt",
        "-s",
        "--perms",
        "--chmod=D700,Fgo=",
        $"--partial-dir={PartialFolder}",
        "--timeout=120",
    ];

    /// <summary>Makes a folder there like one here.</summary>
    /// <param name="from">A folder here; its contents are copied.</param>
    /// <param name="to">A folder there, whose parent exists. What is not here goes there.</param>
    public static ProgramCall Upload(Machine machine, string from, string to) =>
        new(
            "rsync",
            [
                .. Always,
                "--delete",
                .. machine.RsyncOptions,
                "--",
                $"{Path.GetFullPath(from).TrimEnd('/')}/",
                $"{machine.RsyncPath(to)}/",
            ]
        );

    /// <summary>Makes a file there like one here.</summary>
    /// <param name="to">A file there, whose folder exists.</param>
    public static ProgramCall UploadFile(Machine machine, string from, string to) =>
        new("rsync", [.. Always, .. machine.RsyncOptions, "--", Path.GetFullPath(from), machine.RsyncPath(to)]);

    /// <summary>Copies files from there whose names come as the command's input, each with a zero byte behind it; one that is not there any more is passed over.</summary>
    /// <param name="again">Whether files are compared as a whole, and not by size and time alone.</param>
    public static ProgramCall Download(Machine machine, string from, string to, bool again)
    {
        string[] compare = again ? ["--checksum"] : [];
        return new(
            "rsync",
            [
                "-rt",
                "-s",
                "--omit-dir-times",
                $"--partial-dir={PartialFolder}",
                "--timeout=120",
                "--from0",
                "--files-from=-",
                "--ignore-missing-args",
                .. compare,
                .. machine.RsyncOptions,
                "--",
                $"{machine.RsyncPath(from)}/",
                $"{Path.GetFullPath(to).TrimEnd('/')}/",
            ]
        );
    }

    /// <summary>How much a transfer would have to do.</summary>
    public static async Task<TransferSize> MeasureAsync(
        Machine machine,
        ProgramCall transfer,
        CancellationToken cancellation
    )
    {
        var text = await RunAsync(
                machine,
                new(transfer.Program, ["--dry-run", "--stats", "--no-human-readable", .. transfer.Arguments]),
                "",
                null,
                cancellation
            )
            .ConfigureAwait(false);
        long Number(Regex pattern) =>
            pattern.Match(text) is { Success: true } match
                ? long.Parse(
                    match.Groups[1].Value.Replace(",", "", StringComparison.Ordinal),
                    CultureInfo.InvariantCulture
                )
                : 0;
        return new(Number(FilesLine()), Number(BytesLine()), Number(DeletedLine()));
    }

    /// <returns>What it printed.</returns>
    /// <exception cref="RemoteException">With what to do.</exception>
    public static async Task<string> RunAsync(
        Machine machine,
        ProgramCall transfer,
        string input,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation
    )
    {
        string[] shown = progress is null ? [] : ["--info=progress2", "--no-inc-recursive"];
        await using var rsync = ChildProcess.Start(
            new(transfer.Program, [.. shown, .. transfer.Arguments]),
            new Dictionary<string, string> { ["LC_ALL"] = "C" }
        );
        var printed = ReadAsync(rsync, progress, cancellation);
        await rsync.SendAsync(input, close: true, cancellation).ConfigureAwait(false);
        var text = await printed.ConfigureAwait(false);
        var (code, error) = await rsync.EndAsync(cancellation).ConfigureAwait(false);
        return code is 0 or Vanished ? text : throw Failure(machine, code, error);
    }

    private static RemoteException Failure(Machine machine, int code, string error)
    {
        // Of several lines the first says what happened first; rsync's own lines at the end only that it did.
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var what = lines.FirstOrDefault(line => !line.StartsWith("rsync error", StringComparison.Ordinal))
            ?? lines.FirstOrDefault()
            ?? $"rsync ended with {code}";
        if (RemoteRemedy.For(error) is { Length: > 0 } remedy && code != Unreachable)
            return new RemoteException($"{machine.Name}: {what}{remedy}");
        return code switch
        {
            Unreachable => machine.Failure(code, error),
            SocketFailure or StreamFailure or Interrupted or Timeout => new ConnectionLostException(
                $"{machine.Name}: the connection was lost while files were copied ({what}): give the same command again, it goes on from here"
            ),
            _ => new RemoteException($"{machine.Name}: {what}"),
        };
    }

    // Progress comes as lines that begin with a carriage return: "     1,234,567  45%    1.23MB/s    0:00:12".
    private static async Task<string> ReadAsync(
        ChildProcess rsync,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation
    )
    {
        var (all, line, buffer) = (new StringBuilder(), new StringBuilder(), new byte[4096]);
        int count;
        while ((count = await rsync.Output.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0)
        {
            foreach (var c in Encoding.UTF8.GetString(buffer, 0, count))
            {
                if (c is not ('\r' or '\n'))
                {
                    line.Append(c);
                    continue;
                }
                if (ProgressLine().Match(line.ToString()) is { Success: true } match)
                    progress?.Report(
                        new(
                            int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) / 100.0,
                            match.Groups[2].Value
                        )
                    );
                else
                    all.Append(line).Append('\n');
                line.Clear();
            }
        }
        return all.Append(line).ToString();
    }

    [GeneratedRegex(@"^\s*[\d,.]+\w?\s+(\d+)%\s+(\S+)")]
    private static partial Regex ProgressLine();

    [GeneratedRegex(@"^Number of (?:regular )?files transferred: ([\d,]+)", RegexOptions.Multiline)]
    private static partial Regex FilesLine();

    [GeneratedRegex(@"^Number of deleted files: ([\d,]+)", RegexOptions.Multiline)]
    private static partial Regex DeletedLine();

    [GeneratedRegex(@"^Total transferred file size: ([\d,]+)", RegexOptions.Multiline)]
    private static partial Regex BytesLine();
}
