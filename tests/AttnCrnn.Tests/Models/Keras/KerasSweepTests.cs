using System.IO.Compression;
using AttnCrnn.Models;
using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Weights;
using AttnCrnn.Tests.Formats;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>
/// More than 20,000 mutations of each of two small archives: half overwrite the file itself, where checksums detect
/// them, half the content of its entries, with recomputed checksums. Each mutated archive is rejected or gives a
/// consistent model, within 64 MiB.
/// </summary>
public sealed class KerasSweepTests : IDisposable
{
    private const int OffsetsPerFile = 600;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v2")]
    [InlineData("mix")]
    public void A_mutated_archive_is_rejected_or_gives_a_consistent_model(string kind)
    {
        var path = folder.PathOf("x.keras");
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFileWriter.Write(path, model, tensors, optimizer);
        float[] original = [.. tensors.SelectMany(modelTensor => modelTensor.Values)];

        // Only unused fields, such as the dates, are not covered by checksums.
        var archive = File.ReadAllBytes(path);
        var overwritten = ByteMutation.Sweep(archive, SelectOffsets(archive.Length), Read, (parsed, _, _) =>
            Assert.Equal(original, parsed is null ? original : Values(parsed))
        );

        var entries = KerasBuilder.FromFile(path).Entries;
        var (mutationCount, accepted, changedCount) = (overwritten.MutationCount, 0, 0);
        foreach (var (name, bytes) in entries)
        {
            var inContent = ByteMutation.Sweep(
                bytes,
                SelectOffsets(bytes.Length, entries.Sum(entry => entry.Bytes.Length)),
                file => Read(Zip(entries, name, file)),
                (parsed, _, _) =>
                {
                    if (parsed is null)
                        return;
                    RequireFit(parsed);
                    if (!original.SequenceEqual(Values(parsed)))
                        changedCount++;
                }
            );
            mutationCount += inContent.MutationCount;
            accepted += inContent.Accepted;
        }
        Assert.InRange(mutationCount, 20_000, int.MaxValue);
        Assert.InRange(overwritten.Accepted, 1, overwritten.MutationCount / 2);
        Assert.InRange(changedCount, 1, accepted - 1); // values among the weights, which are read as they are
    }

    private static IEnumerable<int> SelectOffsets(int length, int? totalLength = null)
    {
        var count = (int)((long)OffsetsPerFile * length / (totalLength ?? length)) + 1;
        return Enumerable.Range(0, count).Select(i => (int)((long)i * length / count));
    }

    // Null: rejected for its labels, which is not an invalid file.
    private static TrainedModel? Read(byte[] file)
    {
        try
        {
            return ModelFile.Read(
                KerasArchive.Read("x.keras", new MemoryStream(file), ModelDescription.Entry),
                null,
                withOptimizer: true
            );
        }
        catch (InvalidInputException exception) when (exception is not InvalidFileException)
        {
            Assert.Contains("labels", exception.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static void RequireFit(TrainedModel content)
    {
        Assert.Equal(
            Parameters.ListShapes(content.Info.Network).Select(shape => shape.Name),
            content.Tensors.Select(modelTensor => modelTensor.Name)
        );
        Assert.All(content.Tensors, tensor =>
            Assert.Equal(tensor.Shape.Aggregate(1, (a, b) => a * b), tensor.Values.Length)
        );
        Assert.True(Values(content).All(float.IsFinite));
        Assert.Equal(content.Info.Network.Classes, content.Info.Labels.Count);
        Assert.Equal(content.Info.Network.FrameWidth, content.Info.Encoder.FrameWidth);
    }

    private static float[] Values(TrainedModel content) =>
        [.. content.Tensors.SelectMany(modelTensor => modelTensor.Values)];

    private static byte[] Zip(IReadOnlyList<(string Name, byte[] Bytes)> entries, string changedEntry, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name == changedEntry ? bytes : content);
            }
        }
        return stream.ToArray();
    }
}
