using AttnCrnn.Corpora;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Testing.Features;

/// <summary>Recordings of tones of different lengths and pitches.</summary>
internal static class ToneClipBuilder
{
    /// <param name="labels">Assigned to the clips cyclically.</param>
    public static Clip[] Create(TempFolder folder, int count, params string[] labels) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                {
                    var path = folder.PathOf($"clip{i}.wav");
                    if (!File.Exists(path))
                        WavWriter.Write(path, Tone(i), 16_000);
                    return new Clip(path, labels[i % labels.Length], $"s{i % 3}");
                }),
        ];

    public static float[] Tone(int i) =>
        [.. Enumerable.Range(0, 8000 + (500 * i)).Select(t => 0.3f * MathF.Sin(t * (0.05f + (0.01f * i))))];
}
