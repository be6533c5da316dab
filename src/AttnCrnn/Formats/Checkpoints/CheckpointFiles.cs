using AttnCrnn.Formats.PyTorch;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Checkpoints;

/// <summary>
/// The weights of a model as Hugging Face's hub lays them out: model.safetensors or pytorch_model.bin, whole or in shards with an index.
/// Their places are read at once, their numbers when asked for; no code in them is ever run. Safe to read from several threads.
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

    private readonly Dictionary<string, TensorFileReader> files = []; // by path without links
    private readonly Dictionary<string, CheckpointTensor> tensors = new(StringComparer.Ordinal);

    private readonly Checksums? checksums;

    private CheckpointFiles(string path, Checksums? checksums) => (Path, this.checksums) = (path, checksums);

    /// <summary>The file that was opened: the weights, or the index of their shards.</summary>
    public string Path { get; }

    /// <summary>The tensors by name. Two names may stand for the same bytes, as tied weights do in PyTorch's files.</summary>
    public IReadOnlyDictionary<string, CheckpointTensor> Tensors => tensors;

    /// <summary>Whether what is read is compared with a checksum: it must then be read here, and not be mapped elsewhere.</summary>
    public bool AreChecked => checksums is not null;

    /// <summary>What the checkpoint is known by, where it says so itself.</summary>
    public string? Revision => checksums?.Revision;

    /// <summary>Opens a model's folder; safetensors where both forms are there.</summary>
    /// <exception cref="InvalidFileException">There are no weights, or a file is damaged, cut off, or asks for code to be run.</exception>
    public static CheckpointFiles Open(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidFileException(folder, null, "no such folder", "a model's folder", "check the path");
        var name = Array.Find(Names, name => Exists(System.IO.Path.Combine(folder, name)))
            ?? throw new InvalidFileException(
                folder,
                null,
                "no weights",
                string.Join(" or ", Names),
                "fetch the model whole; weights of TensorFlow or Flax alone must be saved by transformers with PyTorch first"
            );
        var checkpoint = new CheckpointFiles(System.IO.Path.Combine(folder, name), Checksums.Read(folder));
        try
        {
            if (name.EndsWith(".index.json", StringComparison.Ordinal))
                checkpoint.AddShards(folder);
            else
                checkpoint.Add(checkpoint.Path, wanted: null);
            return checkpoint;
        }
        catch
        {
            checkpoint.Dispose();
            throw;
        }
    }

    /// <summary>A tensor's elements as float32, in row-major order, with no more memory than two small buffers.</summary>
    /// <param name="to">As many as the tensor has.</param>
    /// <exception cref="InvalidFileException">There is no such tensor, its elements are neither F32, F16, BF16 nor F64, or its file was cut off meanwhile.</exception>
    public void Read(string name, Span<float> to)
    {
        var tensor = Find(name);
        if (tensor.Count != to.Length)
            throw new ArgumentException($"{name} has {tensor.Count} elements, not {to.Length}", nameof(to));
        if (AreChecked)
            ElementTypes.ToSingles(tensor.Type, ReadBytes(name), to);
        else if (tensor.Strides is { } strides)
            files[tensor.File].ReadStrided(name, tensor.Type, tensor.Offset, tensor.Shape, strides, to);
        else
            files[tensor.File].Read(name, tensor.Type, tensor.Offset, to);
    }

    /// <summary>A tensor's bytes as they are stored, in row-major order.</summary>
    /// <exception cref="InvalidFileException">There is no such tensor, they are not what the checkpoint's checksums say, or the file was cut off meanwhile.</exception>
    public byte[] ReadBytes(string name)
    {
        var tensor = Find(name);
        if (!tensor.IsContiguous)
            throw new ArgumentException($"{name}: its elements do not stand in order", nameof(name));
        var bytes = new byte[tensor.Bytes]; // the file has as many: that was checked when it was opened
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
                "one",
                "take a checkpoint of this architecture"
            );

    public void Dispose()
    {
        foreach (var file in files.Values)
            file.Dispose();
    }

    private static bool Exists(string path)
    {
        if (!File.Exists(path))
            return false; // true for a link, wherever it leads
        if (!File.Exists(RealPath.Resolve(path)))
            throw new InvalidFileException(
                path,
                null,
                $"a link to {new FileInfo(path).LinkTarget}, which is not there",
                "the file",
                "the download was not finished: fetch the model again"
            );
        return true;
    }

    private void AddShards(string folder)
    {
        foreach (var (name, wanted) in CheckpointShardIndex.Read(Path))
        {
            var shard = System.IO.Path.Combine(folder, name);
            if (!Exists(shard))
                throw new InvalidFileException(
                    Path,
                    null,
                    $"no {InputFile.Quote(name)} beside it",
                    $"the {wanted.Count} tensors it should hold",
                    "fetch the model whole"
                );
            Add(shard, wanted);
        }
    }

    /// <param name="wanted">The tensors that the index has in this file, which may hold others; null for all.</param>
    private void Add(string path, HashSet<string>? wanted)
    {
        var file = RealPath.Resolve(path);
        foreach (
            var tensor in path.EndsWith(".safetensors", StringComparison.Ordinal)
                ? Safetensors(path, file)
                : TorchFile.Tensors(path, file)
        )
            if (wanted is null || wanted.Remove(tensor.Name))
                tensors.Add(tensor.Name, tensor);
        if (wanted is { Count: > 0 })
            throw new InvalidFileException(
                path,
                null,
                $"no tensor {InputFile.Quote(wanted.First())}",
                $"those that {System.IO.Path.GetFileName(Path)} names",
                "index and shards are of different models: fetch them again"
            );
        if (!files.ContainsKey(file))
            files.Add(file, new(path));
    }

    private static IEnumerable<CheckpointTensor> Safetensors(string path, string file)
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
