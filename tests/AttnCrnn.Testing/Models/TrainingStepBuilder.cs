using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Testing.Models;

/// <summary>Training steps with the default loss and optimizer.</summary>
internal static class TrainingStepBuilder
{
    /// <summary>Steps of a network with cross-entropy and Adam; the caller disposes of the result.</summary>
    public static TrainingStep Create(Network network, WorkerPool workers) =>
        new(network, new CrossEntropy(), new Adam(new ParameterBlocks(network.Parameters, workers)));
}
