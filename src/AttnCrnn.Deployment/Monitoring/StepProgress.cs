namespace AttnCrnn.Deployment.Monitoring;

/// <summary>A step of an epoch that has not ended.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Epochs">The maximum number of epochs.</param>
/// <param name="Step">From 1.</param>
/// <param name="Steps">Steps per epoch.</param>
/// <param name="Loss">Mean training loss of the epoch's steps so far; NaN if it was not finite.</param>
public sealed record StepProgress(int Epoch, int Epochs, int Step, int Steps, double Loss)
{
    internal static StepProgress? Create(ProgressEvent added) =>
        added is { Epoch: { } epoch, Epochs: { } epochs and > 0 }
        && added.GetInt32("step") is { } step
        && added.GetInt32("steps") is { } steps and > 0
            ? new(epoch, epochs, step, steps, added.GetDouble("loss") ?? double.NaN)
            : null;
}
