using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Networks;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models;

/// <summary>A single layer for training, for up to two clips of four features.</summary>
internal sealed class LayerBuilder : IDisposable
{
    public const int Width = 4;

    /// <param name="maxFrames">Of all clips.</param>
    public LayerBuilder(LayerDeclaration declaration, WorkerPool workers, int maxFrames)
    {
        var network = new NetworkDeclaration(Width, [declaration]);
        Parameters = new Parameters(network, training: true);
        Layer = declaration.Create(
            new()
            {
                Name = network.Layers[0].Name,
                Occurrence = 0,
                Parameters = Parameters,
                Workers = workers,
                Input = new(new(maxFrames, 2, maxFrames), Width),
                Training = true,
                HasInputGradient = true,
                ExactConvolution = false,
            }
        );
    }

    public Layer Layer { get; }

    public Parameters Parameters { get; }

    public void Dispose()
    {
        Layer.Dispose();
        Parameters.Dispose();
    }
}
