using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Training.Schedules;

/// <summary>
/// PyTorch's OneCycleLR with its defaults: the learning rate rises and falls along cosines, and Adam's β₁ inversely
/// to it (Smith and Topin 2018, "Super-convergence").
/// </summary>
/// <param name="peak">Highest learning rate.</param>
/// <param name="steps">Steps of the cycle; later steps have the values of the last one.</param>
internal sealed class OneCycleSchedule(double peak, long steps) : ILearningRateSchedule
{
    // Names of PyTorch: pct_start, div_factor, final_div_factor, base_momentum, max_momentum.
    private const double WarmupFraction = 0.3;
    private const double PeakToStart = 25;
    private const double StartToEnd = 1e4;
    private const double MinBeta1 = 0.85;
    private const double MaxBeta1 = 0.95;

    public static ScheduleDefinition Definition { get; } =
        new("one_cycle", LearningRateSchedule.OneCycle, [], (options, steps) =>
            new OneCycleSchedule(options.LearningRate, steps)
        );

    public double GetLearningRate(long step) =>
        Interpolate(step, peak / PeakToStart, peak, peak / PeakToStart / StartToEnd);

    public double? GetBeta1(long step) => Interpolate(step, MaxBeta1, MinBeta1, MaxBeta1);

    // Along half a cosine period up to the last step of the warm-up, along another one up to the last step of all.
    private double Interpolate(long step, double start, double middle, double end)
    {
        var lastStep = steps - 1;
        var lastWarmupStep = (WarmupFraction * steps) - 1; // PyTorch does not round it
        var clampedStep = Math.Min(step, lastStep);
        return clampedStep <= lastWarmupStep
            ? Anneal(start, middle, clampedStep / lastWarmupStep)
            : Anneal(middle, end, (clampedStep - lastWarmupStep) / (lastStep - lastWarmupStep));
    }

    private static double Anneal(double start, double end, double fraction) =>
        end + ((start - end) / 2 * (1 + PortableMath.CosineOfTurns(fraction / 2)));
}
