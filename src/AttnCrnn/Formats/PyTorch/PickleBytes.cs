using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>The bytes of a pickle: every length is checked against what is left before anything of that length is made.</summary>
/// <param name="end">The byte after the last that may be read.</param>
internal sealed class PickleBytes(string path, FileStream stream, long end)
{
    public const string Remedy = "the file is cut off or damaged: fetch it again";

    private const int MaxBytes = 16 << 20; // a hundred bytes a tensor: no model comes near
    private const int MaxLineBytes = 1024; // of a Python name

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    private readonly long start = stream.Position;

    public byte Byte()
    {
        Need(1);
        return (byte)stream.ReadByte();
    }

    public long Unsigned(int bytes)
    {
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        Fill(value[..bytes]);
        var number = BinaryPrimitives.ReadUInt64LittleEndian(value);
        return number <= long.MaxValue
            ? (long)number
            : throw Error($"a length of {number} bytes", "one within the file");
    }

    public int Int32() => (int)Unsigned(4);

    /// <summary>A whole number of any size, two's complement.</summary>
    public object Long(int bytes)
    {
        Span<byte> value = stackalloc byte[255];
        Fill(value[..bytes]);
        var number = new BigInteger(value[..bytes]);
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    public string Text(long bytes)
    {
        Need(bytes);
        var value = new byte[bytes];
        stream.ReadExactly(value);
        try
        {
            return Strict.GetString(value);
        }
        catch (DecoderFallbackException)
        {
            throw Error("a text that is not UTF-8", "UTF-8");
        }
    }

    /// <summary>Text up to a line's end.</summary>
    public string Line()
    {
        var line = new StringBuilder();
        for (var letter = Byte(); letter != '\n'; letter = Byte())
        {
            if (line.Length == MaxLineBytes)
                throw Error($"a name of more than {MaxLineBytes} letters", "the name of what tensors need");
            line.Append((char)letter);
        }
        return line.ToString();
    }

    /// <exception cref="InvalidFileException">So many bytes are not left.</exception>
    public void Need(long bytes)
    {
        if (bytes > end - stream.Position)
            throw Error($"{end - stream.Position} bytes to the end", $"{bytes} more");
        if (stream.Position - start > MaxBytes - bytes)
            throw Error(
                $"a pickle of more than {MaxBytes} bytes",
                "names, shapes and places only",
                "save the model's state_dict() with torch.save"
            );
    }

    public InvalidFileException Error(string found, string expected, string remedy = Remedy) =>
        new(path, stream.Position, found, expected, remedy);

    private void Fill(Span<byte> to)
    {
        Need(to.Length);
        stream.ReadExactly(to);
    }
}
