using System.Buffers.Binary;
using System.IO.Compression;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Model;

namespace AttnCrnn.Tests.Interop;

/// <summary>
/// Values planted all over two small archives: 20,000 each, half of them over the file as it is, where the checksums stand guard, half within the entries of an archive
/// whose checksums are right again. Each is an error of ours, or a model that fits itself; none takes 64 MiB.
/// </summary>
public sealed class KerasSweepTests : IDisposable
{
    private const int Planted = 10_000;
    private const long Most = 64 << 20;

    private static readonly (int Bytes, long Value)[] Values =
    [
        (1, 0), (1, 0xFF), (1, 0x80), (1, '"'), (1, '9'), (2, 0xFFFF), (4, 0), (4, 0x7FFFFFFF), (4, -1), (4, 1), (8, -1), (8, long.MaxValue), (8, 1L << 33), (8, 0), (8, 64),
    ];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData("v2")]
    [InlineData("mix")]
    public void Planted_values_are_an_error_of_ours_or_a_model_that_fits_itself(string kind)
    {
        var path = Path.Combine(folder.FullName, "x.keras");
        var (model, tensors, optimiser) = ModelSample.Of(kind);
        ModelFile.Write(path, model, tensors, optimiser);
        var maker = KerasMaker.Of(path);
        var whole = File.ReadAllBytes(path);
        var entries = maker.Entries;
        var inside = entries.Sum(entry => entry.Bytes.Length);
        long largest = 0;
        var (refused, read, same) = (0, 0, 0);
        Parallel.For(0, 2 * Planted, new ParallelOptions { MaxDegreeOfParallelism = 2 }, trial =>
        {
            var (place, isWhole) = (trial / 2, trial % 2 == 0);
            var (bytes, value) = Values[place % Values.Length];
            var archive = isWhole ? Plant(whole, (int)((long)place * (whole.Length - 8) / Planted), bytes, value) : Zip(entries, (int)((long)place * (inside - 8) / Planted), bytes, value);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var content = ModelFile.Read(KerasArchive.Read("x.keras", new MemoryStream(archive), ModelDescription.Entry), null, withOptimiser: true);
                Check(content);
                Interlocked.Increment(ref read);
                if (isWhole)
                {
                    // Past the checksums there is only what nobody reads, as the dates.
                    Assert.Equal(tensors.SelectMany(of => of.Values), content.Tensors.SelectMany(of => of.Values));
                    Interlocked.Increment(ref same);
                }
            }
            catch (RefusedException)
            {
                Interlocked.Increment(ref refused);
            }
            var took = GC.GetAllocatedBytesForCurrentThread() - before;
            for (var known = Volatile.Read(ref largest); took > known; known = Volatile.Read(ref largest)) Interlocked.CompareExchange(ref largest, took, known);
        });
        Assert.Equal(2 * Planted, refused + read);
        Assert.True(refused > Planted && read > same && same > 0, $"{refused} refused, {read} read, {same} of them as they were");
        Assert.InRange(largest, 1, Most);
    }

    private static void Check(ModelContent content)
    {
        Assert.Equal(Parameters.Shapes(content.Model.Network).Select(of => of.Name), content.Tensors.Select(of => of.Name));
        Assert.All(content.Tensors, tensor => Assert.Equal(tensor.Shape.Aggregate(1, (a, b) => a * b), tensor.Values.Length));
        Assert.DoesNotContain(content.Tensors, tensor => tensor.Values.Any(value => !float.IsFinite(value)));
        Assert.Equal(content.Model.Network.Classes, content.Model.Labels.Count);
    }

    private static byte[] Plant(byte[] whole, int at, int bytes, long value)
    {
        var copy = (byte[])whole.Clone();
        Span<byte> planted = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(planted, value);
        planted[..bytes].CopyTo(copy.AsSpan(at));
        return copy;
    }

    private static byte[] Zip(IReadOnlyList<(string Name, byte[] Bytes)> entries, int at, int bytes, long value)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(at >= 0 && at <= content.Length - 8 ? Plant(content, at, bytes, value) : content);
                at -= content.Length;
            }
        }
        return stream.ToArray();
    }
}
