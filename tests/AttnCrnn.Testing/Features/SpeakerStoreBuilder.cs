using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Testing.Features;

/// <summary>
/// Stores of clips whose label determines which feature varies, scaled and shifted per speaker by far more than labels
/// differ, so that a clip can only be classified relative to others of its speaker.
/// </summary>
internal static class SpeakerStoreBuilder
{
    public const int Width = 6,
        Labels = 3;

    public static readonly EncoderDescription Encoder = new("test", "1", "", 50, Width, 1);

    /// <summary>Writes a store with one clip per line, in the given order.</summary>
    public static FeatureStore Create(string folder, IEnumerable<(string Label, string? Speaker, float[] Values)> clips)
    {
        FeatureStoreBuilder.Write(
            folder,
            Encoder,
            clips.Select(
                (clip, index) => new StoreClip($"/clips/{index:000}.wav", clip.Label, clip.Speaker, clip.Values)
            ),
            StorePrecision.Float32
        );
        return FeatureStore.Open([folder]);
    }

    /// <summary>Equally many clips per speaker; labels cycle.</summary>
    /// <param name="loudest">Range of the speakers' scales and offsets.</param>
    public static IEnumerable<(string Label, string? Speaker, float[] Values)> Clips(
        IReadOnlyList<string?> speakers,
        int clipsEach,
        double loudest = 30,
        uint seed = 1
    ) =>
        from speaker in Enumerable.Range(0, speakers.Count)
        from clip in Enumerable.Range(0, clipsEach)
        select ($"l{clip % Labels}", speakers[speaker], Voice(seed, (uint)speaker, (uint)clip, loudest));

    private static float[] Voice(uint seed, uint speaker, uint clip, double loudest)
    {
        var random = new RandomStream(seed).AtStep(speaker, clip);
        var values = new float[(20 + (clip * 7 % 23)) * Width];
        random.ForStream(RandomStreamId.Demo).FillNormal(values);
        for (var index = (int)clip % Labels; index < values.Length; index += Width)
            values[index] += 2;
        var speakerRandom = new RandomStream(seed).AtStep(speaker, 1 << 20).ForStream(RandomStreamId.Demo);
        for (var index = 0; index < values.Length; index++)
        {
            var (scale, shift) = (
                0.2 + (3 * speakerRandom.SampleUniformDouble((ulong)(index % Width))),
                loudest * (speakerRandom.SampleUniformDouble((ulong)((index % Width) + Width)) - 0.5)
            );
            values[index] = (float)((values[index] * scale) + shift);
        }
        return values;
    }
}
