using System.Text.Json;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;

namespace AttnCrnn.Bench.Encoders;

/// <summary>Writes the checksums.json of a checkpoint that is distributed with the program.</summary>
internal static class ChecksumsFile
{
    private static readonly string[] SmallFiles = ["config.json", "preprocessor_config.json"];

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static void Write(string folder)
    {
        var path = Path.Combine(folder, Checksums.FileName);
        File.Delete(path); // otherwise the tensors would be verified while they are read
        using var files = CheckpointFiles.Open(folder);
        var revision = SpeechCheckpoint.Open(folder).ComputeHash(files);
        var tensors = files
            .Tensors.Keys.Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => Checksums.ComputeHash(files.ReadBytes(name)));
        var small = SmallFiles.ToDictionary(
            name => name,
            name => Checksums.ComputeHash(File.ReadAllBytes(Path.Combine(folder, name)))
        );
        AtomicFile.WriteText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    revision,
                    files = small,
                    tensors,
                },
                Indented
            ) + "\n"
        );
    }
}
