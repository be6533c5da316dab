using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AttnCrnn.Formats;
using AttnCrnn.Interop;

namespace AttnCrnn.Tests.Interop;

/// <summary>Archives made to do harm, or broken on the way.</summary>
public sealed class HostileKerasTests : IDisposable
{
    private const long Most = 64 << 20;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    private string At(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("../../evil")]
    [InlineData("assets/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("..\\evil")]
    public void A_name_that_leads_out_of_the_archive_is_refused(string name)
    {
        Sample().With(name, [1, 2, 3]).Save(At("x.keras"));
        Refused("a name that leads out of the archive");
    }

    [Theory]
    [InlineData("model.weights.h5", 200_000_000)]
    [InlineData("config.json", 200_000_000)]
    [InlineData("attn_crnn.json", 17_000_000)]
    public void A_bomb_is_refused_before_memory_is_taken_for_it(string entry, int bytes)
    {
        Sample().With(entry, new byte[bytes]).Save(At("x.keras"), CompressionLevel.Fastest);
        Assert.True(new FileInfo(At("x.keras")).Length < bytes / 20);
        Refused(entry);
    }

    [Fact]
    public void Compressed_as_others_zip_it_it_reads_as_well()
    {
        Sample().Save(At("x.keras"), CompressionLevel.Optimal);
        Assert.Equal("ü", ModelFile.Read(At("x.keras")).Model.Labels[2]);
    }

    [Fact]
    public void Deep_JSON_is_refused()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "attn_crnn.json"])
        {
            Sample().With(entry, Encoding.ASCII.GetBytes(new string('[', 1_000_000))).Save(At("x.keras"), CompressionLevel.NoCompression);
            Refused(entry);
        }
        var nested = string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50));
        Sample().WithConfig((_, layer) => layer("conv1d")["inbound_nodes"]![0]!["args"] = System.Text.Json.Nodes.JsonNode.Parse(nested)).Save(At("x.keras"));
        Refused("conv1d");
    }

    [Theory]
    [InlineData("conv1d", "\\ud800")] // half of a surrogate pair
    [InlineData("conv1d", "\u00ff")]   // and, below, a byte that is no UTF-8
    public void Texts_that_are_no_Unicode_are_refused(string before, string after)
    {
        Sample().With("config.json", Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(Sample()["config.json"]).Replace(before, after, StringComparison.Ordinal))).Save(At("x.keras"));
        Refused("config.json: found a text that is no Unicode");
    }

    [Fact]
    public void An_entry_that_is_missing_doubled_or_damaged_is_refused()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "model.weights.h5"])
        {
            Sample().Without(entry).Save(At("x.keras"));
            Refused($"no {entry}");
            Sample().Twice(entry).Save(At("x.keras"));
            Refused($"two entries named {entry}");
        }
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras"));
        bytes[bytes.Length / 2] ^= 1; // among the weights
        File.WriteAllBytes(At("x.keras"), bytes);
        Refused("model.weights.h5 damaged: its checksum is another");
    }

    [Theory]
    [InlineData(8, 1, "encrypted")] // the flags' lowest bit
    [InlineData(10, 12, "")] // compressed by bzip2, which nobody here reads
    [InlineData(24, 0x7FFFFFFF, "")] // its length
    public void A_header_that_says_something_else_is_refused(int field, int value, string says)
    {
        Sample().Save(At("x.keras"));
        var bytes = File.ReadAllBytes(At("x.keras"));
        var at = bytes.AsSpan().LastIndexOf("PK\u0001\u0002\u0014\0"u8); // the directory's last entry
        for (var next = 0; (next = bytes.AsSpan(next).IndexOf("PK\u0001\u0002"u8) is var found && found >= 0 ? next + found : -1) >= 0; next += 4)
        {
            at = next;
            if (field == 24) BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + field), value);
            else BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at + field), (short)value);
        }
        Assert.True(at >= 0);
        File.WriteAllBytes(At("x.keras"), bytes);
        Refused(says);
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_wherever_it_ends()
    {
        Sample().Save(At("whole.keras"));
        var whole = File.ReadAllBytes(At("whole.keras"));
        for (var length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(At("x.keras"), whole[..length]);
            Refused("");
        }
    }

    [Theory]
    [InlineData("not a zip at all", "expected a model that Keras 3 saved")]
    [InlineData("<!doctype html><html>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file, as Keras 2 saved models")]
    public void What_is_no_archive_is_named(string text, string says)
    {
        File.WriteAllBytes(At("x.keras"), Encoding.Latin1.GetBytes(text));
        Refused(says);
    }

    [Fact]
    public void Weights_that_are_missing_misshapen_or_no_numbers_are_refused_by_their_place()
    {
        var (model, tensors, _) = ModelSample.Of("v2");
        ModelFile.Write(At("x.keras"), model, [tensors[0] with { Values = [.. tensors[0].Values.Select((v, i) => i == 3 ? float.NaN : v)] }, .. tensors.Skip(1)]);
        Refused("model.weights.h5/layers/conv1d/vars/0: found NaN or infinity");
        Sample().WithConfig((_, layer) => layer("conv1d")["config"]!["filters"] = 7).Save(At("x.keras"));
        Refused("model.weights.h5/layers/conv1d/vars/0: found a tensor of [5, 4, 6], expected a tensor of [5, 4, 7]");
        var (other, otherTensors, _) = ModelSample.Of("bare attention");
        ModelFile.Write(At("y.keras"), other, otherTensors);
        Sample().With("model.weights.h5", KerasMaker.Of(At("y.keras"))["model.weights.h5"]).Save(At("x.keras"));
        Refused("found no layers/attention/vars/0");
    }

    private KerasMaker Sample()
    {
        var (model, tensors, optimiser) = ModelSample.Of("v2");
        ModelFile.Write(At("sample.keras"), model, tensors, optimiser);
        return KerasMaker.Of(At("sample.keras"));
    }

    private void Refused(string says)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<BadFileException>(() => ModelFile.Read(At("x.keras")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Most);
        Assert.Contains(says, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith(At("x.keras"), fault.Message, StringComparison.Ordinal);
    }
}
