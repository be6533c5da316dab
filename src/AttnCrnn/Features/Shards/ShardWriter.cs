using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// Writes the shards and indexes of one run. Frames are buffered until the shard is full or old enough; then the shard
/// is written and renamed, and its index after it. A kill loses the buffered frames, and never leaves an index without
/// its frames.
/// </summary>
internal sealed class ShardWriter
{
    // Of a recording's name, in characters: with the suffix, the file name stays below 255 bytes.
    private const int MaxNameLength = 60;

    private readonly ExtractionOptions options;
    private readonly EncoderDescription encoder;
    private readonly TimeProvider clock;
    private readonly string name;
    private readonly List<(string Key, int Frames, byte[] Bytes)> tensors = [];
    private readonly List<ShardIndexEntry> entries = [];
    private long bytes;
    private int number;
    private long startTimestamp;

    public ShardWriter(ExtractionOptions options, EncoderDescription encoder, TimeProvider clock)
    {
        this.options = options;
        this.encoder = encoder;
        this.clock = clock;
        name = CreateName();
        startTimestamp = clock.GetTimestamp();
    }

    /// <summary>
    /// The beginning of the names of a run's shards and indexes. 60 random bits: names of concurrent runs do not
    /// collide, and no shard is overwritten.
    /// </summary>
    public static string CreateName() => $"part-{Guid.NewGuid():N}"[..21];

    /// <summary>File name of the current shard.</summary>
    public string ShardName => $"{name}-{number:D5}.safetensors";

    /// <summary>Labels in the order of their class indices in .npz files, sorted.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>Adds a clip's frames; its index entry is added with <see cref="Add(ShardIndexEntry)"/>.</summary>
    /// <param name="clip">Index entry of the clip, without its file.</param>
    /// <returns>Name of the file with the frames.</returns>
    public string Add(ShardIndexEntry clip, FrameMatrix frames)
    {
        if (options.Format == StoreFormat.Npz)
        {
            var file = CreateNpzName(clip);
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
        var data = ToBytes(frames.Values);
        if (tensors.Count > 0 && bytes + data.Length > options.BytesPerShard)
            Flush();
        tensors.Add((clip.Key, frames.Count, data));
        bytes += data.Length;
        return ShardName;
    }

    public void Add(ShardIndexEntry entry) => entries.Add(entry);

    /// <summary>The name of a clip's .npz file.</summary>
    /// <remarks>
    /// Recordings may share a name, and a recording may hold several clips: eight digits of a hash of path, start, end
    /// and channel make it unique and reproducible.
    /// </remarks>
    public static string CreateNpzName(ShardIndexEntry clip)
    {
        var name = Path.GetFileNameWithoutExtension(clip.Path).TrimStart('.');
        var channel = clip.ClipChannel is { } ofClip ? $"|{ofClip}" : ""; // of earlier versions, none has one
        var hash = Sha256.Compute(
            string.Create(CultureInfo.InvariantCulture, $"{clip.Path}|{clip.Start:R}|{clip.End:R}{channel}")
        );
        return $"{name[..Math.Min(name.Length, MaxNameLength)]}_{hash[..8]}.npz";
    }

    /// <summary>Writes the shard if it has reached its maximum age.</summary>
    public void FlushIfOld()
    {
        if (clock.GetElapsedTime(startTimestamp).TotalSeconds >= options.SecondsPerShard)
            Flush();
    }

    /// <summary>Writes the buffered frames and entries.</summary>
    public void Flush()
    {
        startTimestamp = clock.GetTimestamp();
        if (entries.Count == 0 && tensors.Count == 0)
            return;
        if (tensors.Count > 0)
        {
            var type = options.Precision == StorePrecision.Float16 ? "F16" : "F32";
            AtomicFile.Write(Path.Combine(options.OutputDirectory, ShardName), stream =>
                SafetensorsWriter.Write(
                    stream,
                    new Dictionary<string, string> { ["encoder"] = encoder.ToString() },
                    [
                        .. tensors.Select(tensor =>
                            (
                                tensor.Key,
                                type,
                                GetShape(tensor.Frames),
                                (long)tensor.Bytes.Length,
                                (Action<Stream>)(output => output.Write(tensor.Bytes))
                            )
                        ),
                    ]
                )
            );
        }
        ShardIndex.Write(Path.Combine(options.OutputDirectory, $"{name}-{number:D5}.csv"), entries);
        tensors.Clear();
        entries.Clear();
        bytes = 0;
        number++;
    }

    private IReadOnlyList<long> GetShape(int frames) =>
        encoder.LayerCount == 1 ? [frames, encoder.Width] : [frames, encoder.LayerCount, encoder.Width];

    // The maximum of float16 is 65504: a larger value would silently become infinite.
    private byte[] ToBytes(float[] values)
    {
        if (options.Precision == StorePrecision.Float32)
            return MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
        var bytesOfFloat16 = new byte[2 * values.Length];
        var float16Values = MemoryMarshal.Cast<byte, Half>(bytesOfFloat16.AsSpan());
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, float16Values);
        var overflow = 0;
        while (overflow < float16Values.Length && Half.IsFinite(float16Values[overflow]))
            overflow++;
        return overflow == float16Values.Length
            ? bytesOfFloat16
            : throw new InvalidInputException(
                $"the value {values[overflow]} in frame {overflow / encoder.FrameWidth} does not fit float16 "
                    + "(up to 65504): store the frames as float32"
            );
    }
}
