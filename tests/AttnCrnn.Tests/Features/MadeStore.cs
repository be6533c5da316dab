using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Tests.Features;

/// <summary>A clip of a synthetic store.</summary>
/// <param name="Name">The recording's path.</param>
/// <param name="Values">[frames, layers, width].</param>
internal sealed record MadeClip(string Name, string Label, string? Speaker, float[] Values);

/// <summary>Writes stores of given frames, without an encoder.</summary>
internal static class MadeStore
{
    /// <summary>Writes the clips in the given order.</summary>
    /// <param name="folder">The store's folder, which is created.</param>
    public static void Write(
        string folder,
        EncoderDescription encoder,
        IEnumerable<MadeClip> clips,
        StorePrecision precision = StorePrecision.Float16
    )
    {
        Directory.CreateDirectory(folder);
        var options = new ExtractionOptions(folder) { Precision = precision };
        StoreJson.WriteOrCheck(folder, new(encoder, options.Precision, options.Format));
        var writer = new ShardWriter(options, encoder, TimeProvider.System);
        foreach (var (clip, at) in clips.Select((clip, at) => (clip, at)))
        {
            var frames = clip.Values.Length / encoder.FrameWidth;
            var line = new ShardIndexEntry(
                $"{at:x64}",
                "",
                clip.Name,
                clip.Label,
                clip.Speaker,
                null,
                null,
                null,
                frames,
                frames / encoder.FramesPerSecond,
                0,
                0,
                at,
                false,
                ""
            );
            writer.Add(
                line with
                {
                    File = writer.Add(line, new(clip.Values, frames, encoder.LayerCount, encoder.Width)),
                }
            );
        }
        writer.Flush();
    }
}
