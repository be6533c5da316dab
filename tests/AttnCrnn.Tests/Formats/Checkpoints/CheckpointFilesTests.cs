using AttnCrnn.Formats.Checkpoints;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>Against checkpoints that transformers and PyTorch saved (tests/fixtures/encoders).</summary>
public sealed class CheckpointFilesTests
{
    private const string Base = "wav2vec2-base-like";

    [Theory]
    [InlineData("-old-names")]
    [InlineData("-sharded")]
    [InlineData("-pytorch-bin-zip")]
    [InlineData("-pytorch-bin-legacy")]
    public void A_network_has_equal_tensors_in_every_format(string form)
    {
        var expected = Network("");
        var actual = Network(form);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.True(expected.Count > 80, $"{expected.Count} tensors, expected more than 80");
        foreach (var (name, values) in expected)
            Assert.Equal(values, actual[name]);
    }

    [Fact]
    public void Half_precision_tensors_equal_the_rounded_float32_tensors()
    {
        var (float32, float16, bfloat16) = (Network(""), Network("-float16"), Network("-bfloat16"));
        foreach (var (name, values) in float32)
        {
            Assert.Equal(values.Select(value => (float)(Half)value), float16[name]);
            Assert.Equal(values.Select(RoundToBfloat16), bfloat16[name]);
        }
        using var files = CheckpointFiles.Open(Fixtures.Path("encoders", Base + "-bfloat16"));
        Assert.Contains("BF16", files.Tensors.Values.Select(tensor => tensor.Type));
    }

    [Fact]
    public void Every_fixture_checkpoint_opens_with_each_tensor_at_its_offset()
    {
        var checkpointCount = 0;
        // Without config.json, the folder does not have the hub's layout.
        var root = Fixtures.Path("encoders");
        foreach (var config in Directory.EnumerateFiles(root, "config.json", SearchOption.AllDirectories))
        {
            using var files = CheckpointFiles.Open(Path.GetDirectoryName(config)!);
            foreach (var tensor in files.Tensors.Values)
            {
                Assert.True(tensor.IsContiguous);
                Assert.Equal(tensor.Count, tensor.Shape.Aggregate(1L, (product, size) => product * size));
                var bytes = new byte[tensor.Bytes];
                using var stream = File.OpenRead(tensor.File);
                stream.Position = tensor.Offset;
                stream.ReadExactly(bytes);
                if (tensor.Type == "F32")
                    Assert.Equal(bytes, TorchBuilder.Floats(CheckpointBuilder.Read(files, tensor.Name)));
            }
            checkpointCount++;
        }
        Assert.True(checkpointCount >= 40, $"{checkpointCount} checkpoints, expected at least 40");
    }

    [Theory]
    [InlineData("hole.safetensors", "contiguous tensors")]
    [InlineData("overlapping.safetensors", "contiguous tensors")]
    [InlineData("offsets_past_end.safetensors", "as many bytes as it needs")]
    [InlineData("shape_disagrees_with_offsets.safetensors", "as many bytes as it needs")]
    [InlineData("header_longer_than_file.safetensors", "a header of")]
    [InlineData("truncated.safetensors", "expected as many bytes as it needs")]
    [InlineData("runs_code.bin", "the Python name 'io.open'")]
    [InlineData("runs_code_legacy.bin", "the Python name 'io.open'")]
    public void Malicious_pickles_are_rejected_and_nothing_is_executed(string name, string message)
    {
        using var folder = new CheckpointBuilder();
        var bytes = File.ReadAllBytes(Fixtures.Path("encoders", "refuse", name));
        folder.WithFile(
            name.EndsWith(".bin", StringComparison.Ordinal) ? "pytorch_model.bin" : "model.safetensors",
            bytes
        );
        Assert.Contains(message, folder.AssertRejected().Message, StringComparison.Ordinal);
        Assert.False(File.Exists("PICKLE_WAS_EXECUTED") || File.Exists(folder.PathOf("PICKLE_WAS_EXECUTED")));
    }

