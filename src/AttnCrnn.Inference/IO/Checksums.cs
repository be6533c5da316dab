using System.Globalization;
using System.IO.Hashing;
using System.Text.Json;

namespace AttnCrnn.IO;

/// <summary>
/// A checkpoint's checksums.json: XXH128 of every tensor and of the small files next to the weights. Each part is
/// verified when it is read. This detects damage, not tampering: for that, a SHA-256 is published with the weights.
/// </summary>
/// <param name="Path">Path of checksums.json.</param>
/// <param name="Revision">Identifies the checkpoint: the hash of all its files, computed with the checksums.</param>
/// <param name="Files">Hash by file name.</param>
/// <param name="Tensors">Hash of the stored bytes by tensor name.</param>
internal sealed record Checksums(
    string Path,
    string Revision,
    IReadOnlyDictionary<string, string> Files,
    IReadOnlyDictionary<string, string> Tensors
)
{
    /// <summary>File name in a checkpoint's folder.</summary>
    public const string FileName = "checksums.json";

    private const int MaxBytes = 1 << 20;
    private const string Expected =
        """checksums: {"revision": …, "files": {name: xxh128}, "tensors": {name: xxh128}}""";
    private const string Remedy = "install the program or the package again, or copy the folder from its source again";

    /// <summary>Reads a folder's checksums and verifies its small files; null if there is no checksums.json.</summary>
    /// <exception cref="InvalidFileException">The checksums are invalid, or a small file does not match.</exception>
    public static Checksums? Read(string folder)
    {
        var path = System.IO.Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        var json = new JsonSource(path, Expected, Remedy).Read(MaxBytes, new JsonDocumentOptions { MaxDepth = 4 });
        var checksums = new Checksums(
            path,
            json.GetString("revision"),
            ReadHashes(json.GetObject("files")),
            ReadHashes(json.GetObject("tensors"))
        );
        foreach (var (name, hash) in json.GetObject("files").Fields)
            checksums.CheckFile(
                System.IO.Path.Combine(folder, IsFileName(name) ? name : throw CreatePathTraversalError(hash))
            );
        return checksums;
    }

    /// <summary>Verifies a tensor's bytes.</summary>
    /// <param name="file">The file the tensor was read from, for messages.</param>
    /// <param name="offset">Byte offset in that file, for messages.</param>
    /// <exception cref="InvalidFileException">The hash does not match.</exception>
    public void CheckTensor(string name, ReadOnlySpan<byte> bytes, string file, long offset)
    {
        if (!Tensors.TryGetValue(name, out var expected))
            throw new InvalidFileException(
                file,
                offset,
                $"a tensor {InputFile.Quote(name)}",
                $"a tensor listed in {Path}",
                Remedy
            );
        if (ComputeHash(bytes) is var found && found != expected)
            throw new InvalidFileException(
                file,
                offset,
                $"{InputFile.Quote(name)} with the hash {found}",
                $"{expected}: the file is damaged",
                Remedy
            );
    }

    /// <summary>XXH128 in hexadecimal digits.</summary>
    public static string ComputeHash(ReadOnlySpan<byte> bytes) =>
        XxHash128.HashToUInt128(bytes).ToString("x32", CultureInfo.InvariantCulture);

    private static Dictionary<string, string> ReadHashes(JsonCursor json)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, hash) in json.Fields)
            if (!hashes.TryAdd(name, hash.RequireString()))
                throw hash.Error($"two entries for {InputFile.Quote(name)}", Expected);
        return hashes;
    }

    private static bool IsFileName(string name) =>
        name is not ("" or "." or "..") && name == System.IO.Path.GetFileName(name) && !name.Any(char.IsControl);

    private static InvalidFileException CreatePathTraversalError(JsonCursor hash) =>
        hash.Error("a name that leads out of the folder", Expected);

    private void CheckFile(string path)
    {
        using var stream = InputFile.Open(path, "a file of the checkpoint");
        if (stream.Length > MaxBytes)
            throw new InvalidFileException(path, null, $"{stream.Length} bytes", $"at most {MaxBytes}", Remedy);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var expected = Files[System.IO.Path.GetFileName(path)];
        if (ComputeHash(bytes) is var found && found != expected)
            throw new InvalidFileException(
                path,
                null,
                $"the hash {found}",
                $"{expected}: the file is damaged or was changed",
                Remedy
            );
    }
}
