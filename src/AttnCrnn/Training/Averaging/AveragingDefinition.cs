using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Training.Averaging;

/// <summary>A method of weight averaging, as options select it.</summary>
/// <param name="Name">Value of the option.</param>
/// <param name="Options">Options that it uses.</param>
/// <param name="Create">Creates it for the trainable values of a network: those in the first elements.</param>
internal sealed record AveragingDefinition(
    string Name,
    WeightAveraging Averaging,
    IReadOnlyList<OptionKey> Options,
    Func<TrainingOptions, TrainableValues, WorkerPool, IWeightAveraging> Create
) : TrainingVariant(Name, Options);

/// <summary>The trainable values of a network.</summary>
/// <param name="Buffer">All values; must stay alive.</param>
/// <param name="Length">Number of trainable values, which come first.</param>
internal readonly record struct TrainableValues(AlignedBuffer Buffer, int Length)
{
    /// <summary>[<see cref="Length"/>].</summary>
    public Span<float> Span => Buffer.Span[..Length];
}
