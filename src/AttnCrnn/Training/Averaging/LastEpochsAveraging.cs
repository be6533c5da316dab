using System.Globalization;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Options;

namespace AttnCrnn.Training.Averaging;

/// <summary>
/// Mean of the weights after each of the last epochs (stochastic weight averaging, Izmailov et al. 2018, over a window,
/// because early stopping may end the training after any epoch).
/// </summary>
internal sealed class LastEpochsAveraging : IWeightAveraging
{
    private readonly Disposables disposables = new();
    private readonly TrainableValues weights;
    private readonly AlignedBuffer trained; // the weights while the average is used
    private readonly AveragingState[] snapshots; // that of an epoch is at the epoch modulo the length

    /// <param name="epochs">Length of the window.</param>
    public LastEpochsAveraging(TrainableValues weights, int epochs)
    {
        this.weights = weights;
        trained = disposables.Add(new AlignedBuffer(weights.Length));
        snapshots = new AveragingState[epochs];
        for (var i = 0; i < epochs; i++)
            snapshots[i] = new(
                string.Create(CultureInfo.InvariantCulture, $"snapshot_{i}"),
                disposables.Add(new AlignedBuffer(weights.Length))
            );
    }

    public static AveragingDefinition Definition { get; } =
        new("last", WeightAveraging.Last, [OptionKeys.AverageEpochs], (options, weights, _) =>
            new LastEpochsAveraging(weights, options.AverageEpochs)
        );

    public IReadOnlyList<AveragingState> GetState(int epochs) => snapshots[..CountSnapshots(epochs)];

    public void OnStep(long step) { }

    public void OnEpochEnd(int epoch) => weights.Span.CopyTo(snapshots[epoch % snapshots.Length].Values.Span);

    public void UseAverage(int epochs)
    {
        var values = weights.Span;
        values.CopyTo(trained.Span);
        var count = CountSnapshots(epochs);
        snapshots[0].Values.Span.CopyTo(values);
        for (var i = 1; i < count; i++)
            VectorMath.Add(values, snapshots[i].Values.Span, values);
        VectorMath.Scale(values, 1f / count, values);
    }

    public void UseTrained() => trained.Span.CopyTo(weights.Span);

    public void Dispose() => disposables.Dispose();

    private int CountSnapshots(int epochs) => Math.Min(epochs, snapshots.Length);
}
