using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>Content of a torch.save file.</summary>
/// <param name="State">The state dict, or a dictionary that holds it.</param>
/// <param name="Offsets">Byte offset of each storage by its key.</param>
internal sealed record TorchContent(PickleDict State, IReadOnlyDictionary<string, long> Offsets);

/// <summary>
/// Reads torch.save files (torch/serialization.py): a zip archive since PyTorch 1.6, before that concatenated pickles
/// and bytes.
/// </summary>
internal static class TorchFile
{
    public const string SaveStateDict = "save model.state_dict(), and nothing else, with torch.save";

    // A checkpoint of a training by fairseq is a dictionary with the state dict of the model and that of the optimizer.
    private const string TrainingModel = "model";

    private const string Expected = "a file of torch.save (pytorch_model.bin)";

    /// <summary>Lists a file's tensors, with validated bounds; no code is executed.</summary>
    /// <param name="path">The path for messages.</param>
    /// <param name="file">The same path with links resolved.</param>
    /// <exception cref="InvalidFileException">
    /// The file is damaged, not a state dict, or refers to Python names that tensors do not need.
    /// </exception>
    public static IEnumerable<CheckpointTensor> ReadTensors(string path, string file)
    {
        using var stream = InputFile.Open(path, Expected);
        try
        {
            Span<byte> head = stackalloc byte[256];
            var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            if (head.StartsWith("PK\u0003\u0004"u8))
                return ReadTensors(path, file, TorchZip.Read(path, stream));
            // Protocol 2 and later start with PROTO; protocol 0 and 1 pickles start with GLOBAL or MARK.
            if (head[0] is not (0x80 or (byte)'c' or (byte)'('))
            {
                var recognized = InputFile.Recognize(head[..count]);
                throw new InvalidFileException(
                    path,
                    0,
                    recognized?.Found ?? InputFile.FormatBytes(head[..Math.Min(count, 4)]),
                    Expected,
                    recognized?.Remedy ?? SaveStateDict
                );
            }
            return ReadTensors(path, file, TorchLegacy.Read(path, stream));
        }
        catch (EndOfStreamException)
        {
            throw new InvalidFileException(
                path,
                stream.Length,
                "the end of the file",
                "the content present when it was opened",
                "the file was truncated while it was read: download it again"
            );
        }
    }

    private static List<CheckpointTensor> ReadTensors(string path, string file, TorchContent content)
    {
        var tensors = new List<CheckpointTensor>();
        var state = content.State.GetValueOrDefault(TrainingModel) as PickleDict ?? content.State;
        if (state.OtherKeyOffset is { } position)
            throw new InvalidFileException(
                path,
                position,
                "a key that is not a string",
                "a state dict: names and tensors",
                SaveStateDict
            );
        foreach (var (name, value) in state)
        {
            if (value is not TorchTensor { Storage: var storage } tensor)
                throw new InvalidFileException(
                    path,
                    null,
                    $"{InputFile.Quote(name)}, which is not a tensor",
                    "a state dict: names and tensors",
                    SaveStateDict
                );
            var size = ElementTypes.GetByteSize(storage.Type);
            var offset = content.Offsets[storage.Key] + (tensor.First * size);
            tensors.Add(
                new(name, storage.Type, tensor.Shape, file, offset, tensor.Count * size, tensor.Strides is null)
                {
                    Strides = tensor.Strides,
                }
            );
        }
        return tensors;
    }
}
