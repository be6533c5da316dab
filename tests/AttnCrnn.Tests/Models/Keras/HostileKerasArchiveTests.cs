using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Malicious or damaged zip archives.</summary>
public sealed class HostileKerasArchiveTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("../../evil")]
    [InlineData("assets/../../evil")]
    [InlineData("/etc/evil")]
    [InlineData("..\\evil")]
    public void A_path_outside_the_archive_is_rejected(string name)
    {
        Sample().WithEntry(name, [1, 2, 3]).Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "a name that leads out of the archive");
    }

    [Theory]
    [InlineData("model.weights.h5", 200_000_000)]
    [InlineData("config.json", 200_000_000)]
    [InlineData("attn_crnn.json", 17_000_000)]
    public void A_decompression_bomb_is_rejected_before_memory_is_allocated(string entry, int bytes)
    {
        Sample().WithEntry(entry, new byte[bytes]).Save(PathOf("x.keras"), CompressionLevel.Fastest);
        Assert.True(new FileInfo(PathOf("x.keras")).Length < bytes / 20);
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), entry);
    }

    [Fact]
    public void An_archive_compressed_by_other_tools_is_read()
    {
        Sample().Save(PathOf("x.keras"), CompressionLevel.Optimal);
        Assert.Equal("ü", ModelFile.Read(PathOf("x.keras")).Info.Labels[2]);
    }

    [Fact]
    public void A_missing_duplicate_or_damaged_entry_is_rejected()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "model.weights.h5"])
        {
            Sample().WithoutEntry(entry).Save(PathOf("x.keras"));
            KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), $"no {entry}");
            Sample().WithDuplicate(entry).Save(PathOf("x.keras"));
            KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), $"two entries named {entry}");
        }
        Sample().Save(PathOf("x.keras"));
        var bytes = File.ReadAllBytes(PathOf("x.keras"));
        bytes[bytes.Length / 2] ^= 1; // in the weights
        File.WriteAllBytes(PathOf("x.keras"), bytes);
        KerasAssert.AssertRejectedInBoundedMemory(
            PathOf("x.keras"),
            "model.weights.h5 damaged: its checksum does not match"
        );
    }

    [Theory]
    [InlineData(8, 1, "encrypted")] // the flags' lowest bit
    [InlineData(10, 12, "")] // compressed by bzip2, which is not supported
    [InlineData(24, 0x7FFFFFFF, "")] // its length
    public void An_inconsistent_header_is_rejected(int field, int value, string expected)
    {
        Sample().Save(PathOf("x.keras"));
        var bytes = File.ReadAllBytes(PathOf("x.keras"));
        var offset = bytes.AsSpan().LastIndexOf("PK\u0001\u0002\u0014\0"u8); // the directory's last entry
        for (
            var next = 0;
            (next = bytes.AsSpan(next).IndexOf("PK\u0001\u0002"u8) is var found && found >= 0 ? next + found : -1) >= 0;
            next += 4
        )
        {
            offset = next;
            if (field == 24)
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset + field), value);
            else
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(offset + field), (short)value);
        }
        Assert.True(offset >= 0);
        File.WriteAllBytes(PathOf("x.keras"), bytes);
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), expected);
    }

    [Fact]
    public void A_truncated_file_is_rejected_wherever_it_ends()
    {
        Sample().Save(PathOf("whole.keras"));
        var archive = File.ReadAllBytes(PathOf("whole.keras"));
        for (var length = 0; length < archive.Length; length += 97)
        {
            File.WriteAllBytes(PathOf("x.keras"), archive[..length]);
            KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "");
        }
    }

    [Theory]
    [InlineData("not a zip at all", "expected a model that Keras saved")]
    [InlineData("<!doctype html><html>", "an HTML page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "a Git LFS pointer")]
    [InlineData("\u0089HDF\r\n\u001a\n", "an HDF5 file")]
    public void Files_that_are_not_archives_are_identified(string text, string expected)
    {
        File.WriteAllBytes(PathOf("x.keras"), Encoding.Latin1.GetBytes(text));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), expected);
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
        Sample().WithEntry(entry, bytes).Save(PathOf("x.keras"), CompressionLevel.Fastest);
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), entry);
    }

    [Theory]
    [InlineData(-1L, -1L, 0L)]
    [InlineData(10L, -5L, 0L)]
    [InlineData(10L, 10L, -8L)]
    [InlineData(long.MaxValue, long.MaxValue, 0L)]
    public void Wrong_64_bit_sizes_are_rejected(long size, long packed, long header)
    {
        // The directory's last entry, with the zip64 field of large archives.
        Sample().Save(PathOf("x.keras"));
        var bytes = File.ReadAllBytes(PathOf("x.keras")).ToList();
        var changed = bytes.ToArray();
        var (offset, end) = (
            changed.AsSpan().LastIndexOf("PK\u0001\u0002"u8),
            changed.AsSpan().LastIndexOf("PK\u0005\u0006"u8)
        );
        foreach (var field in (int[])[20, 24, 42])
            for (var i = 0; i < 4; i++)
                bytes[offset + field + i] = 0xFF;
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
        bytes[offset + 30] = (byte)extra.Length;
        bytes[offset + 31] = 0;
        var extraLength = BinaryPrimitives.ReadUInt16LittleEndian(changed.AsSpan(offset + 30));
        var name = BinaryPrimitives.ReadUInt16LittleEndian(changed.AsSpan(offset + 28));
        bytes.RemoveRange(offset + 46 + name, extraLength);
        bytes.InsertRange(offset + 46 + name, extra);
        end += extra.Length - extraLength;
        var length = BitConverter.GetBytes(
            end - BinaryPrimitives.ReadInt32LittleEndian(changed.AsSpan(end - (extra.Length - extraLength) + 16))
        );
        for (var i = 0; i < 4; i++)
            bytes[end + 12 + i] = length[i];
        File.WriteAllBytes(PathOf("x.keras"), [.. bytes]);
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "");
    }

    [Fact]
    public void Weights_larger_than_the_file_are_rejected_before_allocation()
    {
        Sample().Save(PathOf("x.keras"));
        var bytes = File.ReadAllBytes(PathOf("x.keras"));
        var offset = bytes.AsSpan().LastIndexOf("model.weights.h5"u8) - 46; // in the directory
        Assert.True(bytes.AsSpan(offset).StartsWith("PK\u0001\u0002"u8));
        foreach (var field in (int[])[20, 24])
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(offset + field), 1_900_000_000);
        File.WriteAllBytes(PathOf("x.keras"), bytes);
        KerasAssert.AssertRejectedInBoundedMemory(
            PathOf("x.keras"),
            "model.weights.h5 of 1900000000 bytes in 1900000000"
        );
    }

    private KerasBuilder Sample() => KerasBuilder.FromSmallModel(PathOf("sample.keras"));
}
