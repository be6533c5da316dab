using AttnCrnn.Numerics.Simd;
using AttnCrnn.Options;

namespace AttnCrnn.Training.Schedules;

/// <summary>
/// Keras' CosineDecay: linear warm-up, then half a cosine period down to a fraction of the peak (Loshchilov and Hutter
/// 2017, "SGDR", without restarts).
/// </summary>
internal sealed class CosineSchedule : ILearningRateSchedule
{
    public static ScheduleDefinition Definition { get; } =
        new("cosine", LearningRateSchedule.Cosine, [OptionKeys.Warmup, OptionKeys.MinLearningRate], Create)
        {
            FindError = FindError,
        };

    /// <summary>Learning rate of the first step, if there is a warm-up.</summary>
    public required double Start { get; init; }

    /// <summary>Learning rate after the warm-up.</summary>
    public required double Peak { get; init; }

    /// <summary>Final learning rate as a fraction of the peak: Keras' alpha.</summary>
    public required double Alpha { get; init; }

    public required long WarmupSteps { get; init; }

    /// <summary>Steps from the peak to the final learning rate, which later steps have as well.</summary>
    public required long DecaySteps { get; init; }

    public double GetLearningRate(long step)
    {
        if (step < WarmupSteps)
            return Start + ((Peak - Start) * step / WarmupSteps);
        var fraction = (double)Math.Min(step - WarmupSteps, DecaySteps) / DecaySteps;
        var decay = 0.5 * (1 + PortableMath.CosineOfTurns(fraction / 2)); // from 1 to 0
        return Peak * (((1 - Alpha) * decay) + Alpha);
    }

    private static CosineSchedule Create(TrainingOptions options, long steps)
    {
        // At least one step decays, also if the product is rounded up.
        var warmupSteps = Math.Min(steps - 1, (long)(options.Warmup * steps));
        return new()
        {
            Start = 0,
            Peak = options.LearningRate,
            Alpha = options.MinLearningRate / options.LearningRate,
            WarmupSteps = warmupSteps,
            DecaySteps = steps - warmupSteps,
        };
    }

    private static OptionError? FindError(TrainingOptions options)
    {
        var learningRate = TrainingOptions.Table[OptionKeys.LearningRate].Format(options);
        return options.MinLearningRate <= options.LearningRate
            ? null
            : new(
                OptionKeys.MinLearningRate,
                TrainingOptions.Table[OptionKeys.MinLearningRate].Format(options),
                OptionText.Create(
                    $"expected at most {OptionKeys.LearningRate} ({learningRate}), from which "
                        + $"{OptionKeys.Schedule} cosine decays to it"
                )
            );
    }
}
