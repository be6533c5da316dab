using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Bench;

/// <summary>
/// Measures the search for near duplicates on a folder of recordings: the bit error rates of all pairs, those of copies
/// that are planted (with ffmpeg), and the time for 100,000 clips.
/// </summary>
internal static class DuplicateBench
{
    private const int CopiedEvery = 8; // clips
    private const int LowestPairs = 8;
    private const int LargeNumber = 100_000;

    private static readonly (string Name, string File, string[] Arguments)[] Copies =
    [
        ("mp3 128 kb/s", "copy.mp3", ["-b:a", "128k"]),
        ("mp3 64 kb/s", "copy.mp3", ["-b:a", "64k"]),
        ("mp3 32 kb/s", "copy.mp3", ["-b:a", "32k"]),
        ("aac 64 kb/s", "copy.m4a", ["-b:a", "64k"]),
        ("aac 32 kb/s", "copy.m4a", ["-b:a", "32k"]),
        ("opus 32 kb/s", "copy.opus", ["-b:a", "32k"]),
        ("opus 16 kb/s", "copy.opus", ["-b:a", "16k"]),
        ("gain -12 dB", "copy.wav", ["-af", "volume=-12dB"]),
        ("gain -6 dB", "copy.wav", ["-af", "volume=-6dB"]),
        ("gain 6 dB", "copy.wav", ["-af", "volume=6dB"]),
        ("gain 12 dB", "copy.wav", ["-af", "volume=12dB"]),
        ("8 kHz", "copy.wav", ["-ar", "8000"]),
        ("44.1 kHz", "copy.wav", ["-ar", "44100"]),
        ("8 kHz mu-law", "copy.wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
        ("0.1 s cut off at the start", "copy.wav", ["-ss", "0.1"]),
        ("0.237 s cut off at the start", "copy.wav", ["-ss", "0.237"]),
        ("0.5 s cut off at the start", "copy.wav", ["-ss", "0.5"]),
        ("0.5 s cut off at the end", "copy.wav", ["-af", "areverse,atrim=start=0.5,areverse"]),
        ("0.5 s cut off, mp3 64 kb/s, -6 dB", "copy.mp3", ["-ss", "0.5", "-af", "volume=-6dB", "-b:a", "64k"]),
    ];

    public static void Run(string folder, Action<JsonObject> print)
    {
        string[] paths =
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Where(AudioReader.HasAudioExtension)
                .Order(StringComparer.Ordinal),
        ];
        var fingerprints = new RecordingFingerprint?[paths.Length];
        Parallel.For(0, paths.Length, i => fingerprints[i] = Compute(paths[i]));
        print(MeasurePairs(paths, fingerprints));
        print(MeasureTime([.. fingerprints.OfType<RecordingFingerprint>()]));
        foreach (var (name, file, arguments) in Copies)
            print(MeasureCopies(name, file, arguments, paths, fingerprints));
    }

    private static JsonObject MeasurePairs(string[] paths, RecordingFingerprint?[] fingerprints)
    {
        int[] compared = [.. Enumerable.Range(0, paths.Length).Where(i => fingerprints[i] is not null)];
        var pairs = compared
            .AsParallel()
            .SelectMany(i =>
                compared
                    .Where(j => j > i)
                    .Select(j =>
                        (First: i, Second: j, Rate: NearDuplicates.Compare(fingerprints[i]!, fingerprints[j]!, 1))
                    )
            )
            .OrderBy(pair => pair.Rate)
            .ToList();
        return new()
        {
            ["bench"] = "pairs",
            ["recordings"] = paths.Length,
            ["fingerprints"] = compared.Length,
            ["pairs"] = pairs.Count,
            ["near_duplicates"] = NearDuplicates.Find(fingerprints).Count,
            ["median"] = Round(pairs[pairs.Count / 2].Rate),
            ["lowest"] = new JsonArray([
                .. pairs
                    .Take(LowestPairs)
                    .Select(pair =>
                        (JsonNode)$"{pair.Rate.ToString("0.000", CultureInfo.InvariantCulture)} "
                        + $"{Path.GetFileName(paths[pair.First])} {Path.GetFileName(paths[pair.Second])}"
                    ),
            ]),
        };
    }

    private static JsonObject MeasureCopies(
        string name,
        string file,
        string[] arguments,
        string[] paths,
        RecordingFingerprint?[] fingerprints
    )
    {
        var folder = Directory.CreateTempSubdirectory("duplicates");
        try
        {
            var copy = Path.Combine(folder.FullName, file);
            var rates = new List<double>();
            var found = 0;
            for (var i = 0; i < paths.Length; i += CopiedEvery)
            {
                if (fingerprints[i] is not { } original)
                    continue;
                using (var process = Process.Start("ffmpeg", ["-v", "error", "-y", "-i", paths[i], .. arguments, copy]))
                    process.WaitForExit();
                var fingerprint = Compute(copy);
                rates.Add(fingerprint is null ? 1 : NearDuplicates.Compare(original, fingerprint, 1));
                found += NearDuplicates.Find([original, fingerprint]).Count;
            }
            rates.Sort();
            return new()
            {
                ["bench"] = "copies",
                ["copy"] = name,
                ["found"] = found,
                ["total"] = rates.Count,
                ["median"] = Round(rates[rates.Count / 2]),
                ["highest"] = Round(rates[^1]),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Each fingerprint many times, each time with other bits flipped in all of its words: as unlike as strangers.
    private static JsonObject MeasureTime(RecordingFingerprint[] fingerprints)
    {
        var random = new RandomStream(1).ForStream(RandomStreamId.Demo);
        var many = new RecordingFingerprint[LargeNumber];
        for (var i = 0; i < many.Length; i++)
            many[i] = Flip(fingerprints[i % fingerprints.Length], random.GetUInt32((ulong)i));
        var start = Stopwatch.GetTimestamp();
        var found = NearDuplicates.Find(many).Count;
        return new()
        {
            ["bench"] = "search",
            ["fingerprints"] = many.Length,
            ["seconds"] = Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1),
            ["near_duplicates"] = found,
        };
    }

    private static RecordingFingerprint Flip(RecordingFingerprint fingerprint, uint mask)
    {
        uint[] words = [.. fingerprint.Words];
        for (var i = 0; i < words.Length; i++)
            words[i] ^= mask;
        return RecordingFingerprint.Parse(Convert.ToBase64String(MemoryMarshal.AsBytes(words.AsSpan())));
    }

    private static RecordingFingerprint? Compute(string path) =>
        RecordingFingerprint.Compute(AudioReader.Read(path).Samples);

    private static double Round(double rate) => Math.Round(rate, 3);
}
