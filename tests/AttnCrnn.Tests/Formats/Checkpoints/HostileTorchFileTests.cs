using static AttnCrnn.Testing.Formats.TorchBuilder;

namespace AttnCrnn.Tests.Formats.Checkpoints;

/// <summary>The two containers of pickles, damaged or with other contents than the pickle says.</summary>
public sealed class HostileTorchFileTests
{
    private const int Values = 6;
    private static readonly byte[] Whole = Tensor(Storage("0", Values), 0, [Values], [1]);

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
            "an invalid signature, expected the header of 'archive/data/0'",
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
}
