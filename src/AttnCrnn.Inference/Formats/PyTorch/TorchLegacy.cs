using System.Buffers.Binary;
using System.Numerics;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// Reads torch.save files before PyTorch 1.6: five pickles (magic number, version, system information, state dict,
/// storage keys), then for each key the number of elements, 8 bytes, and the elements.
/// </summary>
internal static class TorchLegacy
{
    private const long Version = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356"); // 0x1950A86A20F9469CFC6C

    public static TorchContent Read(string path, FileStream stream)
    {
        var objects = new TorchObjects(stream.Length);
        var bytes = CreateReader();
        if (PickleReader.Read(bytes, objects) is not BigInteger magic || magic != Magic)
            throw bytes.Error("a pickle with other content", "PyTorch's magic number", TorchFile.SaveStateDict);
        if (PickleReader.Read(bytes = CreateReader(), objects) is not Version)
            throw bytes.Error(
                "an unsupported version",
                $"version {Version}",
                "save the model again with a newer PyTorch"
            );
        if (
            PickleReader.Read(bytes = CreateReader(), objects) is not PickleDict system
            || system.GetValueOrDefault("little_endian") is not true
        )
            throw bytes.Error(
                "data of a machine that is not little-endian",
                "'little_endian': True",
                "save the model on a little-endian machine"
            );
        if (PickleReader.Read(bytes = CreateReader(), objects) is not PickleDict state)
            throw bytes.Error(
                "a pickle with other content",
                "a state dict: names and tensors",
                TorchFile.SaveStateDict
            );
        if (PickleReader.Read(bytes = CreateReader(), objects) is not PickleList keys)
            throw bytes.Error("a pickle with other content", "the list of storages");
        return new(state, FindStorages(path, stream, keys, objects.Storages));

        PickleBytes CreateReader() => new(path, stream, stream.Length);
    }

    private static Dictionary<string, long> FindStorages(
        string path,
        FileStream stream,
        PickleList keys,
        IReadOnlyDictionary<string, TorchStorage> storages
    )
    {
        var offsets = new Dictionary<string, long>();
        var offset = stream.Position;
        foreach (var key in keys)
        {
            if (key is not string name || !storages.TryGetValue(name, out var storage))
                throw Error("a storage that no tensor uses", "the storages of the tensors");
            var bytes = storage.Count * ElementTypes.GetByteSize(storage.Type);
            if (stream.Length - offset < 8 + bytes)
                throw Error(
                    $"{stream.Length - offset} bytes to the end",
                    $"{8 + bytes} for storage {InputFile.Quote(name)}"
                );
            stream.Position = offset;
            var count = ReadCount(stream);
            if (count != storage.Count)
                throw Error($"a storage of {count} elements", $"{storage.Count}, as declared by its tensors");
            if (!offsets.TryAdd(name, offset + 8))
                throw Error($"storage {InputFile.Quote(name)} a second time", "each once");
            offset += 8 + bytes;
        }
        if (offsets.Count != storages.Count)
            throw Error($"{offsets.Count} storages", $"the {storages.Count} that tensors name");
        return offset == stream.Length
            ? offsets
            : throw Error($"{stream.Length - offset} bytes after the last storage", "the end of the file");

        InvalidFileException Error(string found, string expected) =>
            new(path, offset, found, expected, PickleBytes.Remedy);
    }

    private static long ReadCount(FileStream stream)
    {
        Span<byte> count = stackalloc byte[8];
        stream.ReadExactly(count);
        return BinaryPrimitives.ReadInt64LittleEndian(count);
    }
}
