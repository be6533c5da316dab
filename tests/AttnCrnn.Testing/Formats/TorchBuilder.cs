using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace AttnCrnn.Testing.Formats;

/// <summary>Writes valid and malicious files of torch.save, in the zip and the legacy format.</summary>
internal static class TorchBuilder
{
    private const string Folder = "archive/";

    public static readonly byte[] Magic =
    [
        0x80,
        2,
        0x8A,
        10,
        0x6C,
        0xFC,
        0x9C,
        0x46,
        0xF9,
        0x20,
        0x6A,
        0xA8,
        0x50,
        0x19,
        (byte)'.',
    ];

    public static byte[] Text(string text) =>
        [(byte)'X', .. Int32(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Number(long value) => [0x8A, 8, .. Int64(value)];

    public static byte[] Name(string module, string name) => Encoding.UTF8.GetBytes($"c{module}\n{name}\n");

    public static byte[] Tuple(params long[] values) => [(byte)'(', .. values.SelectMany(Number), (byte)'t'];

    /// <summary>Persistent id of a storage; <paramref name="arguments"/>: the legacy format's sixth item.</summary>
    public static byte[] Storage(string key, long count, string type = "FloatStorage", params byte[] arguments) =>
        [
            (byte)'(',
            .. Text("storage"),
            .. Name("torch", type),
            .. Text(key),
            .. Text("cpu"),
            .. Number(count),
            .. arguments,
            (byte)'t',
            (byte)'Q',
        ];

    public static byte[] Tensor(byte[] storage, long first, long[] shape, long[] strides, params byte[] arguments) =>
        [
            .. Name("torch._utils", "_rebuild_tensor_v2"),
            (byte)'(',
            .. storage,
            .. Number(first),
            .. Tuple(shape),
            .. Tuple(strides),
            0x89,
            .. Name("collections", "OrderedDict"),
            (byte)')',
            (byte)'R',
            .. arguments,
            (byte)'t',
            (byte)'R',
        ];

    public static byte[] Parameter(byte[] tensor) =>
        [
            .. Name("torch._utils", "_rebuild_parameter"),
            (byte)'(',
            .. tensor,
            0x88,
            .. Name("collections", "OrderedDict"),
            (byte)')',
            (byte)'R',
            (byte)'t',
            (byte)'R',
        ];

    public static byte[] State(params (string Name, byte[] Value)[] entries) =>
        Pickle([
            (byte)'}',
            (byte)'(',
            .. entries.SelectMany(entry => (byte[])[.. Text(entry.Name), .. entry.Value]),
            (byte)'u',
        ]);

    public static byte[] Pickle(params byte[] body) => [0x80, 2, .. body, (byte)'.'];

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Zip(byte[] pickle, params (string Name, byte[] Bytes)[] others) =>
        Zip(CompressionLevel.NoCompression, pickle, others);

    public static byte[] Zip(CompressionLevel level, byte[] pickle, params (string Name, byte[] Bytes)[] others) =>
        Zip(level, isAligned: false, pickle, others);

    /// <summary>As <see cref="Zip(byte[], ValueTuple{string, byte[]}[])"/>, with storages where torch.save begins
    /// them: readers can map them.</summary>
    public static byte[] AlignedZip(byte[] pickle, params (string Name, byte[] Bytes)[] others) =>
        Zip(CompressionLevel.NoCompression, isAligned: true, pickle, others);

    private static byte[] Zip(
        CompressionLevel level,
        bool isAligned,
        byte[] pickle,
        (string Name, byte[] Bytes)[] others
    )
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, bytes) in others.Prepend(("data.pkl", pickle)))
            {
                if (isAligned)
                    AlignNext(zip, stream.Position, Folder + name);
                using var entry = zip.CreateEntry(Folder + name, level).Open();
                entry.Write(bytes);
            }
        }
        return stream.ToArray();
    }

    // torch.save begins storages at multiples of 64 bytes, with extra fields, which ZipArchive does not write: here an
    // entry of zeros before each one has that effect.
    private static void AlignNext(ZipArchive zip, long position, string next)
    {
        const int headerBytes = 30;
        const int alignment = 64;
        var name = $"{next}.padding";
        var start = position + headerBytes + name.Length + headerBytes + next.Length;
        using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
        entry.Write(new byte[(alignment - (start % alignment)) % alignment]);
    }

    /// <summary>A legacy file of float32 storages.</summary>
    public static byte[] Legacy(byte[] state, params (string Key, float[] Values)[] storages) =>
        [
            .. Magic,
            .. Pickle(Number(1001)),
            .. State(("little_endian", [0x88])),
            .. state,
            .. Pickle([(byte)']', (byte)'(', .. storages.SelectMany(storage => Text(storage.Key)), (byte)'e']),
            .. storages.SelectMany(storage => (byte[])[.. Int64(storage.Values.Length), .. Floats(storage.Values)]),
        ];

    private static byte[] Int32(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int64(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }
}
