namespace AttnCrnn.Training.Averaging;

/// <summary>No average: models have the weights of the last step.</summary>
internal sealed class NoAveraging : IWeightAveraging
{
    public static AveragingDefinition Definition { get; } =
        new("none", WeightAveraging.None, [], (_, _, _) => new NoAveraging());

    public IReadOnlyList<AveragingState> GetState(int epochs) => [];

    public void OnStep(long step) { }

    public void OnEpochEnd(int epoch) { }

    public void UseAverage(int epochs) { }

    public void UseTrained() { }

    public void Dispose() { }
}
