using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Checks the requirements on this machine; for each that is missing, prints how to install it.</summary>
internal sealed class DoctorCommand : OptionCommand<DoctorSettings>
{
    private const long MinMemoryBytes = 2L << 30;
    private const long MinDiskBytes = 2L << 30;

    private static readonly (string Name, string Use, string Package)[] Programs =
    [
        ("ffmpeg", "reads audio other than WAV and FLAC", "ffmpeg"),
        ("ssh", "deploys to another machine", "openssh-client"),
        ("rsync", "copies features and results", "rsync"),
        ("tmux", "keeps a remote run alive", "tmux"),
        ("dotnet", "builds the program; not needed to run it", "dotnet-sdk-10.0"),
    ];

    // The hub answers within a second; a network that drops packets should not delay the other findings.
    private const double HubTimeoutSeconds = 3;

    public DoctorCommand()
        : base(
            "doctor",
            "Check the requirements on this machine, and print how to install those that are missing.",
            DoctorSettings.Options
        ) { }

    public override async Task<int> RunAsync(
        DoctorSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var findings = await CollectFindingsAsync(memory, cancellationToken)
            .ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        if (settings.Json)
            console.WriteResult(CreateJson(findings).ToJsonString());
        else
            foreach (var (isOk, name, text) in findings)
                console.WriteResultText($"{(isOk ? "ok" : "MISSING"), -7} {name, -10} {text}", indent: 19);
        return ExitCode.Success;
    }

    private static async IAsyncEnumerable<(bool IsOk, string Name, string Text)> CollectFindingsAsync(
        long memory,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var vectorSet =
            Vector512.IsHardwareAccelerated ? "AVX-512"
            : Vector256.IsHardwareAccelerated ? "AVX2"
            : "128-bit vectors";
        yield return (true, "processor", $"{Environment.ProcessorCount} threads, matrix products with {vectorSet}");
        yield return (
            memory >= MinMemoryBytes,
            "memory",
            $"{FormatGibibytes(memory)} GiB"
                + (memory >= MinMemoryBytes ? "" : ": training needs 2; use a smaller --batch_size")
        );
        yield return CheckDisk();
        yield return (true, ".NET", $"{Environment.Version}, {RuntimeInformation.RuntimeIdentifier}");
        if (OpenSslLibrary.IsRequired)
            yield return CheckOpenSsl();
        foreach (var (name, use, package) in Programs)
            yield return await CheckProgramAsync(name, use, package, cancellation).ConfigureAwait(false);
        yield return CheckEncoder();
        var settings = HubSettings.FromEnvironment() with { TimeoutSeconds = HubTimeoutSeconds };
        yield return await CheckHubAsync(settings, cancellation).ConfigureAwait(false);
    }

    private static (bool IsOk, string Name, string Text) CheckOpenSsl()
    {
        var library = OpenSslLibrary.Find();
        return (
            library is not null,
            "OpenSSL",
            library
                ?? "missing: needed only to download encoders from the hub (HTTPS); install it with: "
                    + OpenSslLibrary.Remedy
        );
    }

    private static (bool IsOk, string Name, string Text) CheckDisk()
    {
        var free = new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace;
        var advice =
            free >= MinDiskBytes
                ? ""
                : ": a second of speech takes about 77 kB of features with wav2vec 2.0 or Whisper base, "
                    + "38 kB with Whisper tiny, 16 kB with log-mel";
        return (free >= MinDiskBytes, "disk", $"{FormatGibibytes(free)} GiB free in this folder{advice}");
    }

    private static async Task<(bool IsOk, string Name, string Text)> CheckProgramAsync(
        string name,
        string use,
        string package,
        CancellationToken cancellation
    )
    {
        var path = SearchPath.Find(name);
        return (
            path is not null,
            name,
            path is null
                ? $"missing: {use}; install it with: sudo apt-get install {package} (Fedora: dnf, macOS: brew)"
                : path + await FindVersionAsync(name, path, cancellation).ConfigureAwait(false)
        );
    }

    internal static async Task<(bool IsOk, string Name, string Text)> CheckHubAsync(
        HubSettings settings,
        CancellationToken cancellation
    )
    {
        var cache = Directory.Exists(settings.CacheFolder)
            ? $"{Directory.GetDirectories(settings.CacheFolder, "models--*").Length} models"
            : "not created yet: the first download of an encoder creates it";
        var text = $"{settings} ({cache})";
        var alternatives = $"what works without it: cached encoders, {EncoderCatalog.OfflineNames}";
        if (settings.IsOffline)
            return (true, "hub", $"{text}; not contacted, as HF_HUB_OFFLINE is set; {alternatives}");
        using var hub = new HubClient(settings, TimeProvider.System, _ => { });
        return await hub.FindConnectionProblemAsync(cancellation).ConfigureAwait(false) is { } problem
            ? (false, "hub", $"not reachable: {problem}; {alternatives}; {text}")
            : (true, "hub", $"reachable; {text}");
    }

    private static (bool IsOk, string Name, string Text) CheckEncoder()
    {
        try
        {
            return (
                true,
                "encoder",
                $"{EncoderCatalog.CheckDefault()}; the default of extract and demo; no network required"
            );
        }
        catch (InvalidInputException exception)
        {
            return (false, "encoder", exception.Text.Format(OptionParser.FormatKey));
        }
    }

    // Threads and memory available to the process, within the limits of cgroups and affinity.
    public static JsonObject CreateJson(IEnumerable<(bool IsOk, string Name, string Text)> findings) =>
        new()
        {
            ["version"] = RunProgram.Current.Version,
            ["threads"] = Environment.ProcessorCount,
            ["memory_bytes"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            ["findings"] = new JsonArray([
                .. findings.Select(finding => new JsonObject
                {
                    ["ok"] = finding.IsOk,
                    ["name"] = finding.Name,
                    ["what"] = finding.Text,
                }),
            ]),
        };

    private static string FormatGibibytes(long bytes) =>
        (bytes / (double)(1 << 30)).ToString("0.0", CultureInfo.InvariantCulture);

    // Only the version of ffmpeg matters: 5 or later decodes all formats of the tests.
    private static async Task<string> FindVersionAsync(string name, string path, CancellationToken cancellation)
    {
        if (name != "ffmpeg")
            return "";
        using var process = Process.Start(new ProcessStartInfo(path, ["-version"]) { RedirectStandardOutput = true });
        if (process is null)
            return "";
        var line = await process.StandardOutput.ReadLineAsync(cancellation).ConfigureAwait(false) ?? "";
        await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        return $" ({string.Join(' ', line.Split(' ').Take(3))})";
    }
}
