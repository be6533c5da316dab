using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Testing.Probes;

/// <summary>A command that has ended, and what a probe observes of it.</summary>
/// <param name="Folder">The folder in which it wrote.</param>
internal sealed partial record ProbeResult(string Folder, int Code, string Output, string Error)
{
    private static readonly string[] TextExtensions = [".csv", ".html", ".json", ".txt"];

    /// <summary>What an option of this effect changes.</summary>
    public string Observe(OptionEffect effect) =>
        effect switch
        {
            OptionEffect.Files => $"{Code}\n{string.Join('\n', ListFiles())}",
            OptionEffect.Contents => $"{Code}\n{string.Join('\n', ListFiles(HashContents))}",
            OptionEffect.Weights => $"{Code}\n{string.Join('\n', ListFiles(HashWeights))}",
            OptionEffect.Outcome => $"{Code}\n{Normalize(Error)}",
            OptionEffect.Output or OptionEffect.Clips => $"{Code}\n{Normalize(Output)}\n{Normalize(Error)}",
            _ => throw new ArgumentOutOfRangeException(nameof(effect), effect, "not an effect of a command"),
        };

    private IEnumerable<string> ListFiles(Func<string, string>? describe = null) =>
        Directory
            .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(path => $"{Normalize(Path.GetRelativePath(Folder, path))} {describe?.Invoke(path)}")
            .Order(StringComparer.Ordinal);

    private static string HashContents(string path) =>
        Convert.ToHexString(
            SHA256.HashData(
                TextExtensions.Contains(Path.GetExtension(path))
                    ? Encoding.UTF8.GetBytes(Normalize(File.ReadAllText(path)))
                    : File.ReadAllBytes(path)
            )
        );

    private static string HashWeights(string path)
    {
        if (Path.GetExtension(path) != ModelFile.Extension)
            return "";
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in ModelFile.Read(path).Tensors)
            hash.AppendData(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(tensor.Values));
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    // Names of runs and shards, times, durations, processes and free space differ from run to run.
    private static string Normalize(string text)
    {
        (Regex Pattern, string Name)[] replacements =
        [
            (Runs(), "RUN"),
            (Shards(), "SHARD"),
            (Times(), "TIME"),
            (Durations(), "DURATION"),
            (Processes(), "PROCESS"),
            (FreeSpace(), "SPACE free"),
            (Evaluations(), "EVALUATION"),
        ];
        return replacements.Aggregate(text, (result, next) => next.Pattern.Replace(result, next.Name));
    }

    [GeneratedRegex(@"attn_crnn_v\d_\d{8}_\d{6}(_\d+)?")]
    private static partial Regex Runs();

    [GeneratedRegex("part-[0-9a-f]{16}")]
    private static partial Regex Shards();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|[+-]\d\d:\d\d)?|tfevents\.\d+[^ ]*")]
    private static partial Regex Times();

    [GeneratedRegex(@"\d+\.\d+ s\b[^\n]*|\d+(\.\d+)? clips/s[^\n]*")]
    private static partial Regex Durations();

    [GeneratedRegex(@"\d{8}T\d{9}Z_[0-9a-f]{32}")]
    private static partial Regex Evaluations();

    [GeneratedRegex(@"\bprocess \d+")]
    private static partial Regex Processes();

    [GeneratedRegex(@"\d+(\.\d+)? GiB free")]
    private static partial Regex FreeSpace();
}
