using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// The shards and indexes of one run. A shard's frames are kept until it is full or old enough; then the shard is written and renamed, and its
/// index after it: a kill loses what was not yet written, and never leaves an index without its frames.
/// </summary>
internal sealed class ShardWriter
{
    private const int MaxNameLength = 60; // of a recording's characters: with what is added, a file's name has room for 255 bytes

    private readonly ExtractionOptions options;
    private readonly EncoderDescription encoder;
    private readonly TimeProvider clock;
    private readonly string name;
    private readonly List<(string Key, int Frames, byte[] Bytes)> tensors = [];
    private readonly List<ShardIndexEntry> lines = [];
    private long bytes;
    private int number;
    private long startTimestamp;

    public ShardWriter(ExtractionOptions options, EncoderDescription encoder, TimeProvider clock)
    {
        this.options = options;
        this.encoder = encoder;
        this.clock = clock;
        // 60 random bits: two of a million runs that fill one folder do not draw the same, and a shard is never written over.
        name = $"part-{Guid.NewGuid():N}"[..21];
        startTimestamp = clock.GetTimestamp();
    }

    /// <summary>The shard that frames given now will stand in.</summary>
    public string ShardName => $"{name}-{number:D5}.safetensors";

    /// <summary>The names in which an .npz numbers its label, sorted.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>Adds a clip's frames; its line follows with <see cref="Add(ShardIndexEntry)"/>.</summary>
    /// <param name="clip">What is known of it so far: not yet its file.</param>
    /// <returns>The file that they will stand in.</returns>
    public string Add(ShardIndexEntry clip, FrameMatrix frames)
    {
        if (options.Format == StoreFormat.Npz)
        {
            var file = NpzName(clip);
            FeatureNpz.Write(
                Path.Combine(options.OutputDirectory, file),
                frames.Values,
                frames.Count,
                frames.Width * frames.Layers,
                clip.Label,
                Labels
            );
            return file;
        }
        var data = Coded(frames.Values);
        if (tensors.Count > 0 && bytes + data.Length > options.BytesPerShard)
            Flush();
        tensors.Add((clip.Key, frames.Count, data));
        bytes += data.Length;
        return ShardName;
    }

    public void Add(ShardIndexEntry line) => lines.Add(line);

    /// <summary>Writes the shard where it has become old.</summary>
    public void FlushIfOld()
    {
        if (clock.GetElapsedTime(startTimestamp).TotalSeconds >= options.SecondsPerShard)
            Flush();
    }

    /// <summary>Writes what there is.</summary>
    public void Flush()
    {
        startTimestamp = clock.GetTimestamp();
        if (lines.Count == 0 && tensors.Count == 0)
            return;
        if (tensors.Count > 0)
        {
            var shape = (int frames) =>
                encoder.LayerCount == 1
                    ? (IReadOnlyList<long>)[frames, encoder.Width]
                    : [frames, encoder.LayerCount, encoder.Width];
            var type = options.Precision == StorePrecision.Float16 ? "F16" : "F32";
            AtomicFile.Write(Path.Combine(options.OutputDirectory, ShardName), stream =>
                SafetensorsWriter.Write(
                    stream,
                    new Dictionary<string, string> { ["encoder"] = encoder.ToString() },
                    [
                        .. tensors.Select(valueTuple =>
                            (
                                valueTuple.Key,
                                type,
                                shape(valueTuple.Frames),
                                (long)valueTuple.Bytes.Length,
                                (Action<Stream>)(to => to.Write(valueTuple.Bytes))
                            )
                        ),
                    ]
                )
            );
        }
        ShardIndex.Write(Path.Combine(options.OutputDirectory, $"{name}-{number:D5}.csv"), lines);
        tensors.Clear();
        lines.Clear();
        bytes = 0;
        number++;
    }

    // Two recordings may have one name, and a recording several stretches: eight digits of where the clip lies keep their files apart, and
    // are the same whoever writes it and whenever.
    private static string NpzName(ShardIndexEntry clip)
    {
        var name = Path.GetFileNameWithoutExtension(clip.Path).TrimStart('.');
        var place = SHA256.HashData(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{clip.Path}|{clip.Start:R}|{clip.End:R}")
            )
        );
        return $"{name[..Math.Min(name.Length, MaxNameLength)]}_{Convert.ToHexStringLower(place)[..8]}.npz";
    }

    // float16 holds up to 65504: a larger value would become infinite without a word.
    private byte[] Coded(float[] values)
    {
        if (options.Precision == StorePrecision.Float32)
            return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var coded = new byte[2 * values.Length];
        var halves = MemoryMarshal.Cast<byte, Half>(coded.AsSpan());
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        var lost = 0;
        while (lost < halves.Length && Half.IsFinite(halves[lost]))
            lost++;
        return lost == halves.Length
            ? coded
            : throw new InvalidInputException(
                $"the value {values[lost]} in frame {lost / encoder.FrameWidth} does not fit float16 (up to 65504): give --store_precision float32"
            );
    }
}
