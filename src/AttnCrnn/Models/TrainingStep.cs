using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models;

/// <summary>A training step of a network: forward pass, loss, backward pass, optimizer. Allocates nothing.</summary>
internal sealed class TrainingStep : IDisposable
{
    private readonly Network network;
    private readonly ILoss loss;
    private readonly IOptimizer optimizer;
    private readonly AlignedBuffer gradLogits;

    /// <param name="network">A network with memory for gradients; must stay alive, and is not disposed.</param>
    /// <param name="optimizer">Of the network's parameters.</param>
    public TrainingStep(Network network, ILoss loss, IOptimizer optimizer)
    {
        this.network = network;
        this.loss = loss;
        this.optimizer = optimizer;
        gradLogits = new AlignedBuffer(network.Capacity.Clips * network.Options.Classes);
    }

    /// <summary>Forward, loss and gradients of one batch.</summary>
    /// <param name="targets">[clips, classes], probabilities that sum to 1.</param>
    /// <param name="clipWeights">[clips], class weight per clip.</param>
    /// <param name="random">For dropout; null: none.</param>
    /// <param name="probabilities">Receives [clips, classes], computed with dropout.</param>
    /// <returns>Σ weight · loss / clips.</returns>
    public double ComputeGradients(
        PackedBatch clips,
        MatrixView targets,
        ReadOnlySpan<float> clipWeights,
        RandomStream? random,
        MatrixView probabilities
    )
    {
        network.Forward(clips, random, useBatchStatistics: true).CopyTo(probabilities);
        var gradient = gradLogits.Rows(0, clips.ClipCount, network.Options.Classes);
        var sum = 0.0;
        for (var clip = 0; clip < clips.ClipCount; clip++)
        {
            Softmax.Apply(probabilities[clip]);
            sum += clipWeights[clip] * loss.Compute(probabilities[clip], targets[clip], gradient[clip]);
            VectorMath.Scale(gradient[clip], clipWeights[clip] / clips.ClipCount, gradient[clip]);
        }
        network.Backward(gradient);
        return sum / clips.ClipCount;
    }

    /// <summary>One step of the optimizer with the gradients of the last batch.</summary>
    /// <param name="options">The hyperparameters of this step.</param>
    /// <param name="step">Step number, from 1, over the whole training.</param>
    public void Update(AdamOptions options, long step)
    {
        network.Profiler?.Start();
        optimizer.Update(options, step);
        network.Profiler?.Lap(network.OptimizerStage);
    }

    public void Dispose() => gradLogits.Dispose();
}
