using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Runs an action after a step of a training, for example stopping it there.</summary>
internal sealed class ActionAtStep(int epoch, int step, Action action) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value)
    {
        if (value.Epoch == epoch && value.Step == step)
            action();
    }
}
