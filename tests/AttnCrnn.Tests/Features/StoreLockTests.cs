using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Tests.Features;

/// <summary>A store is not pruned while another process uses it.</summary>
public sealed class StoreLockTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();

    public StoreLockTests() => Extract(new(folder.PathOf("store")));

    private string Store => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Pruning_is_refused_while_a_store_is_read_and_allowed_then()
    {
        var leftover = Path.Combine(Store, ".part-x.tmp");
        File.WriteAllText(leftover, "half a shard");
        using (FeatureStore.Open([Store]))
        {
            var exception = Assert.Throws<InvalidInputException>(() => Extract(new(Store) { Prune = true }));
            Assert.StartsWith(
                $"{Store}: prune removes files that another process uses",
                exception.Message,
                StringComparison.Ordinal
            );
            Assert.True(File.Exists(leftover));
        }
        Extract(new(Store) { Prune = true });
        Assert.False(File.Exists(leftover));
    }

    [Fact]
    public void Pruning_is_refused_while_another_extraction_writes()
    {
        using (StoreLock.Write(Store))
        using (StoreLock.Write(Store)) // several may
            Assert.Throws<InvalidInputException>(() => Extract(new(Store) { Prune = true }));
        Extract(new(Store) { Prune = true });
    }

    [Fact]
    public void Nothing_reads_or_writes_while_a_store_is_pruned()
    {
        using (StoreLock.Prune(Store))
        {
            Assert.Throws<InvalidInputException>(() => Extract(new(Store)));
            var exception = Assert.Throws<InvalidInputException>(() => FeatureStore.Open([Store]));
            Assert.Equal(
                $"{Store}: another process is removing clips from this store (prune): wait until it ends",
                exception.Message
            );
        }
        FeatureStore.Open([Store]).Dispose();
    }

    private void Extract(ExtractionOptions options) =>
        new FeatureExtractor(encoder, options, TimeProvider.System).Run(
            ToneClipBuilder.Create(folder, 3, "happy", "sad"),
            synthetic: true
        );
}
