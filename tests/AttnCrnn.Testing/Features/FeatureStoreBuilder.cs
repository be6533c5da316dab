using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Testing.Features;

/// <summary>A clip of a synthetic store.</summary>
/// <param name="Name">The recording's path.</param>
/// <param name="Values">[frames, layers, width].</param>
internal sealed record StoreClip(string Name, string Label, string? Speaker, float[] Values)
{
    /// <summary>Why the clip is invalid; it has no frames then. Empty if it is valid.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Hash of its samples; null for one that no other clip of the store has.</summary>
    public string? Key { get; init; }

    /// <summary>Subset of a manifest.</summary>
    public Subset? Split { get; init; }

    /// <summary>Time of its entry, in ticks; null for its position in the store.</summary>
    public long? Written { get; init; }

    /// <summary>What an audit measured; null for a clip that was not audited.</summary>
    public ClipAudit? Audit { get; init; }

    /// <summary>Votes of raters; null for none.</summary>
    public LabelVotes? Votes { get; init; }
}

/// <summary>Writes stores of given frames, without an encoder, and reads them.</summary>
internal static class FeatureStoreBuilder
{
    /// <summary>Writes the clips in the given order.</summary>
    /// <param name="folder">The store's folder, which is created.</param>
    public static void Write(
        string folder,
        EncoderDescription encoder,
        IEnumerable<StoreClip> clips,
        StorePrecision precision = StorePrecision.Float16
    )
    {
        Directory.CreateDirectory(folder);
        var options = new ExtractionOptions(folder) { Precision = precision };
        StoreJson.WriteOrCheck(folder, new(encoder, options.Precision, options.Format));
        var writer = new ShardWriter(options, encoder, TimeProvider.System);
        var files = new Dictionary<string, string>();
        foreach (var (clip, index) in clips.Select((clip, index) => (clip, index)))
        {
            var frames = clip.Values.Length / encoder.FrameWidth;
            var line = new ShardIndexEntry(
                clip.Key ?? $"{index:x64}",
                "",
                clip.Name,
                clip.Label,
                clip.Speaker,
                clip.Split,
                null,
                null,
                frames,
                frames / encoder.FramesPerSecond,
                0,
                0,
                clip.Written ?? index,
                false,
                clip.Problem
            )
            {
                Votes = clip.Votes,
                Audit = clip.Audit,
            };
            if (clip.Problem.Length > 0)
            {
                writer.Add(line);
                continue;
            }
            if (!files.TryGetValue(line.Key, out var file))
                file = writer.Add(line, new(clip.Values, frames, encoder.LayerCount, encoder.Width));
            files[line.Key] = file; // equal keys have one tensor
            writer.Add(line with { File = file });
        }
        writer.Flush();
    }

    /// <summary>Writes clips of three labels that a network learns in a few steps.</summary>
    /// <param name="folder">The store's folder, which is created.</param>
    /// <param name="encoder">Name of the encoder.</param>
    public static void WriteLearnable(string folder, int clips, int clipsPerSpeaker, string encoder = "test")
    {
        const int width = 12;
        Write(
            folder,
            new(encoder, "1", "", 50, width, 1),
            Enumerable
                .Range(0, clips)
                .Select(clip => new StoreClip(
                    $"/clips/{clip:00}.wav",
                    $"l{clip % 3}",
                    $"s{clip / clipsPerSpeaker}",
                    Values(clip)
                ))
        );

        static float[] Values(int clip)
        {
            var values = new float[(30 + (clip * 7 % 25)) * width];
            new RandomStream(2).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
            for (var index = clip % 3; index < values.Length; index += width)
                values[index] += 0.7f;
            return values;
        }
    }

    /// <summary>The stored frames of a clip: [frames, layers, width].</summary>
    public static float[] ReadFrames(FeatureStore store, int clip)
    {
        var frames = new float[store.Clips[clip].Frames * store.Description.Encoder.FrameWidth];
        store.Read(clip, frames);
        return frames;
    }
}
