using System.IO.Compression;
using System.Text;
using static AttnCrnn.Testing.Formats.TorchBuilder;

namespace AttnCrnn.Tests.Formats.PyTorch;

/// <summary>Synthetic files of torch.save with features that the fixtures lack.</summary>
public sealed class TorchFileTests
{
    private static readonly byte[] SixFloats = Floats(0, 1, 2, 3, 4, 5);

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 1 }, 0, new float[] { 0, 1, 2, 3, 4, 5 }, true)]
    [InlineData(new long[] { 3 }, new long[] { 1 }, 3, new float[] { 3, 4, 5 }, true)]
    [InlineData(new long[] { 1, 2, 1 }, new long[] { 99, 1, 7 }, 4, new float[] { 4, 5 }, true)]
    [InlineData(new long[] { }, new long[] { }, 5, new float[] { 5 }, true)]
    [InlineData(new long[] { 0, 7 }, new long[] { 7, 1 }, 6, new float[] { }, true)]
    [InlineData(new long[] { 3, 2 }, new long[] { 1, 3 }, 0, new float[] { 0, 3, 1, 4, 2, 5 }, false)]
    [InlineData(new long[] { 2 }, new long[] { 3 }, 2, new float[] { 2, 5 }, false)]
    [InlineData(new long[] { 2, 1, 2 }, new long[] { 3, 5, 2 }, 0, new float[] { 0, 2, 3, 5 }, false)]
    public void A_tensor_is_a_view_of_its_storage(
        long[] shape,
        long[] strides,
        long first,
        float[] expected,
        bool contiguous
    )
    {
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(State(("x", Tensor(Storage("0", 6), first, shape, strides))), ("data/0", SixFloats))
        );
        using var files = folder.Open();
        Assert.Equal(contiguous, files.Tensors["x"].IsContiguous);
        Assert.Equal(shape, files.Tensors["x"].Shape);
        Assert.Equal(expected, CheckpointBuilder.Read(files, "x"));
    }

    /// <summary>The optimizer's state has keys that are numbers, and floats.</summary>
    [Fact]
    public void A_checkpoint_of_a_training_holds_the_model_and_the_rest_is_not_read()
    {
        byte[] pickle =
        [
            0x80,
            2,
            (byte)'}',
            (byte)'(',
            .. Text("model"),
            (byte)'}',
            (byte)'(',
            .. Text("x"),
            .. Tensor(Storage("0", 6), 0, [6], [1]),
            (byte)'u',
            .. Text("last_optimizer_state"),
            (byte)'}',
            (byte)'(',
            .. Number(0),
            .. Tensor(Storage("1", 1), 0, [1], [1]),
            .. Text("lr"),
            (byte)'G',
            0x3F,
            0x50,
            0x62,
            0x4D,
            0xD2,
            0xF1,
            0xA9,
            0xFC,
            (byte)'u',
            (byte)'u',
            (byte)'.',
        ];
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(pickle, ("data/0", SixFloats), ("data/1", Floats(float.NaN)))
        );
        using var files = folder.Open();
        Assert.Equal(["x"], files.Tensors.Keys);
        Assert.Equal([0, 1, 2, 3, 4, 5], CheckpointBuilder.Read(files, "x"));
    }

    [Fact]
    public void A_state_dict_with_another_key_is_rejected()
    {
        byte[] pickle = [0x80, 2, (byte)'}', (byte)'N', (byte)'N', (byte)'s', (byte)'.'];
        using var folder = CheckpointBuilder.CreateTorch(Zip(pickle));
        var error = Assert.Throws<InvalidFileException>(folder.Open);
        Assert.Contains("a key that is not a string", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transposed_matrix_larger_than_any_buffer_is_read_in_order()
    {
        const int Rows = 300,
            Columns = 257;
        var values = Enumerable.Range(0, Rows * Columns).Select(i => (float)i).ToArray();
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(
                State(("x", Tensor(Storage("0", values.Length), 0, [Columns, Rows], [1, Columns]))),
                ("data/0", Floats(values))
            )
        );
        Assert.Equal(
            Enumerable.Range(0, Rows * Columns).Select(i => values[(i % Rows * Columns) + (i / Rows)]),
            folder.Read("x")
        );
    }

    [Theory]
    [InlineData("HalfStorage", "F16")]
    [InlineData("BFloat16Storage", "BF16")]
    [InlineData("DoubleStorage", "F64")]
    public void Float_types_are_read_as_float32(string storage, string type)
    {
        byte[] bytes = type switch
        {
            "F16" => [.. BitConverter.GetBytes((Half)1.5), .. BitConverter.GetBytes((Half)(-0.25))],
            "BF16" => [0xC0, 0x3F, 0x80, 0xBE],
            _ => [.. BitConverter.GetBytes(1.5), .. BitConverter.GetBytes(-0.25)],
        };
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(State(("x", Tensor(Storage("0", 2, storage), 0, [2], [1]))), ("data/0", bytes))
        );
        using var files = folder.Open();
        Assert.Equal(type, files.Tensors["x"].Type);
        Assert.Equal([1.5f, -0.25f], CheckpointBuilder.Read(files, "x"));
    }

    [Fact]
    public void Shared_storages_parameters_and_metadata_of_PyTorch_are_read()
    {
        byte[] tensor = Tensor(Storage("0", 6), 0, [6], [1]);
        byte[] metadata =
        [
            (byte)'}',
            .. Text("_metadata"),
            .. Name("collections", "OrderedDict"),
            (byte)')',
            (byte)'R',
            .. Text(""),
            (byte)'}',
            .. Text("version"),
            (byte)'K',
            1,
            (byte)'s',
            (byte)'s',
            (byte)'s',
            (byte)'b',
        ];
        var pickle = Pickle([
            .. Name("collections", "OrderedDict"),
            (byte)')',
            (byte)'R',
            (byte)'(',
            .. Text("a"),
            .. tensor,
            (byte)'q',
            9,
            .. Text("tied"),
            (byte)'h',
            9,
            .. Text("parameter"),
            .. Parameter(tensor),
            .. Text("marks"),
            .. Tensor(Storage("0", 6), 0, [6], [1], (byte)'}'),
            (byte)'u',
            .. metadata,
        ]);
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(pickle, ("byteorder", "little"u8.ToArray()), ("data/0", SixFloats))
        );
        using var files = folder.Open();
        Assert.Equal(["a", "tied", "parameter", "marks"], files.Tensors.Keys);
        Assert.Single(files.Tensors.Values.Select(found => found.Offset).Distinct());
        Assert.All(files.Tensors.Keys, name => Assert.Equal([0, 1, 2, 3, 4, 5], CheckpointBuilder.Read(files, name)));
    }

    [Fact]
    public void A_legacy_storage_that_is_a_view_of_another_is_read()
    {
        byte[] part = [(byte)'(', .. Text("part"), .. Number(2), .. Number(3), (byte)'t'];
        var state = State(
            ("whole", Tensor(Storage("7", 6, "FloatStorage", (byte)'N'), 0, [6], [1])),
            ("part", Tensor(Storage("7", 6, "FloatStorage", part), 1, [2], [1]))
        );
        using var folder = CheckpointBuilder.CreateTorch(Legacy(state, ("7", [0, 1, 2, 3, 4, 5])));
        Assert.Equal([3, 4], folder.Read("part"));
        Assert.Equal([0, 1, 2, 3, 4, 5], folder.Read("whole"));
    }

    [Fact]
    public void Pickle_protocol_4_is_read_and_checked_like_protocol_2()
    {
        using var empty = CheckpointBuilder.CreateTorch(
            Zip([0x80, 4, 0x95, 3, 0, 0, 0, 0, 0, 0, 0, (byte)'}', 0x94, (byte)'.'])
        );
        Assert.Empty(CheckpointBuilder.ReadAll(empty.Path));
        using var folder = CheckpointBuilder.CreateTorch(
            Zip([0x80, 4, 0x8C, 5, .. "posix"u8, 0x94, 0x8C, 6, .. "system"u8, 0x94, 0x93, (byte)'.'])
        );
        Assert.Contains("'posix.system'", folder.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip64_archive_is_read()
    {
        var zip = Zip(State(("x", Tensor(Storage("0", 6), 0, [6], [1]))), ("data/0", SixFloats));
        using var folder = CheckpointBuilder.CreateTorch(Zip64(zip));
        Assert.Equal([0, 1, 2, 3, 4, 5], folder.Read("x"));
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("<!doctype html><html>", "an HTML page")]
    [InlineData("sys_info\0\0\0", "'sys_'")]
    [InlineData("cposix\nsystem\n(S'x'\ntR.", "'posix.system'")]
    [InlineData("(S'x'\nios\nsystem\n.", "STRING")]
    [InlineData("(ios\nsystem\n.", "'os.system'")]
    public void Files_not_from_torch_save_are_identified(string content, string message)
    {
        using var folder = CheckpointBuilder.CreateTorch(Encoding.Latin1.GetBytes(content));
        Assert.Contains(message, folder.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compressed_entries_are_rejected()
    {
        using var folder = CheckpointBuilder.CreateTorch(
            Zip(
                CompressionLevel.Optimal,
                State(("x", Tensor(Storage("0", 999), 0, [999], [1]))),
                ("data/0", new byte[999 * 4])
            )
        );
        Assert.Contains("compressed by method 8", folder.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Big_endian_numbers_are_rejected()
    {
        using var folder = CheckpointBuilder.CreateTorch(Zip(State(), ("byteorder", "big"u8.ToArray())));
        Assert.Contains("'big'", folder.AssertRejected().Message, StringComparison.Ordinal);
    }

    /// <summary>The same archive with the directory's offset and sizes in zip64's 8-byte fields.</summary>
    private static byte[] Zip64(byte[] zip)
    {
        var end = zip.Length - 22;
        var count = BitConverter.ToUInt16(zip, end + 10);
        var start = BitConverter.ToUInt32(zip, end + 16);
        var directory = new List<byte>();
        for (var (offset, i) = ((int)start, 0); i < count; i++)
        {
            int name = BitConverter.ToUInt16(zip, offset + 28),
                extra = BitConverter.ToUInt16(zip, offset + 30);
            var head = zip[offset..(offset + 46)];
            byte[] field = [1, 0, 24, 0, .. Widen(head, 24), .. Widen(head, 20), .. Widen(head, 42)];
            foreach (var place in (int[])[20, 24, 42])
                head.AsSpan(place, 4).Fill(0xFF);
            BitConverter.TryWriteBytes(head.AsSpan(30), (ushort)field.Length);
            directory.AddRange([.. head, .. zip[(offset + 46)..(offset + 46 + name)], .. field]);
            offset += 46 + name + extra + BitConverter.ToUInt16(zip, offset + 32);
        }
        byte[] record =
        [
            .. "PK\u0006\u0006"u8,
            .. new byte[20],
            .. Long(count),
            .. Long(count),
            .. Long(directory.Count),
            .. Long(start),
        ];
        return
        [
            .. zip[..(int)start],
            .. directory,
            .. record,
            .. "PK\u0006\u0007"u8,
            .. new byte[4],
            .. Long(start + directory.Count),
            .. new byte[4],
            .. "PK\u0005\u0006"u8,
            .. new byte[4],
            .. Enumerable.Repeat((byte)0xFF, 12),
            0,
            0,
        ];

        static byte[] Widen(byte[] head, int offset) => Long(BitConverter.ToUInt32(head, offset));

        static byte[] Long(long value) => BitConverter.GetBytes(value);
    }
}
