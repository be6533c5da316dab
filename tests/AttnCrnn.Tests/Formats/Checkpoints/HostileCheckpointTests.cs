using System.Text;
using CsCheck;
using static AttnCrnn.Tests.Builders.TorchBuilder;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>Malicious or damaged checkpoints: rejected with a message, in bounded memory.</summary>
public sealed class HostileCheckpointTests
{
    private const int Values = 6;
    private static readonly byte[] Whole = Tensor(Storage("0", Values), 0, [Values], [1]);

    public static TheoryData<string, byte[], string> Pickles
    {
        get
        {
            var data = new TheoryData<string, byte[], string>();
            foreach (var (name, value, fault) in TensorFaults())
                data.Add(name, State(("x", value)), fault);
            foreach (var (name, pickle, fault) in PickleFaults())
                data.Add(name, pickle, fault);
            return data;
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Pickles))]
    public void A_malicious_pickle_is_rejected_in_either_format(string name, byte[] pickle, string fault)
    {
        Assert.NotEmpty(name);
        using var zip = CheckpointBuilder.CreateTorch(Zip(pickle, ("data/0", new byte[Values * 4])));
        Assert.Contains(fault, zip.Refused().Message, StringComparison.Ordinal);
        using var legacy = CheckpointBuilder.CreateTorch(Legacy(pickle, ("0", new float[Values])));
        Assert.Contains(fault, legacy.Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recursive_or_deep_value_costs_no_more_than_its_bytes()
    {
        const int Depth = 200_000;
        byte[] self = [(byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a'];
        byte[] deep = [.. Enumerable.Repeat((byte)']', Depth), .. Enumerable.Repeat((byte)'a', Depth - 1)];
        byte[] tuples = [(byte)')', .. Enumerable.Repeat((byte)0x85, Depth)];
        byte[] doubling =
        [
            (byte)')',
            .. Enumerable.Repeat((byte[])[(byte)'q', 0, (byte)'h', 0, 0x86], 1000).SelectMany(step => step),
        ]; // 2^1000 visits if every path is followed
        foreach (var value in (byte[][])[self, deep, tuples, doubling, Text("epoch"), [(byte)'}']])
        {
            using var folder = CheckpointBuilder.CreateTorch(
                Zip(State(("x", value)), ("data/0", new byte[Values * 4]))
            );
            Assert.Contains("'x', which is not a tensor", folder.Refused(64L << 20).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_pickle_of_endless_instructions_is_stopped()
    {
        using var folder = CheckpointBuilder.CreateTorch(Zip(State(("x", [.. Enumerable.Repeat((byte)'}', 3 << 20)]))));
        Assert.Contains("instructions", folder.Refused(256L << 20).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pytorch-bin-zip", "pytorch_model.bin")]
    [InlineData("pytorch-bin-legacy", "pytorch_model.bin")]
    [InlineData("float16", "model.safetensors")]
    public void A_file_truncated_anywhere_is_rejected(string form, string name)
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "wav2vec2-base-like-" + form, name));
        using var folder = new CheckpointBuilder();
        for (var length = 0; length < bytes.Length; length += Math.Max(1, length / 23))
        {
            folder.With(name, bytes[..length]);
            folder.Refused();
        }
        folder.With(name, bytes[..^1]).Refused();
    }

    [Fact]
    public void A_legacy_file_with_more_after_its_end_or_other_counts_is_rejected()
    {
        var file = Legacy(State(("x", Whole)), ("0", new float[Values]));
        using var more = CheckpointBuilder.CreateTorch([.. file, 0]);
        Assert.Contains("1 bytes after the last storage", more.Refused().Message, StringComparison.Ordinal);
        file[^((Values * 4) + 8)]++;
        using var count = CheckpointBuilder.CreateTorch(file);
        Assert.Contains("a storage of 7 elements", count.Refused().Message, StringComparison.Ordinal);
        using var twice = CheckpointBuilder.CreateTorch(
            Legacy(State(("x", Whole)), ("0", new float[Values]), ("0", new float[Values]))
        );
        Assert.Contains("a second time", twice.Refused().Message, StringComparison.Ordinal);
        using var none = CheckpointBuilder.CreateTorch(Legacy(State(("x", Whole))));
        Assert.Contains("0 storages", none.Refused().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_with_wrong_entry_offsets_is_rejected()
    {
        var zip = Zip(State(("x", Whole)), ("data/0", new byte[Values * 4]));
        var directory = (int)BitConverter.ToUInt32(zip, zip.Length - 6);
        foreach (var at in (int[])[42, 43, 44, 45]) // the local header's offset
        {
            using var folder = CheckpointBuilder.CreateTorch([
                .. zip[..(directory + at)],
                (byte)(zip[directory + at] ^ 0x55),
                .. zip[(directory + at + 1)..],
            ]);
            folder.Refused();
        }
        var name = zip.AsSpan().IndexOf("archive/data/0"u8); // in the local header, not in the central directory
        using var other = CheckpointBuilder.CreateTorch([.. zip[..(name + 13)], (byte)'1', .. zip[(name + 14)..]]);
        Assert.Contains(
            "another signature, expected the header of 'archive/data/0'",
            other.Refused().Message,
            StringComparison.Ordinal
        );
        using var storage = CheckpointBuilder.CreateTorch(
            Zip(State(("x", Whole)), ("data/0", new byte[(Values * 4) - 1]))
        );
        Assert.Contains("23 bytes, expected 24", storage.Refused().Message, StringComparison.Ordinal);
        using var missing = CheckpointBuilder.CreateTorch(Zip(State(("x", Whole))));
        Assert.Contains("no 'archive/data/0'", missing.Refused().Message, StringComparison.Ordinal);
        using var outside = CheckpointBuilder.CreateTorch(
            Zip(State(("x", Tensor(Storage("../../x", 6), 0, [6], [1]))), ("data/0", new byte[Values * 4]))
        );
        Assert.Contains("no 'archive/data/../../x'", outside.Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""")]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""")]
    [InlineData("""{"\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"__metadata__":1}""")]
    [InlineData("""{"a":[]}""")]
    public void A_safetensors_header_that_contradicts_itself_is_rejected(string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        using var folder = new CheckpointBuilder().With(
            "model.safetensors",
            [.. BitConverter.GetBytes((long)text.Length), .. text, 0, 0, 0, 0]
        );
        folder.Refused();
    }

    [Theory]
    [InlineData("pytorch-bin-zip", "pytorch_model.bin", 10_000)]
    [InlineData("pytorch-bin-legacy", "pytorch_model.bin", 13_000)]
    [InlineData("bfloat16", "model.safetensors", 9_000)]
    public void A_file_with_any_bytes_changed_reads_or_is_rejected(string form, string name, int described)
    {
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "wav2vec2-base-like-" + form, name));
        var places = Gen.OneOf(
            Gen.Int[0, described],
            Gen.Int[bytes.Length - described, bytes.Length - 1],
            Gen.Int[0, bytes.Length - 1]
        ); // mostly where the tensors are described
        using var folder = new CheckpointBuilder();
        Gen.Select(places, Gen.Byte)
            .Array[1, 4]
            .Sample(
                changes =>
                {
                    var changed = (byte[])bytes.Clone();
                    foreach (var (at, value) in changes)
                        changed[at] = value;
                    folder.With(name, changed);
                    var before = GC.GetAllocatedBytesForCurrentThread();
                    try
                    {
                        CheckpointBuilder.ReadAll(folder.Path);
                    }
                    catch (InvalidInputException fault)
                    {
                        Assert.Contains(folder.Path, fault.Message, StringComparison.Ordinal);
                    }
                    Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
                },
                iter: 500,
                threads: 1
            );
    }

    private static IEnumerable<(string Name, byte[] Value, string Fault)> TensorFaults()
    {
        const long Huge = long.MaxValue;
        yield return (
            "past the end",
            Tensor(Storage("0", Values), 1, [Values], [1]),
            "one within its storage of 6 elements"
        );
        yield return (
            "past the end by strides",
            Tensor(Storage("0", Values), 0, [2, 2], [5, 1]),
            "one within its storage"
        );
        yield return ("negative start", Tensor(Storage("0", Values), -1, [2], [1]), "one within its storage");
        yield return ("start past any number", Tensor(Storage("0", Values), Huge, [2], [1]), "one within its storage");
        yield return ("negative size", Tensor(Storage("0", Values), 0, [-2], [1]), "one within its storage");
        yield return (
            "huge size",
            Tensor(Storage("0", Values), 0, [Huge, Huge, Huge], [Huge, Huge, Huge]),
            "tensor of"
        );
        yield return ("huge expanded", Tensor(Storage("0", Values), 0, [1L << 40], [0]), "overlap");
        yield return ("overlapping", Tensor(Storage("0", Values), 0, [2, 2], [1, 1]), "overlap");
        yield return ("negative stride", Tensor(Storage("0", Values), 5, [6], [-1]), "overlap");
        yield return ("fewer strides", Tensor(Storage("0", Values), 0, [2, 3], [1]), "2 dimensions with 1 strides");
        yield return ("many dimensions", Tensor(Storage("0", Values), 0, new long[65], new long[65]), "65 dimensions");
        yield return ("huge storage", Tensor(Storage("0", Huge), 0, [1], [1]), "what fits in the file's");
        yield return ("negative storage", Tensor(Storage("0", -1), 0, [1], [1]), "what fits in the file's");
        yield return (
            "storage of another type",
            Tensor(Storage("0", 6, "ComplexFloatStorage"), 0, [1], [1]),
            "'torch.ComplexFloatStorage'"
        );
        yield return (
            "part outside",
            Tensor(
                Storage("0", 6, "FloatStorage", [(byte)'(', .. Text("p"), .. Number(4), .. Number(3), (byte)'t']),
                0,
                [1],
                [1]
            ),
            "a part of storage '0'"
        );
        yield return (
            "seven items",
            Tensor(Storage("0", 6, "FloatStorage", (byte)'N', (byte)'N'), 0, [1], [1]),
            "is not a storage"
        );
        yield return ("module", [(byte)'(', .. Text("module"), (byte)'t', (byte)'Q'], "is not a storage");
        yield return (
            "marks",
            Tensor(Storage("0", 6), 0, [6], [1], [(byte)'}', .. Text("neg"), 0x88, (byte)'s']),
            "a pending conjugation"
        );
        yield return (
            "other arguments",
            [.. Name("torch._utils", "_rebuild_tensor_v2"), (byte)')', (byte)'R'],
            "unexpected arguments"
        );
        yield return ("call of a tensor", [.. Whole, (byte)')', (byte)'R'], "is not a function");
        yield return (
            "call of a storage class",
            [.. Name("torch", "FloatStorage"), (byte)')', (byte)'R'],
            "unexpected arguments"
        );
        yield return ("state set on a tensor", [.. Whole, (byte)'}', (byte)'b'], "is not an OrderedDict");
        yield return (
            "floats as sizes",
            [
                .. Name("torch._utils", "_rebuild_tensor_v2"),
                (byte)'(',
                .. Storage("0", 6),
                .. Number(0),
                (byte)'N',
                0x85,
                (byte)'N',
                0x85,
                0x89,
                (byte)'N',
                (byte)'t',
                (byte)'R',
            ],
            "is not an integer"
        );
    }

    private static IEnumerable<(string Name, byte[] Pickle, string Fault)> PickleFaults()
    {
        foreach (
            var (module, name) in ((string, string)[])
                [
                    ("posix", "system"),
                    ("os", "system"),
                    ("builtins", "eval"),
                    ("__builtin__", "exec"),
                    ("subprocess", "Popen"),
                    ("torch", "load"),
                    ("torch._utils", "_rebuild_tensor_v3"),
                    ("numpy", "dtype"),
                ]
        )
            yield return (
                name,
                State(("x", [.. Name(module, name), .. Text("true"), 0x85, (byte)'R'])),
                $"'{module}.{name}'"
            );
        foreach (
            var (code, name) in ((byte, string)[])
                [
                    (0x81, "NEWOBJ"),
                    (0x82, "EXT1"),
                    ((byte)'o', "OBJ"),
                    ((byte)'P', "PERSID"),
                    ((byte)'G', "BINFLOAT"),
                    (0x98, "READONLY_BUFFER"),
                    (0xFF, "not a pickle opcode"),
                ]
        )
            yield return (name, Pickle(code), $"({name})");
        yield return (
            "a name in lines",
            Pickle([(byte)'c', .. Enumerable.Repeat((byte)'a', 2000), (byte)'\n', (byte)'\n']),
            "1024 characters"
        );
        yield return ("control letters", Pickle(Name("a\u001b[31m", "b")), "'a?[31m.b'");
        yield return ("protocol", [0x80, 99], "protocol 99");
        yield return ("text of 2 GiB", Pickle((byte)'X', 0xFF, 0xFF, 0xFF, 0x7F), "2147483647 more");
        yield return ("text of 4 GiB", Pickle((byte)'X', 0xFF, 0xFF, 0xFF, 0xFF), "4294967295 more");
        yield return (
            "frame of anything",
            Pickle([0x95, .. Enumerable.Repeat((byte)0xFF, 8)]),
            "18446744073709551615 bytes"
        );
        yield return ("not UTF-8", Pickle((byte)'X', 1, 0, 0, 0, 0xFF), "not UTF-8");
        yield return ("empty memo", Pickle((byte)'j', 0xFF, 0xFF, 0xFF, 0xFF), "memo entry 4294967295");
        yield return ("put of nothing", Pickle((byte)'q', 0), "0 values where an instruction takes 1");
        yield return ("empty stack", Pickle(), "0 values where an instruction takes 1");
        yield return ("under a mark", Pickle((byte)'N', (byte)'(', 0x85), "0 values where an instruction takes 1");
        yield return ("no mark", Pickle((byte)'t'), "a group without a mark");
        yield return ("left over", Pickle((byte)'N', (byte)'}'), "1 values left over");
        yield return ("no dict", Pickle((byte)'N'), "a pickle of something else");
        yield return ("items into a dict", Pickle((byte)'}', (byte)'N', (byte)'a'), "is not a list");
        yield return (
            "entries into a list",
            Pickle([(byte)']', .. Text("a"), (byte)'N', (byte)'s']),
            "is not a dictionary"
        );
        yield return (
            "half an entry",
            Pickle([(byte)'}', (byte)'(', .. Text("a"), (byte)'u']),
            "a key without a value"
        );
        yield return ("key of None", Pickle((byte)'}', (byte)'N', (byte)'N', (byte)'s'), "a key that is not a string");
        yield return ("two of one name", State(("x", Whole), ("x", Whole)), "two entries named 'x'");
        yield return (
            "one storage of two types",
            State(("x", Whole), ("y", Tensor(Storage("0", 6, "IntStorage"), 0, [1], [1]))),
            "of 6 I32, previously of 6 F32"
        );
    }
}
