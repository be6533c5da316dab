using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Testing.Models;

/// <summary>Networks with Keras' weights, and batches for them.</summary>
internal sealed class KerasNetworkBuilder : IDisposable
{
    private readonly WorkerPool workers;

    private KerasNetworkBuilder(NetworkOptions options, int clips, int frames, int threads)
    {
        workers = new WorkerPool(threads);
        Network = new Network(options, workers, new(clips * frames, clips, frames), training: true);
        TrainingStep = TrainingStepBuilder.Create(Network, workers);
    }

    public Network Network { get; }

    /// <summary>With cross-entropy and Adam.</summary>
    public TrainingStep TrainingStep { get; }

    public static NetworkOptions Small { get; } =
        new(12, 6)
        {
            Conv1Filters = 8,
            Conv2Filters = 10,
            LstmUnits = 6,
            DenseUnits = 14,
        };

    public static IReadOnlyDictionary<string, NpyArray> Arrays(string name) =>
        NpzFile.Read(Fixtures.Path("keras", name));

    /// <summary>A network with the weights at prefix + Keras' name.</summary>
    public static KerasNetworkBuilder Load(
        NetworkOptions options,
        IReadOnlyDictionary<string, NpyArray> weights,
        string prefix = "",
        int clips = 8,
        int frames = 160,
        int threads = 2
    )
    {
        var fixture = new KerasNetworkBuilder(options, clips, frames, threads);
        foreach (var parameter in fixture.Network.Parameters.All)
        {
            var values = weights[prefix + parameter.Name];
            Assert.Equal(parameter.Shape, values.Shape);
            values.ToSingles().CopyTo(parameter.Values.Span);
        }
        return fixture;
    }

    /// <summary>[clips, frames, width] as a batch; the caller disposes of the buffer.</summary>
    public static PackedBatch Batch(AlignedBuffer buffer, NpyArray x)
    {
        x.ToSingles().CopyTo(buffer.Span);
        var (clips, frames) = (x.Shape[0], x.Shape[1]);
        return new(
            buffer.Rows(0, clips * frames, x.Shape[2]),
            [.. Enumerable.Range(0, clips + 1).Select(clip => clip * frames)],
            clips
        );
    }

    public void Dispose()
    {
        TrainingStep.Dispose();
        Network.Dispose();
        workers.Dispose();
    }
}
