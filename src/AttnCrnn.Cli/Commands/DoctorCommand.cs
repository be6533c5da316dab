using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Commands;

/// <summary>Checks the requirements on this machine; for each that is missing, prints how to install it.</summary>
internal sealed class DoctorCommand : CliCommand
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

    private static readonly string[] OpenSsl = ["libssl.so.3", "libssl.so.1.1"]; // the names that .NET looks for

    private readonly Option<bool> json;

    public DoctorCommand()
        : base("doctor", "Check the requirements on this machine, and print how to install those that are missing.") =>
        json = AddOption("--json", "Print one JSON object.", false);

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var findings = CollectFindings(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes).ToList();
        if (parseResult.GetValue(json))
            console.WriteResult(CreateJson(findings).ToJsonString());
        else
            foreach (var (isOk, name, text) in findings)
                console.WriteResult($"{(isOk ? "ok" : "MISSING"), -7} {name, -10} {text}");
        return ExitCode.Success;
    }

    private static IEnumerable<(bool IsOk, string Name, string Text)> CollectFindings(long memory)
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
        if (OperatingSystem.IsLinux())
        {
            var library = OpenSsl.FirstOrDefault(name => NativeLibrary.TryLoad(name, out _));
            yield return (
                library is not null,
                "OpenSSL",
                library
                    ?? "missing: .NET computes hashes with it; install it with: "
                        + "sudo apt-get install libssl3 (Fedora: dnf install openssl-libs)"
            );
        }
        foreach (var (name, use, package) in Programs)
            yield return CheckProgram(name, use, package);
        yield return CheckEncoder();
        yield return CheckHub();
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

    private static (bool IsOk, string Name, string Text) CheckProgram(string name, string use, string package)
    {
        var path = SearchPath.Find(name);
        return (
            path is not null,
            name,
            path is null
                ? $"missing: {use}; install it with: sudo apt-get install {package} (Fedora: dnf, macOS: brew)"
                : $"{path}{FindVersion(name, path)}"
        );
    }

    private static (bool IsOk, string Name, string Text) CheckHub()
    {
        var hub = HubSettings.FromEnvironment();
        var cache = Directory.Exists(hub.CacheFolder)
            ? $"{Directory.GetDirectories(hub.CacheFolder, "models--*").Length} models"
            : "not created yet: the first download of an encoder creates it";
        return (true, "hub", $"{hub} ({cache})");
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
            return (false, "encoder", exception.Message);
        }
    }

    // Threads and memory available to the process, within the limits of cgroups and affinity.
    public static JsonObject CreateJson(IEnumerable<(bool IsOk, string Name, string Text)> findings) =>
        new()
        {
            ["version"] = TrainingSession.Version,
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
    private static string FindVersion(string name, string path)
    {
        if (name != "ffmpeg")
            return "";
        using var process = Process.Start(new ProcessStartInfo(path, ["-version"]) { RedirectStandardOutput = true });
        var line = process?.StandardOutput.ReadLine() ?? "";
        process?.WaitForExit();
        return $" ({string.Join(' ', line.Split(' ').Take(3))})";
    }
}
