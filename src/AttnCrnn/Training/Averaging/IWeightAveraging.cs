using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Training.Averaging;

/// <summary>
/// An average of the trainable weights, with which a training is validated and which its models have; it continues
/// with the weights themselves. The memory is allocated once.
/// </summary>
internal interface IWeightAveraging : IDisposable
{
    /// <summary>
    /// The state, saved in checkpoints: a name for the tensors of each buffer, whose layout is that of the trainable
    /// part of the network's values.
    /// </summary>
    /// <param name="epochs">Completed epochs.</param>
    IReadOnlyList<AveragingState> GetState(int epochs);

    /// <summary>Called after each step of the optimizer.</summary>
    /// <param name="step">From 1, over the whole training.</param>
    void OnStep(long step);

    /// <summary>Called after the last step of each epoch; a resumed training may call it once more.</summary>
    /// <param name="epoch">From 0.</param>
    void OnEpochEnd(int epoch);

    /// <summary>Sets the network's trainable values to their average, until <see cref="UseTrained"/>.</summary>
    /// <param name="epochs">Number of calls of <see cref="OnEpochEnd"/>, for different epochs.</param>
    void UseAverage(int epochs);

    /// <summary>Sets the network's trainable values to those that training continues with.</summary>
    void UseTrained();
}

/// <summary>A part of the state of an average.</summary>
/// <param name="Name">Group of its tensors in checkpoints.</param>
/// <param name="Values">[trainable length].</param>
internal readonly record struct AveragingState(string Name, AlignedBuffer Values);
