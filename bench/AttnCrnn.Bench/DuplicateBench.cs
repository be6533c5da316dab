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
    private const int CopiedEvery = 16; // clips
    private const int LowestPairs = 8;
    private const int LargeNumber = 100_000;

    private static readonly PlantedCopy[] Copies =
    [
        new("mp3 128 kb/s", "copy.mp3", ["-b:a", "128k"]),
        new("mp3 64 kb/s", "copy.mp3", ["-b:a", "64k"]),
        new("mp3 32 kb/s", "copy.mp3", ["-b:a", "32k"]),
        new("aac 64 kb/s", "copy.m4a", ["-b:a", "64k"]),
        new("aac 32 kb/s", "copy.m4a", ["-b:a", "32k"]),
        new("opus 32 kb/s", "copy.opus", ["-b:a", "32k"]),
        new("opus 16 kb/s", "copy.opus", ["-b:a", "16k"]),
        new("vorbis, quality 1", "copy.ogg", ["-c:a", "libvorbis", "-q:a", "1"]),
        new("8 kHz", "copy.wav", ["-ar", "8000"]),
        new("11.025 kHz", "copy.wav", ["-ar", "11025"]),
        new("44.1 kHz", "copy.wav", ["-ar", "44100"]),
        new("8 kHz mu-law", "copy.wav", ["-ar", "8000", "-c:a", "pcm_mulaw"]),
        new("gain -12 dB", "copy.wav", ["-af", "volume=-12dB"]),
        new("gain 12 dB", "copy.wav", ["-af", "volume=12dB"]),
        new("gain -12 dB, mp3 64 kb/s", "copy.mp3", ["-af", "volume=-12dB", "-b:a", "64k"]),
        new("0.1 s cut off at the start", "copy.wav", ["-ss", "0.1"]),
        new("0.237 s cut off at the start", "copy.wav", ["-ss", "0.237"]),
        new("0.5 s cut off at the start", "copy.wav", ["-ss", "0.5"]),
        new("0.5 s cut off at the end", "copy.wav", ["-af", "areverse,atrim=start=0.5,areverse"]),
        new(
            "0.5 s cut off at both ends",
            "copy.wav",
            ["-af", "atrim=start=0.5,asetpts=N/SR/TB,areverse,atrim=start=0.5,areverse"]
        ),
        new("0.5 s of sound cut off at the start", "copy.wav", []) { SoundCutSeconds = 0.5 },
        new("0.1 s of sound cut off, mp3 64 kb/s", "copy.mp3", ["-b:a", "64k"]) { SoundCutSeconds = 0.1 },
        new("0.237 s of sound cut off, mp3 64 kb/s", "copy.mp3", ["-b:a", "64k"]) { SoundCutSeconds = 0.237 },
        new("0.5 s of sound cut off, mp3 64 kb/s", "copy.mp3", ["-b:a", "64k"]) { SoundCutSeconds = 0.5 },
    ];

    public static void Run(string folder, Action<JsonObject> print)
    {
        var paths = AuditedFolder.ListRecordings(folder);
        var fingerprints = new RecordingFingerprint?[paths.Length];
        Parallel.For(0, paths.Length, i => fingerprints[i] = Compute(paths[i]));
        print(MeasurePairs("all", paths, fingerprints));
        // A threshold that the pairs of one half suggest can be checked on the other, which has other speakers.
        string[] folders = [.. paths.Select(path => Path.GetDirectoryName(path)!).Distinct()];
        var firstHalf = folders[..(folders.Length / 2)].ToHashSet();
        var middle = paths.Count(path => firstHalf.Contains(Path.GetDirectoryName(path)!));
        print(MeasurePairs("first half of the folders", paths[..middle], fingerprints[..middle]));
        print(MeasurePairs("second half of the folders", paths[middle..], fingerprints[middle..]));
        foreach (var copy in Copies)
            print(MeasureCopies(copy, paths, fingerprints));
        print(MeasureTime([.. fingerprints.OfType<RecordingFingerprint>()]));
    }

    private static JsonObject MeasurePairs(string name, string[] paths, RecordingFingerprint?[] fingerprints)
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
            ["set"] = name,
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

    private static JsonObject MeasureCopies(PlantedCopy copy, string[] paths, RecordingFingerprint?[] fingerprints)
    {
        int[] copied =
        [
            .. Enumerable.Range(0, paths.Length).Where(i => i % CopiedEvery == 0 && fingerprints[i] is not null),
        ];
        var rates = new double[copied.Length];
        var found = 0;
        Parallel.For(0, copied.Length, i =>
        {
            var original = fingerprints[copied[i]]!;
            var fingerprint = copy.Write(paths[copied[i]], Compute);
            rates[i] = fingerprint is null ? 1 : NearDuplicates.Compare(original, fingerprint, 1);
            Interlocked.Add(ref found, NearDuplicates.Find([original, fingerprint]).Count);
        });
        Array.Sort(rates);
        return new()
        {
            ["bench"] = "copies",
            ["copy"] = copy.Name,
            ["found"] = found,
            ["total"] = rates.Length,
            ["median"] = Round(rates[rates.Length / 2]),
            ["highest"] = Round(rates[^1]),
        };
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
