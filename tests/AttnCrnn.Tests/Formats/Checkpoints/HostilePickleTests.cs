using static AttnCrnn.Testing.Formats.TorchBuilder;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>Malicious pickles and the tensors that they describe.</summary>
public sealed class HostilePickleTests
{
    private const int Values = 6;
    private static readonly byte[] ValidTensor = Tensor(Storage("0", Values), 0, [Values], [1]);

    public static TheoryData<string, byte[], string> Pickles
    {
        get
        {
            var data = new TheoryData<string, byte[], string>();
            foreach (var (name, value, message) in HostileTensors())
                data.Add(name, State(("x", value)), message);
            foreach (var (name, pickle, message) in HostilePickles())
                data.Add(name, pickle, message);
            return data;
        }
    }

    [Theory(DisableDiscoveryEnumeration = true)]
    [MemberData(nameof(Pickles))]
    public void A_malicious_pickle_is_rejected_in_either_format(string name, byte[] pickle, string message)
    {
        Assert.NotEmpty(name);
        using var zip = CheckpointBuilder.CreateTorch(Zip(pickle, ("data/0", new byte[Values * 4])));
        Assert.Contains(message, zip.AssertRejected().Message, StringComparison.Ordinal);
        using var legacy = CheckpointBuilder.CreateTorch(Legacy(pickle, ("0", new float[Values])));
        Assert.Contains(message, legacy.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recursive_and_deep_values_take_bounded_time_and_memory()
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
            Assert.Contains(
                "'x', which is not a tensor",
                folder.AssertRejected(64L << 20).Message,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void A_pickle_of_endless_instructions_is_stopped()
    {
        using var folder = CheckpointBuilder.CreateTorch(Zip(State(("x", [.. Enumerable.Repeat((byte)'}', 3 << 20)]))));
        Assert.Contains("instructions", folder.AssertRejected(256L << 20).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Name, byte[] Value, string Message)> HostileTensors()
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
        yield return ("call of a tensor", [.. ValidTensor, (byte)')', (byte)'R'], "is not a function");
        yield return (
            "call of a storage class",
            [.. Name("torch", "FloatStorage"), (byte)')', (byte)'R'],
            "unexpected arguments"
        );
        yield return ("state set on a tensor", [.. ValidTensor, (byte)'}', (byte)'b'], "is not an OrderedDict");
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

    private static IEnumerable<(string Name, byte[] Pickle, string Message)> HostilePickles()
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
                    ((byte)'F', "FLOAT"),
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
        yield return ("left over", Pickle((byte)'N', (byte)'}'), "1 remaining values");
        yield return ("no dict", Pickle((byte)'N'), "a pickle with other content");
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
        yield return ("two of one name", State(("x", ValidTensor), ("x", ValidTensor)), "two entries named 'x'");
        yield return (
            "one storage of two types",
            State(("x", ValidTensor), ("y", Tensor(Storage("0", 6, "IntStorage"), 0, [1], [1]))),
            "of 6 I32, previously of 6 F32"
        );
    }
}
