using static AttnCrnn.Testing.Formats.TorchBuilder;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>Both containers of pickles, damaged or with contents that contradict the pickle.</summary>
public sealed class HostileTorchFileTests
{
    private const int Values = 6;
    private static readonly byte[] ValidTensor = Tensor(Storage("0", Values), 0, [Values], [1]);

    [Fact]
    public void A_legacy_file_with_trailing_bytes_or_wrong_counts_is_rejected()
    {
        var file = Legacy(State(("x", ValidTensor)), ("0", new float[Values]));
        using var trailing = CheckpointBuilder.CreateTorch([.. file, 0]);
        Assert.Contains("1 bytes after the last storage", trailing.AssertRejected().Message, StringComparison.Ordinal);
        file[^((Values * 4) + 8)]++;
        using var count = CheckpointBuilder.CreateTorch(file);
        Assert.Contains("a storage of 7 elements", count.AssertRejected().Message, StringComparison.Ordinal);
        using var twice = CheckpointBuilder.CreateTorch(
            Legacy(State(("x", ValidTensor)), ("0", new float[Values]), ("0", new float[Values]))
        );
        Assert.Contains("a second time", twice.AssertRejected().Message, StringComparison.Ordinal);
        using var plainFile = CheckpointBuilder.CreateTorch(Legacy(State(("x", ValidTensor))));
        Assert.Contains("0 storages", plainFile.AssertRejected().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_with_wrong_entry_offsets_is_rejected()
    {
        var zip = Zip(State(("x", ValidTensor)), ("data/0", new byte[Values * 4]));
        var directory = (int)BitConverter.ToUInt32(zip, zip.Length - 6);
        foreach (var offset in (int[])[42, 43, 44, 45]) // the local header's offset
        {
            using var folder = CheckpointBuilder.CreateTorch([
                .. zip[..(directory + offset)],
                (byte)(zip[directory + offset] ^ 0x55),
                .. zip[(directory + offset + 1)..],
            ]);
            folder.AssertRejected();
        }
        var name = zip.AsSpan().IndexOf("archive/data/0"u8); // in the local header, not in the central directory
        using var renamed = CheckpointBuilder.CreateTorch([.. zip[..(name + 13)], (byte)'1', .. zip[(name + 14)..]]);
        Assert.Contains(
            "an invalid signature, expected the header of 'archive/data/0'",
            renamed.AssertRejected().Message,
            StringComparison.Ordinal
        );
        using var storage = CheckpointBuilder.CreateTorch(
            Zip(State(("x", ValidTensor)), ("data/0", new byte[(Values * 4) - 1]))
        );
        Assert.Contains("23 bytes, expected 24", storage.AssertRejected().Message, StringComparison.Ordinal);
        using var missing = CheckpointBuilder.CreateTorch(Zip(State(("x", ValidTensor))));
        Assert.Contains("no 'archive/data/0'", missing.AssertRejected().Message, StringComparison.Ordinal);
        using var outsideFile = CheckpointBuilder.CreateTorch(
            Zip(State(("x", Tensor(Storage("../../x", 6), 0, [6], [1]))), ("data/0", new byte[Values * 4]))
        );
        Assert.Contains("no 'archive/data/../../x'", outsideFile.AssertRejected().Message, StringComparison.Ordinal);
    }
}
