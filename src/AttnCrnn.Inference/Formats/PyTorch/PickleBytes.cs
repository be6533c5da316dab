using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>Reads the bytes of a pickle; every length is checked before memory is allocated.</summary>
/// <param name="path">The file's path, for messages.</param>
/// <param name="stream">Stream at the start of the pickle.</param>
/// <param name="end">Byte offset after the last readable byte.</param>
internal sealed class PickleBytes(string path, FileStream stream, long end)
{
    public const string Remedy = "the file is truncated or damaged: download it again";

    private const int MaxBytes = 16 << 20; // about 100 bytes per tensor, far above any model's size
    private const int MaxLineBytes = 1024; // of a Python name

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly long start = stream.Position;

    public byte ReadByte()
    {
        RequireAvailable(1);
        return (byte)stream.ReadByte();
    }

    public long ReadUnsigned(int bytes)
    {
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        Fill(value[..bytes]);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(value);
        return number <= long.MaxValue
            ? (long)number
            : throw Error($"a length of {number} bytes", "one within the file");
    }

    public int ReadInt32() => (int)ReadUnsigned(4);

    /// <summary>Byte offset in the file.</summary>
    public long Position => stream.Position;

    /// <summary>A float64, the most significant byte first.</summary>
    public double ReadDouble()
    {
        Span<byte> value = stackalloc byte[sizeof(double)];
        Fill(value);
        return BinaryPrimitives.ReadDoubleBigEndian(value);
    }

    /// <summary>A two's complement integer of any size.</summary>
    public object ReadLong(int bytes)
    {
        Span<byte> value = stackalloc byte[255];
        Fill(value[..bytes]);
        var number = new BigInteger(value[..bytes]);
        return number.GetBitLength() < 64 ? (object)(long)number : number; // the length excludes the sign bit
    }

    public string ReadText(long bytes)
    {
        RequireAvailable(bytes);
        var value = new byte[bytes];
        stream.ReadExactly(value);
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            throw Error("a string that is not UTF-8", "UTF-8");
        }
    }

    /// <summary>Text up to the next newline.</summary>
    public string ReadLine()
    {
        var line = new StringBuilder();
        for (var character = ReadByte(); character != '\n'; character = ReadByte())
        {
            if (line.Length == MaxLineBytes)
                throw Error($"a name of more than {MaxLineBytes} characters", "a name that tensors need");
            line.Append((char)character);
        }
        return line.ToString();
    }

    /// <exception cref="InvalidFileException">Fewer bytes remain.</exception>
    public void RequireAvailable(long bytes)
    {
        if (bytes > end - stream.Position)
            throw Error($"{end - stream.Position} bytes to the end", $"{bytes} more");
        if (stream.Position - start > MaxBytes - bytes)
            throw Error(
                $"a pickle of more than {MaxBytes} bytes",
                "only names, shapes and locations",
                "save the model's state_dict() with torch.save"
            );
    }

    public InvalidFileException Error(string found, string expected, string remedy = Remedy) =>
        new(path, stream.Position, found, expected, remedy);

    private void Fill(Span<byte> destination)
    {
        RequireAvailable(destination.Length);
        stream.ReadExactly(destination);
    }
}
