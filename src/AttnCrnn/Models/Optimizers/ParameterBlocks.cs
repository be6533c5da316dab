using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Optimizers;

/// <summary>
/// The trainable parameters of a network in blocks of a fixed size, which threads process in any order. A block may
/// end within a tensor; the padding between tensors, whose values and gradients are 0, is part of the blocks.
/// </summary>
internal sealed class ParameterBlocks(Parameters parameters, WorkerPool workers)
{
    private readonly FloatBlocks blocks = new(parameters.TrainableLength, workers);

    public int Count => blocks.Count;

    public Span<float> GetValues(int block) => blocks.Slice(parameters.Values.Span, block);

    public Span<float> GetGradients(int block) => blocks.Slice(parameters.Gradients.Span, block);

    public Span<float> GetFirstMoment(int block) => blocks.Slice(parameters.FirstMoment.Span, block);

    public Span<float> GetSecondMoment(int block) => blocks.Slice(parameters.SecondMoment.Span, block);

    /// <summary>Runs a task for every block.</summary>
    public void Run(Action<int> task) => blocks.Run(task);
}
