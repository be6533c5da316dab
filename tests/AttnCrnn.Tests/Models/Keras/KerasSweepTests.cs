using System.IO.Compression;
using AttnCrnn.Models;
using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Weights;
using AttnCrnn.Tests.Formats;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>
/// More than 20,000 values planted over each of two small archives: half over the file itself, where checksums detect
/// them, half within the entries, with checksums recomputed. Each is rejected or gives a consistent model, within 64
/// MiB.
/// </summary>
public sealed class KerasSweepTests : IDisposable
{
    private const int PlacesOfEach = 600;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v2")]
    [InlineData("mix")]
    public void A_value_planted_in_an_archive_is_rejected_or_gives_a_consistent_model(string kind)
    {
        var path = folder.At("x.keras");
        var (model, tensors, optimizer) = SmallModelBuilder.Create(kind);
        ModelFile.Write(path, model, tensors, optimizer);
        float[] original = [.. tensors.SelectMany(modelTensor => modelTensor.Values)];

        // The checksums cover all but unused fields, such as the dates.
        var whole = File.ReadAllBytes(path);
        var over = PlantedValues.Sweep(whole, Places(whole.Length), Read, (answer, _, _) =>
            Assert.Equal(original, answer is null ? original : Values(answer))
        );

        var entries = KerasBuilder.FromFile(path).Entries;
        var (planted, answered, changed) = (over.Planted, 0, 0);
        foreach (var (name, bytes) in entries)
        {
            var within = PlantedValues.Sweep(
                bytes,
                Places(bytes.Length, entries.Sum(entry => entry.Bytes.Length)),
                file => Read(Zip(entries, name, file)),
                (answer, _, _) =>
                {
                    if (answer is null)
                        return;
                    RequireFit(answer);
                    if (!original.SequenceEqual(Values(answer)))
                        changed++;
                }
            );
            planted += within.Planted;
            answered += within.Answered;
        }
        Assert.InRange(planted, 20_000, int.MaxValue);
        Assert.InRange(over.Answered, 1, over.Planted / 2);
        Assert.InRange(changed, 1, answered - 1); // values among the weights, which are read as they are
    }

    private static IEnumerable<int> Places(int length, int? nullable = null)
    {
        var count = (int)((long)PlacesOfEach * length / (nullable ?? length)) + 1;
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
        catch (InvalidInputException fault) when (fault is not InvalidFileException)
        {
            Assert.Contains("--labels", fault.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static void RequireFit(TrainedModel content)
    {
        Assert.Equal(
            Parameters.ListShapes(content.Info.Network).Select(valueTuple => valueTuple.Name),
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

    private static byte[] Zip(IReadOnlyList<(string Name, byte[] Bytes)> entries, string changed, byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(name == changed ? bytes : content);
            }
        }
        return stream.ToArray();
    }
}
