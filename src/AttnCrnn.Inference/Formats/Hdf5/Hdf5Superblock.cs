using AttnCrnn.IO;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>
/// Reads the superblock, versions 0 to 3 (HDF5 File Format Specification 3.0, section II.A), for the root group's
/// address. Addresses must have 8 bytes and be relative to the file's start, as written by Keras and h5py.
/// </summary>
internal static class Hdf5Superblock
{
    private const string Description = "the superblock";

    private static ReadOnlySpan<byte> Signature =>
        [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'];

    /// <summary>The address of the root group's object header.</summary>
    /// <exception cref="InvalidFileException">Not an HDF5 file, truncated, or an unsupported version.</exception>
    public static long FindRoot(Hdf5Bytes file)
    {
        var start = file.ClaimPart(0, Math.Min(9, file.Length), Description);
        if (start.Remaining < 9 || !file.GetSpan(0, Signature.Length).SequenceEqual(Signature))
        {
            var head = file.GetSpan(0, Math.Min(file.Length, 256));
            var recognized = InputFile.Recognize(head);
            throw file.Error(
                0,
                recognized?.Found ?? InputFile.FormatBytes(head[..Math.Min(head.Length, 8)]),
                "an HDF5 file",
                recognized?.Remedy ?? Hdf5Bytes.Damaged
            );
        }
        start.Skip(Signature.Length);
        return start.ReadVersion("superblock version", 0, 3) is var version && version < 2
            ? FindRootVersion0(file, version)
            : FindRootVersion2(file);
    }

    private static long FindRootVersion0(Hdf5Bytes file, int version)
    {
        var block = file.ClaimPart(9, version == 0 ? 87 : 91, Description);
        block.ReadVersion("free-space version", 0, 0);
        block.ReadVersion("root group version", 0, 0);
        block.Skip(1);
        block.ReadVersion("shared-header version", 0, 0);
        RequireSizes(block);
        block.Skip(version == 0 ? 9 : 13); // B-tree parameters and flags
        RequireBase(file, block);
        block.Skip(8); // free space
        RequireComplete(file, block);
        RequireNone(file, block, "a file driver's block (a file in several parts)");
        block.Skip(8); // link name offset of the root
        return block.ReadAddress();
    }

    private static long FindRootVersion2(Hdf5Bytes file)
    {
        var block = file.ClaimPart(9, 39, Description);
        RequireSizes(block);
        block.Skip(1); // flags
        RequireBase(file, block);
        RequireNone(file, block, "a superblock extension");
        RequireComplete(file, block);
        var root = block.ReadAddress();
        block.RequireChecksum(0);
        return root;
    }

    private static void RequireSizes(Hdf5Cursor block)
    {
        block.ReadVersion("bytes per address:", 8, 8);
        block.ReadVersion("bytes per length:", 8, 8);
    }

    private static void RequireBase(Hdf5Bytes file, Hdf5Cursor block)
    {
        var offset = block.Offset;
        if (block.ReadAddress() is not 0 and var origin)
            throw file.Error(
                offset,
                $"addresses that count from byte {origin} (a user block)",
                "from byte 0",
                Hdf5Bytes.SaveAgain
            );
    }

    private static void RequireComplete(Hdf5Bytes file, Hdf5Cursor block)
    {
        var offset = block.Offset;
        var length = block.ReadLength();
        if (length > file.Length)
            throw file.Error(offset, $"a file of {length} bytes", $"{file.Length} bytes");
    }

    private static void RequireNone(Hdf5Bytes file, Hdf5Cursor block, string description)
    {
        var offset = block.Offset;
        if (block.ReadAddress() != Hdf5Cursor.Undefined)
            throw file.Error(offset, description, "none", Hdf5Bytes.SaveAgain);
    }
}
