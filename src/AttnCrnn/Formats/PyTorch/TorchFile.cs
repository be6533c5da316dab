using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>What a file of torch.save holds: its state dict, and the byte at which each storage begins.</summary>
internal sealed record TorchContent(PickleDict State, IReadOnlyDictionary<string, long> Places);

/// <summary>PyTorch's own files (torch/serialization.py): a zip archive since 1.6, before that pickles and bytes one after another.</summary>
internal static class TorchFile
{
    public const string SaveStateDict = "save model.state_dict(), and nothing else, with torch.save";

    private const string Expected = "a file of torch.save (pytorch_model.bin)";

    /// <summary>The tensors of a file, checked against its length; nothing of it is executed.</summary>
    /// <param name="file">The same file's path without links.</param>
    /// <exception cref="InvalidFileException">It is damaged, no state dict, or names what tensors do not need.</exception>
    public static IEnumerable<CheckpointTensor> Tensors(string path, string file)
    {
        using var stream = InputFile.Open(path, Expected);
        try
        {
            Span<byte> head = stackalloc byte[256];
            var had = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            if (head.StartsWith("PK\u0003\u0004"u8))
                return Tensors(path, file, TorchZip.Read(path, stream));
            if (head[0] is not (0x80 or (byte)'c' or (byte)'(')) // as a pickle begins: with its protocol, or in the oldest ones with a name or a mark
            {
                var other = InputFile.Recognize(head[..had]);
                throw new InvalidFileException(
                    path,
                    0,
                    other?.Found ?? InputFile.Show(head[..Math.Min(had, 4)]),
                    Expected,
                    other?.Remedy ?? SaveStateDict
                );
            }
            return Tensors(path, file, TorchLegacy.Read(path, stream));
        }
        catch (EndOfStreamException)
        {
            throw new InvalidFileException(
                path,
                stream.Length,
                "the end of the file",
                "what was there when it was opened",
                "the file was cut off while it was read: fetch it again"
            );
        }
    }

    private static List<CheckpointTensor> Tensors(string path, string file, TorchContent content)
    {
        var tensors = new List<CheckpointTensor>();
        foreach (var (name, value) in content.State)
        {
            if (value is not TorchTensor { Storage: var storage } tensor)
                throw new InvalidFileException(
                    path,
                    null,
                    $"{InputFile.Quote(name)}, which is no tensor",
                    "a state dict: names and tensors",
                    SaveStateDict
                );
            var size = ElementTypes.Bytes(storage.Type);
            var offset = content.Places[storage.Key] + (tensor.First * size);
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
