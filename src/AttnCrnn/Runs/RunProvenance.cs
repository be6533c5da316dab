using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AttnCrnn.Corpora;
using AttnCrnn.Features;
using AttnCrnn.IO;

namespace AttnCrnn.Runs;

/// <summary>
/// What produced a run: program, runtime, processor and data. One entry is added each time a run is started or resumed.
/// </summary>
/// <param name="Version">Version of the program.</param>
/// <param name="Commit">Commit from which it was built; empty if it was not built in a repository.</param>
/// <param name="DotNet">Version of .NET.</param>
/// <param name="OnnxRuntime">Version of ONNX Runtime.</param>
/// <param name="System">Operating system and architecture.</param>
public sealed record RunProvenance(string Version, string Commit, string DotNet, string OnnxRuntime, string System)
{
    private const int FormatVersion = 1;
    private const int MaxBytes = 16 << 20;

    /// <summary>Vector extensions of the processor that are used.</summary>
    public required IReadOnlyList<string> ProcessorFeatures { get; init; }

    /// <summary>Number of threads.</summary>
    public required int Threads { get; init; }

    /// <summary>SHA-256 of the keys and lengths of all clips: equal if all frames are equal.</summary>
    public required string StoreSha256 { get; init; }

    /// <summary>SHA-256 of key, label, speaker, subset and times of all clips, in their order.</summary>
    public required string ManifestSha256 { get; init; }

    /// <summary>The provenance of this process.</summary>
    /// <param name="program">The assembly of the program, for its version and commit.</param>
    public static RunProvenance Create(Assembly program, FeatureStore store, int threads)
    {
        string[] version = ReadVersion(program).Split('+', 2);
        return new(
            version[0],
            version.Length > 1 ? version[1] : "",
            Environment.Version.ToString(),
            ReadVersion(typeof(Microsoft.ML.OnnxRuntime.InferenceSession).Assembly).Split('+')[0],
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}"
        )
        {
            ProcessorFeatures = Numerics.Simd.ProcessorFeatures.List(),
            Threads = threads,
            StoreSha256 = HashLines(store, FormatFrames),
            ManifestSha256 = HashLines(store, FormatManifestRow),
        };
    }

    /// <summary>Adds the provenance to a file; a damaged file is replaced.</summary>
    /// <param name="started">Start of the process' part of the run.</param>
    public void AddTo(string path, DateTimeOffset started)
    {
        var sessions = ReadSessions(path);
        sessions.Add(ToJson(started));
        var json = new JsonObject
        {
            ["format_version"] = FormatVersion,

            ["sessions"] = sessions,
        };
        AtomicFile.WriteText(path, RunConfigurationFile.Format(json));
    }

    /// <summary>Whether a run was started or resumed with the clips of a store, as its file says.</summary>
    internal static bool HasManifest(string path, FeatureStore store)
    {
        var hash = HashLines(store, FormatManifestRow);
        return ReadSessions(path).Any(session => session?["manifest_sha256"] is { } recorded && $"{recorded}" == hash);
    }

    private JsonObject ToJson(DateTimeOffset started) =>
        new()
        {
            ["started"] = started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),

            ["version"] = Version,

            ["commit"] = Commit,

            ["dotnet"] = DotNet,

            ["onnx_runtime"] = OnnxRuntime,

            ["system"] = System,

            ["processor_features"] = new JsonArray([.. ProcessorFeatures.Select(name => (JsonNode)name)]),

            ["threads"] = Threads,

            ["store_sha256"] = StoreSha256,

            ["manifest_sha256"] = ManifestSha256,
        };

    private static JsonArray ReadSessions(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            var json = new JsonSource(path, "the provenance of a run", "remove it").Read(MaxBytes);
            return json.ToJsonObject()["sessions"]?.DeepClone() as JsonArray ?? [];
        }
        catch (InvalidFileException)
        {
            return [];
        }
    }

    private static string ReadVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static string HashLines(FeatureStore store, Func<StoredClip, string> format)
    {
        var hash = new Sha256();
        foreach (var clip in store.Clips)
            hash.Append(format(clip) + "\n");
        return hash.Finish();
    }

    private static string FormatFrames(StoredClip clip) =>
        string.Create(CultureInfo.InvariantCulture, $"{clip.Key}\t{clip.Frames}");

    private static string FormatManifestRow(StoredClip clip) =>
        string.Create(CultureInfo.InvariantCulture, $"{clip.Key}\t{clip.Label}\t{clip.Speaker}\t")
        + string.Create(
            CultureInfo.InvariantCulture,
            $"{Manifest.GetName(clip.Split)}\t{clip.StartSeconds:R}\t{clip.EndSeconds:R}"
        );
}
