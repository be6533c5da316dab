using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.Deployment.Transfer;

/// <summary>Copies files with the system's rsync: only changes, resuming interrupted files.</summary>
internal static partial class Rsync
{
    public const string PartialFolder = ".attn-crnn-partial";

    /// <summary>rsync's limit on folders whose files a transfer can reuse.</summary>
    public const int MaxLinkDestinations = 20;

    // Exit codes.
    private const int SocketFailure = 10;
    private const int StreamFailure = 12;
    private const int Interrupted = 20;
    private const int VanishedFiles = 24;
    private const int Timeout = 30;
    private const int Unreachable = 255;

    // -s: paths are literal; -L: links are followed. Partial files are in a separate folder, and uploads are readable
    // only by their owner.
    private static readonly string[] CommonOptions =
    [
        "-rLt",
        "-s",
        "--perms",
        "--chmod=D700,Fgo=",
        $"--partial-dir={PartialFolder}",
        "--timeout=120",
    ];

    /// <summary>Mirrors the contents of a local folder to the machine.</summary>
    /// <param name="target">A remote folder with an existing parent; files missing locally are deleted.</param>
    public static ProgramCall Upload(Machine machine, string source, string target) =>
        new(
            "rsync",
            [
                .. CommonOptions,
                "--delete",
                .. machine.RsyncOptions,
                "--",
                $"{Path.GetFullPath(source).TrimEnd('/')}/",
                $"{machine.FormatRsyncPath(target)}/",
            ]
        );

    /// <summary>Copies a local file to the machine.</summary>
    /// <param name="target">A remote file in an existing folder.</param>
    public static ProgramCall UploadFile(Machine machine, string source, string target) =>
        new(
            "rsync",
            [.. CommonOptions, .. machine.RsyncOptions, "--", Path.GetFullPath(source), machine.FormatRsyncPath(target)]
        );

    /// <summary>
    /// Copies files from the machine. Reads their names from standard input, each terminated by a zero byte; skips
    /// missing files.
    /// </summary>
    /// <param name="checksum">Whether to compare files by checksum instead of size and time.</param>
    public static ProgramCall Download(Machine machine, string source, string target, bool checksum)
    {
        string[] checksumOption = checksum ? ["--checksum"] : [];
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
                .. checksumOption,
                .. machine.RsyncOptions,
                "--",
                $"{machine.FormatRsyncPath(source)}/",
                $"{Path.GetFullPath(target).TrimEnd('/')}/",
            ]
        );
    }

    /// <summary>Measures a transfer by a dry run.</summary>
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

    /// <returns>rsync's output without progress lines.</returns>
    /// <exception cref="RemoteException">The transfer failed; the message contains the remedy.</exception>
    public static async Task<string> RunAsync(
        Machine machine,
        ProgramCall transfer,
        string input,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation
    )
    {
        string[] progressOptions = progress is null ? [] : ["--info=progress2", "--no-inc-recursive"];
        await using var rsync = ChildProcess.Start(
            new(transfer.Program, [.. progressOptions, .. transfer.Arguments]),
            new Dictionary<string, string> { ["LC_ALL"] = "C" }
        );
        var output = ReadAsync(rsync, progress, cancellation);
        await rsync.SendAsync(input, close: true, cancellation).ConfigureAwait(false);
        var text = await output.ConfigureAwait(false);
        var (code, error) = await rsync.EndAsync(cancellation).ConfigureAwait(false);
        return code is 0 or VanishedFiles ? text : throw CreateException(machine, code, error);
    }

    private static RemoteException CreateException(Machine machine, int code, string error)
    {
        // The first line names the cause; rsync's own last lines only report a failure.
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var cause = lines.FirstOrDefault(line => !line.StartsWith("rsync error", StringComparison.Ordinal))
            ?? lines.FirstOrDefault()
            ?? $"rsync ended with exit code {code}";
        if (RemoteRemedy.Find(error) is { } remedy && code != Unreachable)
            return new RemoteException(OptionText.Create($"{machine.Name}: {cause}{remedy}"));
        return code switch
        {
            Unreachable => machine.CreateException(code, error),
            SocketFailure or StreamFailure or Interrupted or Timeout => new ConnectionLostException(
                $"{machine.Name}: the connection was lost during a transfer ({cause}): repeat the command to continue"
            ),
            _ => new RemoteException($"{machine.Name}: {cause}"),
        };
    }

    // Progress lines start with a carriage return: "     1,234,567  45%    1.23MB/s    0:00:12".
    private static async Task<string> ReadAsync(
        ChildProcess rsync,
        IProgress<TransferProgress>? progress,
        CancellationToken cancellation
    )
    {
        var outputText = new StringBuilder();
        var line = new StringBuilder();
        var buffer = new byte[4096];
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
                    outputText.Append(line).Append('\n');
                line.Clear();
            }
        }
        return outputText.Append(line).ToString();
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
