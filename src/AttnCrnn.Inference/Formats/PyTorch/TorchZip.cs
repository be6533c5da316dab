using AttnCrnn.Formats.Zip;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// Reads torch.save files since PyTorch 1.6: a zip archive of NAME/data.pkl, which describes the tensors, and
/// NAME/data/0, 1, … with their bytes.
/// </summary>
internal static class TorchZip
{
    private const string Pickle = "/data.pkl";

    public static TorchContent Read(string path, FileStream stream)
    {
        var zip = ZipEntryLocations.Read(path, stream);
        var pickle = FindPickle(path, zip);
        var root = pickle.Name[..^Pickle.Length];
        RequireLittleEndian(path, stream, zip, root);
        var objects = new TorchObjects(stream.Length);
        stream.Position = zip.FindContent(pickle);
        var bytes = new PickleBytes(path, stream, stream.Position + pickle.Bytes);
        if (PickleReader.Read(bytes, objects) is not PickleDict state)
            throw bytes.Error(
                "a pickle with other content",
                "a state dict: names and tensors",
                TorchFile.SaveStateDict
            );
        return new(
            state,
            objects.Storages.Values.ToDictionary(
                storage => storage.Key,
                storage => FindStorage(path, zip, root, storage)
            )
        );
    }

    private static ZipEntryLocation FindPickle(string path, ZipEntryLocations zip)
    {
        var pickles = zip
            .Entries.Values.Where(entry =>
                entry.Name.IndexOf('/') == entry.Name.Length - Pickle.Length
                && entry.Name.EndsWith(Pickle, StringComparison.Ordinal)
            )
            .Take(2)
            .ToArray();
        return pickles.Length == 1
            ? pickles[0]
            : throw new InvalidFileException(
                path,
                null,
                $"a zip archive with {(pickles.Length == 0 ? "no" : "more than one")} data.pkl",
                "one, as torch.save writes it",
                TorchFile.SaveStateDict
            );
    }

    private static void RequireLittleEndian(string path, FileStream stream, ZipEntryLocations zip, string root)
    {
        if (!zip.Entries.TryGetValue(root + "/byteorder", out var entry))
            return; // not stored before PyTorch 2.1; assume little-endian
        Span<byte> order = stackalloc byte[16];
        order = order[..(int)Math.Min(entry.Bytes, order.Length)];
        stream.Position = zip.FindContent(entry);
        stream.ReadExactly(order);
        if (!order.SequenceEqual("little"u8))
            throw new InvalidFileException(
                $"{path}:{entry.Name}",
                null,
                InputFile.FormatBytes(order),
                "'little'",
                "save the model on a little-endian machine, or as model.safetensors"
            );
    }

    private static long FindStorage(string path, ZipEntryLocations zip, string root, TorchStorage storage)
    {
        var name = $"{root}/data/{storage.Key}";
        if (!zip.Entries.TryGetValue(name, out var entry))
            throw new InvalidFileException(
                path,
                null,
                $"no {InputFile.Quote(name)}",
                $"the {storage.Count} {storage.Type} of a tensor",
                PickleBytes.Remedy
            );
        var bytes = storage.Count * ElementTypes.GetByteSize(storage.Type);
        if (entry.Bytes != bytes)
            throw new InvalidFileException(
                $"{path}:{name}",
                null,
                $"{entry.Bytes} bytes",
                $"{bytes} for {storage.Count} {storage.Type}",
                PickleBytes.Remedy
            );
        return zip.FindContent(entry);
    }
}
