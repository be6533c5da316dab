using System.IO.Compression;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Model;
using AttnCrnn.Tests.Formats;

namespace AttnCrnn.Tests.Interop;

/// <summary>
/// Values planted all over two small archives, more than 20,000 each: half of them over the file as it is, where the checksums stand guard, half within the entries of an
/// archive whose checksums are right again. Each is refused, or gives a model that fits itself; none takes 64 MiB.
/// </summary>
public sealed class KerasSweepTests : IDisposable
{
    private const int PlacesOfEach = 600;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v2")]
    [InlineData("mix")]
    public void A_value_planted_in_an_archive_is_refused_or_gives_a_model_that_fits_itself(string kind)
    {
        var path = folder.At("x.keras");
        var (model, tensors, optimiser) = ModelSample.Of(kind);
        ModelFile.Write(path, model, tensors, optimiser);
        float[] original = [.. tensors.SelectMany(of => of.Values)];

        // Past the checksums there is only what nobody reads, such as the dates.
        var whole = File.ReadAllBytes(path);
        var over = PlantedValues.Sweep(whole, Places(whole.Length), Read, (answer, _, _) => Assert.Equal(original, answer is null ? original : Values(answer)));

        var entries = KerasMaker.Of(path).Entries;
        var (planted, answered, changed) = (over.Planted, 0, 0);
        foreach (var (name, bytes) in entries)
        {
            var within = PlantedValues.Sweep(bytes, Places(bytes.Length, entries.Sum(entry => entry.Bytes.Length)), file => Read(Zip(entries, name, file)), (answer, _, _) =>
            {
                if (answer is null) return;
                RequireFit(answer);
                if (!original.SequenceEqual(Values(answer))) changed++;
            });
            (planted, answered) = (planted + within.Planted, answered + within.Answered);
        }
        Assert.InRange(planted, 20_000, int.MaxValue);
        Assert.InRange(over.Answered, 1, over.Planted / 2);
        Assert.InRange(changed, 1, answered - 1); // numbers among the weights, which are what the file says
    }

    private static IEnumerable<int> Places(int length, int? of = null)
    {
        var count = (int)((long)PlacesOfEach * length / (of ?? length)) + 1;
        return Enumerable.Range(0, count).Select(i => (int)((long)i * length / count));
    }

    // Null: refused for its labels, which is no fault of the file.
    private static ModelContent? Read(byte[] file)
    {
        try
        {
            return ModelFile.Read(KerasArchive.Read("x.keras", new MemoryStream(file), ModelDescription.Entry), null, withOptimiser: true);
        }
        catch (RefusedException fault) when (fault is not BadFileException)
        {
            Assert.Contains("--labels", fault.Message, StringComparison.Ordinal);
            return null;
        }
    }

    private static void RequireFit(ModelContent content)
    {
        Assert.Equal(Parameters.Shapes(content.Model.Network).Select(of => of.Name), content.Tensors.Select(of => of.Name));
        Assert.All(content.Tensors, tensor => Assert.Equal(tensor.Shape.Aggregate(1, (a, b) => a * b), tensor.Values.Length));
        Assert.True(Values(content).All(float.IsFinite));
        Assert.Equal(content.Model.Network.Classes, content.Model.Labels.Count);
        Assert.Equal(content.Model.Network.FrameWidth, content.Model.Encoder.FrameWidth);
    }

    private static float[] Values(ModelContent content) => [.. content.Tensors.SelectMany(of => of.Values)];

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
