using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AttnCrnn.Models;
using AttnCrnn.Models.Keras;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Malicious or damaged archives.</summary>
public sealed class HostileKerasTests : IDisposable
{
    private const long Most = 64 << 20;

    private readonly TempFolder folder = new();

    private string At(string name) => folder.At(name);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("../../evil")]
    [InlineData("assets/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("..\\evil")]
    public void A_path_outside_the_archive_is_rejected(string name)
    {
        Sample().With(name, [1, 2, 3]).Save(At("x.keras"));
        AssertRejected("a name that leads out of the archive");
    }

    [Theory]
    [InlineData("model.weights.h5", 200_000_000)]
    [InlineData("config.json", 200_000_000)]
    [InlineData("attn_crnn.json", 17_000_000)]
    public void A_decompression_bomb_is_rejected_before_memory_is_allocated(string entry, int bytes)
    {
        Sample().With(entry, new byte[bytes]).Save(At("x.keras"), CompressionLevel.Fastest);
        Assert.True(new FileInfo(At("x.keras")).Length < bytes / 20);
        AssertRejected(entry);
    }

    [Fact]
    public void An_archive_compressed_by_other_tools_is_read()
    {
        Sample().Save(At("x.keras"), CompressionLevel.Optimal);
        Assert.Equal("ü", ModelFile.Read(At("x.keras")).Model.Labels[2]);
    }

    [Fact]
    public void Deep_JSON_is_rejected()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "attn_crnn.json"])
        {
            Sample()
                .With(entry, Encoding.ASCII.GetBytes(new string('[', 1_000_000)))
                .Save(At("x.keras"), CompressionLevel.NoCompression);
            AssertRejected(entry);
        }
        var nested = string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50));
        Sample()
            .WithConfig(
                (_, layer) =>
                    layer("conv1d")["inbound_nodes"]![0]!["args"] = System.Text.Json.Nodes.JsonNode.Parse(nested)
            )
            .Save(At("x.keras"));
        AssertRejected("conv1d");
    }

    [Theory]
    [InlineData("conv1d", "\\ud800")] // half of a surrogate pair
    [InlineData("conv1d", "\u00ff")] // replaced below by a byte that is not UTF-8
    public void Invalid_Unicode_strings_are_rejected(string before, string after)
    {
        Sample()
            .With(
                "config.json",
                Encoding.Latin1.GetBytes(
                    Encoding.Latin1.GetString(Sample()["config.json"]).Replace(before, after, StringComparison.Ordinal)
                )
            )
            .Save(At("x.keras"));
        AssertRejected("found a string that is not valid Unicode");
    }

    [Fact]
    public void An_entry_that_is_missing_doubled_or_damaged_is_rejected()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "model.weights.h5"])
        {
            Sample().Without(entry).Save(At("x.keras"));
            AssertRejected($"no {entry}");
            Sample().Twice(entry).Save(At("x.keras"));
            AssertRejected($"two entries named {entry}");
        }
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras"));
        bytes[bytes.Length / 2] ^= 1; // in the weights
        File.WriteAllBytes(At("x.keras"), bytes);
        AssertRejected("model.weights.h5 damaged: its checksum does not match");
    }

    [Theory]
    [InlineData(8, 1, "encrypted")] // the flags' lowest bit
    [InlineData(10, 12, "")] // compressed by bzip2, which is not supported
    [InlineData(24, 0x7FFFFFFF, "")] // its length
    public void An_inconsistent_header_is_rejected(int field, int value, string expected)
    {
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras"));
        var at = bytes.AsSpan().LastIndexOf("PK\u0001\u0002\u0014\0"u8); // the directory's last entry
        for (
            var next = 0;
            (next = bytes.AsSpan(next).IndexOf("PK\u0001\u0002"u8) is var found && found >= 0 ? next + found : -1) >= 0;
            next += 4
        )
        {
            at = next;
            if (field == 24)
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + field), value);
            else
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at + field), (short)value);
        }
        Assert.True(at >= 0);
        File.WriteAllBytes(At("x.keras"), bytes);
        AssertRejected(expected);
    }

    [Fact]
    public void A_truncated_file_is_rejected_wherever_it_ends()
    {
        Sample().Save(At("whole.keras"));
        var whole = File.ReadAllBytes(At("whole.keras"));
        for (var length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(At("x.keras"), whole[..length]);
            AssertRejected("");
        }
    }

    [Theory]
    [InlineData("not a zip at all", "expected a model that Keras 3 saved")]
    [InlineData("<!doctype html><html>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file")]
    public void Files_that_are_not_archives_are_named(string text, string expected)
    {
        File.WriteAllBytes(At("x.keras"), Encoding.Latin1.GetBytes(text));
        AssertRejected(expected);
    }

    [Fact]
    public void Missing_misshapen_and_non_finite_weights_are_rejected_by_path()
    {
        var (model, tensors, _) = ModelSample.Create("v2");
        ModelFile.Write(
            At("x.keras"),
            model,
            [
                tensors[0] with
                {
                    Values = [.. tensors[0].Values.Select((v, i) => i == 3 ? float.NaN : v)],
                },
                .. tensors.Skip(1),
            ]
        );
        AssertRejected("model.weights.h5/layers/conv1d/vars/0: found NaN or infinity");
        Sample().WithConfig((_, layer) => layer("conv1d")["config"]!["filters"] = 7).Save(At("x.keras"));
        AssertRejected(
            "model.weights.h5/layers/conv1d/vars/0: found a tensor of [5, 4, 6], expected a tensor of [5, 4, 7]"
        );
        var (other, otherTensors, _) = ModelSample.Create("bare attention");
        ModelFile.Write(At("y.keras"), other, otherTensors);
        Sample().With("model.weights.h5", KerasMaker.FromFile(At("y.keras"))["model.weights.h5"]).Save(At("x.keras"));
        AssertRejected("found no layers/attention/vars/0");
    }

    [Theory]
    [InlineData("model.weights.h5", 30)] // a higher compression ratio than trained weights have
    [InlineData("config.json", 3)]
    [InlineData("metadata.json", 1)]
    public void Oversized_entries_are_rejected_even_at_a_low_compression_ratio(string entry, int mebibytes)
    {
        // Some incompressible bytes among many compressible ones: a ratio of 20, below a limit of 100.
        var bytes = Encoding.ASCII.GetBytes(
            "[" + string.Concat(Enumerable.Repeat("[],", (mebibytes << 20) / 3)) + "0]"
        );
        if (entry == "model.weights.h5")
            new Random(1).NextBytes(bytes.AsSpan(0, bytes.Length / 20));
        Sample().With(entry, bytes).Save(At("x.keras"), CompressionLevel.Fastest);
        AssertRejected(entry);
    }

    [Theory]
    [InlineData("padding", "60000", "padding 60000")]
    [InlineData("labels", "[\"a\", \"\\u001b[31mb\", \"c\"]", "'?[31mb' as a label")]
    [InlineData("labels", "[\"a\", \" \", \"c\"]", "' ' as a label")]
    [InlineData("labels", "[\"a\", \"b\\u202e\", \"c\"]", "'b?' as a label")]
    [InlineData("version", "\"0\\n1\"", "by version '0?1'")]
    public void A_description_that_fills_memory_or_controls_a_terminal_is_rejected(
        string key,
        string value,
        string expected
    )
    {
        var (model, tensors, optimizer) = ModelSample.Create("v2");
        ModelFile.Write(At("sample.keras"), model with { Labels = ["a", "b", "c"] }, tensors, optimizer);
        Described(key, value).Save(At("x.keras"));
        AssertRejected(expected);
    }

    [Fact]
    public void An_encoder_name_with_control_characters_is_rejected()
    {
        _ = Sample();
        Described(
                "encoder",
                """{"name": "/etc\u001b[31m", "revision": "1", "layers": "", """
                    + """ "frames_per_second": 100, "width": 4, "layer_count": 1}"""
            )
            .Save(At("x.keras"));
        AssertRejected("'/etc?[31m");
    }

    [Fact]
    public void An_input_longer_than_the_attention_can_compare_is_rejected()
    {
        Sample().WithConfig((_, layer) => layer("features")["config"]!["batch_shape"]![1] = 60_000).Save(At("x.keras"));
        AssertRejected("batch_shape");
    }

    [Fact]
    public void A_variance_below_0_is_rejected()
    {
        var (model, tensors, _) = ModelSample.Create("v2");
        ModelFile.Write(
            At("x.keras"),
            model,
            [
                .. tensors.Select(tensor =>
                    tensor.Name.EndsWith("moving_variance", StringComparison.Ordinal)
                        ? tensor with
                        {
                            Values = [.. tensor.Values.Select(_ => -5f)],
                        }
                        : tensor
                ),
            ]
        );
        AssertRejected("found a variance of -5, expected at least 0");
    }

    [Theory]
    [InlineData(-1L, -1L, 0L)]
    [InlineData(10L, -5L, 0L)]
    [InlineData(10L, 10L, -8L)]
    [InlineData(long.MaxValue, long.MaxValue, 0L)]
    public void Wrong_64_bit_sizes_are_rejected(long size, long packed, long header)
    {
        // The directory's last entry, with the zip64 field of large archives.
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras")).ToList();
        var all = bytes.ToArray();
        var (at, end) = (all.AsSpan().LastIndexOf("PK\u0001\u0002"u8), all.AsSpan().LastIndexOf("PK\u0005\u0006"u8));
        foreach (var field in (int[])[20, 24, 42])
            for (var i = 0; i < 4; i++)
                bytes[at + field + i] = 0xFF;
        byte[] extra =
        [
            1,
            0,
            24,
            0,
            .. BitConverter.GetBytes(size),
            .. BitConverter.GetBytes(packed),
            .. BitConverter.GetBytes(header),
        ];
        bytes[at + 30] = (byte)extra.Length;
        bytes[at + 31] = 0;
        var had = BinaryPrimitives.ReadUInt16LittleEndian(all.AsSpan(at + 30));
        var name = BinaryPrimitives.ReadUInt16LittleEndian(all.AsSpan(at + 28));
        bytes.RemoveRange(at + 46 + name, had);
        bytes.InsertRange(at + 46 + name, extra);
        end += extra.Length - had;
        var length = BitConverter.GetBytes(
            end - BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(end - (extra.Length - had) + 16))
        );
        for (var i = 0; i < 4; i++)
            bytes[end + 12 + i] = length[i];
        File.WriteAllBytes(At("x.keras"), [.. bytes]);
        AssertRejected("");
    }

    [Fact]
    public void Weights_larger_than_the_file_are_rejected_before_allocation()
    {
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras"));
        var at = bytes.AsSpan().LastIndexOf("model.weights.h5"u8) - 46; // in the directory
        Assert.True(bytes.AsSpan(at).StartsWith("PK\u0001\u0002"u8));
        foreach (var field in (int[])[20, 24])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + field), 1_900_000_000);
        File.WriteAllBytes(At("x.keras"), bytes);
        AssertRejected("model.weights.h5 of 1900000000 bytes in 1900000000");
    }

    private KerasMaker Described(string key, string value)
    {
        var archive = KerasMaker.FromFile(At("sample.keras"));
        var description = (System.Text.Json.Nodes.JsonObject)
            System.Text.Json.Nodes.JsonNode.Parse(archive["attn_crnn.json"])!;
        Assert.True(description.ContainsKey(key));
        description[key] = System.Text.Json.Nodes.JsonNode.Parse(value);
        return archive.With("attn_crnn.json", Encoding.UTF8.GetBytes(description.ToJsonString()));
    }

    private KerasMaker Sample()
    {
        var (model, tensors, optimizer) = ModelSample.Create("v2");
        ModelFile.Write(At("sample.keras"), model, tensors, optimizer);
        return KerasMaker.FromFile(At("sample.keras"));
    }

    private void AssertRejected(string expected)
    {
        // From a stream everything is read on this thread, so that all allocations are counted.
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidFileException>(() =>
            ModelFile.Read(
                KerasArchive.Read(At("x.keras"), File.OpenRead(At("x.keras")), ModelDescription.Entry),
                null,
                withOptimizer: false
            )
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Most);
        var fault = Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("x.keras")));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(At("x.keras"), fault.Message, StringComparison.Ordinal);
    }
}
