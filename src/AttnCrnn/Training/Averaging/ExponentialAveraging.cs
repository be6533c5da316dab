using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;

namespace AttnCrnn.Training.Averaging;

/// <summary>
/// Exponential moving average over the steps, as in Keras' optimizers with use_ema: average = momentum · average +
/// (1 - momentum) · weights. After the first step it is the weights themselves.
/// </summary>
internal sealed class ExponentialAveraging : IWeightAveraging
{
    private readonly Disposables disposables = new();
    private readonly TrainableValues weights;
    private readonly float momentum;
    private readonly FloatBlocks blocks;
    private readonly AlignedBuffer average;
    private readonly AlignedBuffer trained; // the weights while the average is used
    private readonly AveragingState[] state;
    private readonly Action<int> updateTask;

    public ExponentialAveraging(TrainableValues weights, double momentum, WorkerPool workers)
    {
        this.weights = weights;
        this.momentum = (float)momentum;
        blocks = new(weights.Length, workers);
        average = disposables.Add(new AlignedBuffer(weights.Length));
        trained = disposables.Add(new AlignedBuffer(weights.Length));
        state = [new("average", average)];
        updateTask = UpdateBlock;
    }

    public static AveragingDefinition Definition { get; } =
        new("ema", WeightAveraging.Ema, [OptionKeys.EmaMomentum], (options, weights, workers) =>
            new ExponentialAveraging(weights, options.EmaMomentum, workers)
        );

    public IReadOnlyList<AveragingState> GetState(int epochs) => state;

    public void OnStep(long step)
    {
        if (step == 1)
            weights.Span.CopyTo(average.Span);
        else
            blocks.Run(updateTask);
    }

    public void OnEpochEnd(int epoch) { }

    public void UseAverage(int epochs)
    {
        weights.Span.CopyTo(trained.Span);
        average.Span.CopyTo(weights.Span);
    }

    public void UseTrained() => trained.Span.CopyTo(weights.Span);

    public void Dispose() => disposables.Dispose();

    private void UpdateBlock(int block) =>
        VectorMath.Mix(blocks.Slice(average.Span, block), momentum, blocks.Slice(weights.Span, block));
}
