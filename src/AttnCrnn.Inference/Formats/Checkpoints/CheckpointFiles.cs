using AttnCrnn.Formats.PyTorch;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>
/// A model's weights in the layout of the Hugging Face hub: model.safetensors or pytorch_model.bin, in one file or in
/// shards with an index. Tensor locations are read on opening, values on demand; no code is ever executed. Safe to read
/// from several threads.
/// </summary>
internal sealed class CheckpointFiles : IDisposable
{
    private static readonly string[] Names =
    [
        "model.safetensors",
        "model.safetensors.index.json",
        "pytorch_model.bin",
        "pytorch_model.bin.index.json",
    ];

    private readonly Dictionary<string, TensorFileReader> files = []; // by resolved path
    private readonly Dictionary<string, CheckpointTensor> tensors = new(StringComparer.Ordinal);

    private readonly Checksums? checksums;

    private CheckpointFiles(string path, Checksums? checksums)
    {
        Path = path;
        this.checksums = checksums;
    }

    /// <summary>The opened file: the weights, or the shard index.</summary>
    public string Path { get; }

    /// <summary>The tensors by name. Two names may share the same bytes (tied weights in PyTorch files).</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => tensors;

    /// <summary>Whether reads are verified by checksums: the files must then not be memory-mapped elsewhere.</summary>
    public bool HasChecksums => checksums is not null;

    /// <summary>The checkpoint's own identifier, or null.</summary>
    public string? Revision => checksums?.Revision;

    /// <summary>Opens a model's folder; safetensors is preferred.</summary>
    /// <exception cref="InvalidFileException">
    /// There are no weights, or a file is damaged, truncated, or would execute code.
    /// </exception>
    public static CheckpointFiles Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidFileException(folder, null, "no such folder", "a model's folder", "check the path");
        return Open(folder, Names, Checksums.Read(folder));
    }

    /// <summary>Opens the weights in a model's folder.</summary>
    /// <param name="names">
    /// Names of the files that may hold them, the preferred one first: .safetensors, their .index.json, or files of
    /// PyTorch.
    /// </param>
    /// <param name="checksums">The folder's checksums; null if it has none.</param>
    /// <exception cref="InvalidFileException">
    /// There are no weights, or a file is damaged, truncated, or would execute code.
    /// </exception>
    public static CheckpointFiles Open(string folder, IReadOnlyList<string> names, Checksums? checksums)
    {
        var name = names.FirstOrDefault(name => Exists(System.IO.Path.Combine(folder, name)))
            ?? throw new InvalidFileException(
                folder,
                null,
                "no weights",
                string.Join(" or ", names),
                "download the complete model; TensorFlow or Flax weights must be converted to PyTorch with transformers"
            );
        var checkpoint = new CheckpointFiles(System.IO.Path.Combine(folder, name), checksums);
        try
        {
            if (name.EndsWith(".index.json", StringComparison.Ordinal))
                checkpoint.AddShards(folder);
            else
                checkpoint.Add(checkpoint.Path, expectedTensors: null);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>Reads a tensor as float32, in row-major order, using two small buffers.</summary>
    /// <param name="destination">Destination, with as many elements as the tensor.</param>
    /// <exception cref="InvalidFileException">
    /// There is no such tensor, its type is not F32, F16, BF16 or F64, or its file was truncated after opening.
    /// </exception>
    public void Read(string name, Span<float> destination)
    {
        var tensor = Find(name);
        if (tensor.Count != destination.Length)
            throw new ArgumentException(
                $"{name} has {tensor.Count} elements, not {destination.Length}",
                nameof(destination)
            );
        if (HasChecksums)
            ElementTypes.ToSingles(tensor.Type, ReadBytes(name), destination);
        else if (tensor.Strides is { } strides)
            files[tensor.File].ReadStrided(name, tensor.Type, tensor.Offset, tensor.Shape, strides, destination);
        else
            files[tensor.File].Read(name, tensor.Type, tensor.Offset, destination);
    }

    /// <summary>Reads a tensor's stored bytes, in row-major order.</summary>
    /// <exception cref="InvalidFileException">
    /// There is no such tensor, its checksum does not match, or its file was truncated after opening.
    /// </exception>
    public byte[] ReadBytes(string name)
    {
        var tensor = Find(name);
        if (!tensor.IsContiguous)
            throw new ArgumentException($"{name} is not contiguous", nameof(name));
        var bytes = new byte[tensor.Bytes]; // bounded by the file size, which was checked on opening
        files[tensor.File].ReadBytes(name, tensor.Offset, bytes);
        checksums?.CheckTensor(name, bytes, Path, tensor.Offset);
        return bytes;
    }

    private CheckpointTensor Find(string name) =>
        tensors.TryGetValue(name, out var tensor)
            ? tensor
            : throw new InvalidFileException(
                Path,
                null,
                $"no tensor {InputFile.Quote(name)}",
                "a tensor of this name",
                "use a checkpoint of this architecture"
            );

    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
    }

    private static bool Exists(string path)
    {
        if (!File.Exists(path))
            return false; // also true for dangling links
        if (!File.Exists(RealPath.Resolve(path)))
            throw new InvalidFileException(
                path,
                null,
                $"a link to {new FileInfo(path).LinkTarget}, which does not exist",
                "the file",
                "the download is incomplete: download the model again"
            );
        return true;
    }

    private void AddShards(string folder)
    {
        foreach (var (name, expectedTensors) in CheckpointShardIndex.Read(Path))
        {
            var shard = System.IO.Path.Combine(folder, name);
            if (!Exists(shard))
                throw new InvalidFileException(
                    Path,
                    null,
                    $"no {InputFile.Quote(name)} next to it",
                    $"the {expectedTensors.Count} tensors it should hold",
                    "download the complete model"
                );
            Add(shard, expectedTensors);
        }
    }

    /// <param name="expectedTensors">The tensors that the index assigns to this file; null for all.</param>
    private void Add(string path, HashSet<string>? expectedTensors)
    {
        var file = RealPath.Resolve(path);
        foreach (
            var tensor in path.EndsWith(".safetensors", StringComparison.Ordinal)
                ? ReadSafetensors(path, file)
                : TorchFile.ReadTensors(path, file)
        )
            if (expectedTensors is null || expectedTensors.Remove(tensor.Name))
                tensors.Add(tensor.Name, tensor);
        if (expectedTensors is { Count: > 0 })
            throw new InvalidFileException(
                path,
                null,
                $"no tensor {InputFile.Quote(expectedTensors.First())}",
                $"all tensors that {System.IO.Path.GetFileName(Path)} lists",
                "index and shards belong to different models: download them again"
            );
        if (!files.ContainsKey(file))
            files.Add(file, new(path));
    }

    private static IEnumerable<CheckpointTensor> ReadSafetensors(string path, string file)
    {
        using var source = SafetensorsFile.Open(path);
        return
        [
            .. source.Entries.Values.Select(entry => new CheckpointTensor(
                entry.Name,
                entry.Type,
                entry.Shape,
                file,
                source.DataStart + entry.Begin,
                entry.End - entry.Begin,
                IsContiguous: true
            )),
        ];
    }
}