    [Fact]
    public void Every_invalid_fixture_has_its_test()
    {
        var testedNames = typeof(CheckpointFilesTests)
            .GetMethod(nameof(Malicious_pickles_are_rejected_and_nothing_is_executed))!
            .GetCustomAttributesData()
            .Where(data => data.AttributeType == typeof(InlineDataAttribute))
            .Select(data =>
                ((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)[
                    0
                ].Value
            );
        Assert.Equal(
            Directory.GetFiles(Fixtures.Path("encoders", "refuse")).Select(Path.GetFileName).Order(),
            testedNames.Cast<string>().Order()
        );
    }

    [Fact]
    public void A_folder_without_weights_is_reported_with_the_expected_files()
    {
        using var folder = new CheckpointBuilder().WithFile("tf_model.h5", "x");
        var exception = folder.AssertRejected();
        Assert.All(
            ["model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json"],
            name => Assert.Contains(name, exception.Expected, StringComparison.Ordinal)
        );
        Assert.Contains(
            "no such folder",
            Assert.Throws<InvalidFileException>(() => CheckpointFiles.Open(folder.PathOf("absent"))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Safetensors_take_precedence_over_a_pickle_even_as_a_broken_link()
    {
        using var folder = CheckpointBuilder.CreateTorch([1, 2, 3]);
        File.CreateSymbolicLink(folder.PathOf("model.safetensors"), "../absent");
        Assert.Contains("a link to ../absent", folder.AssertRejected().Message, StringComparison.Ordinal);
        File.Delete(folder.PathOf("model.safetensors"));
        File.Copy(Fixtures.Path("encoders", Base, "model.safetensors"), folder.PathOf("model.safetensors"));
        Assert.NotEmpty(CheckpointBuilder.ReadAll(folder.Path));
    }

    [Fact]
    public void Links_in_a_tensors_file_name_are_resolved()
    {
        using var hub = new CheckpointBuilder();
        Directory.CreateDirectory(hub.PathOf("blobs"));
        Directory.CreateDirectory(hub.PathOf("snapshots/revision"));
        File.Copy(Fixtures.Path("encoders", Base, "model.safetensors"), hub.PathOf("blobs/etag"));
        File.CreateSymbolicLink(hub.PathOf("snapshots/revision/model.safetensors"), "../../blobs/etag");
        using var otherFolder = new CheckpointBuilder();
        Directory.CreateSymbolicLink(otherFolder.PathOf("model"), hub.PathOf("snapshots/revision"));
        using var files = CheckpointFiles.Open(otherFolder.PathOf("model"));
        Assert.All(files.Tensors.Values, tensor => Assert.Equal(hub.PathOf("blobs/etag"), tensor.File));
    }

    [Fact]
    public void A_sharded_pickle_is_read_as_one()
    {
        using var folder = new CheckpointBuilder()
            .WithFile("one.bin", OneTensor("a"))
            .WithFile(
                "two.bin",
                TorchBuilder.Legacy(
                    TorchBuilder.State(
                        ("b", TorchBuilder.Tensor(TorchBuilder.Storage("7", 1, "FloatStorage", (byte)'N'), 0, [], []))
                    ),
                    ("7", [3])
                )
            )
            .WithFile(
                "pytorch_model.bin.index.json",
                """{"metadata": {}, "weight_map": {"a": "one.bin", "b": "two.bin"}}"""
            );
        var values = CheckpointBuilder.ReadAll(folder.Path);
        Assert.Equal([1, 2], values["a"]);
        Assert.Equal([3], values["b"]);
    }

    [Fact]
    public void A_tensor_missing_in_the_shard_index_is_ignored()
    {
        using var folder = new CheckpointBuilder()
            .WithFile("one.bin", OneTensor("a", "left over"))
            .WithFile("pytorch_model.bin.index.json", """{"weight_map": {"a": "one.bin"}}""");
        Assert.Equal(["a"], CheckpointBuilder.ReadAll(folder.Path).Keys);
    }

    [Theory]
    [InlineData("../one.bin", "the name of a file next to the index")]
    [InlineData("/etc/passwd", "the name of a file next to the index")]
    [InlineData("a\\\\one.bin", "the name of a file next to the index")]
    [InlineData("..", "the name of a file next to the index")]
    [InlineData("", "the name of a file next to the index")]
    [InlineData("a\\u0000b", "the name of a file next to the index")]
    [InlineData("absent.bin", "no 'absent.bin' next to it")]
    [InlineData("one.bin", "no tensor 'c'")]
    public void A_misplaced_or_inconsistent_shard_is_rejected(string name, string message)
    {
        using var folder = new CheckpointBuilder()
            .WithFile("one.bin", OneTensor("a"))
            .WithFile("pytorch_model.bin.index.json", $$$"""{"weight_map": {"a": "one.bin", "c": "{{{name}}}"}}""");
        Assert.Contains(message, folder.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map": []}""")]
    [InlineData("""{"weight_map": {}}""")]
    [InlineData("""{"weight_map": {"a": 1}}""")]
    [InlineData("""{"weight_map": {"a": null}}""")]
    [InlineData("""{"weight_map": {"\ud800": "x"}}""")]
    [InlineData("""{"weight_map": {"a": "x", "a": "y"}}""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[[[[""")]
    public void An_invalid_index_is_rejected(string json)
    {
        using var folder = new CheckpointBuilder().WithFile("model.safetensors.index.json", json);
        folder.AssertRejected();
    }

    [Fact]
    public void Non_float_tensors_are_listed_but_not_read()
    {
        var ids = TorchBuilder.Tensor(TorchBuilder.Storage("0", 1, "LongStorage"), 0, [1, 1], [1, 1]);
        using var folder = CheckpointBuilder.CreateTorch(
            TorchBuilder.Zip(TorchBuilder.State(("ids", ids)), ("data/0", new byte[8]))
        );
        using var files = folder.Open();
        Assert.Equal(
            ("I64", 8L, 1L),
            (files.Tensors["ids"].Type, files.Tensors["ids"].Bytes, files.Tensors["ids"].Count)
        );
        Assert.Contains("'ids' of type I64", folder.AssertRejected().Message, StringComparison.Ordinal);
        Assert.Throws<InvalidFileException>(() => files.Read("absent", []));
        Assert.Throws<ArgumentException>(() => files.Read("ids", new float[2]));
    }

    /// <summary>
    /// All tensors, with PyTorch 2's names for weight-normalized convolutions; older files have weight_g and weight_v.
    /// </summary>
    private static Dictionary<string, float[]> Network(string form) =>
        CheckpointBuilder
            .ReadAll(Fixtures.Path("encoders", Base + form))
            .ToDictionary(
                pair =>
                    pair.Key.Replace("conv.weight_g", "conv.parametrizations.weight.original0")
                        .Replace("conv.weight_v", "conv.parametrizations.weight.original1"),
                pair => pair.Value
            );

    /// <summary>A zip file with the storage [1, 2] under each of these names.</summary>
    private static byte[] OneTensor(params string[] names)
    {
        var tensor = TorchBuilder.Tensor(TorchBuilder.Storage("0", 2), 0, [2], [1]);
        return TorchBuilder.Zip(
            TorchBuilder.State([.. names.Select(name => (name, tensor))]),
            ("data/0", TorchBuilder.Floats(1, 2))
        );
    }

    private static float RoundToBfloat16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
