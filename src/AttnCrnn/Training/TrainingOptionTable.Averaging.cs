using AttnCrnn.Options;
using AttnCrnn.Training.Averaging;

namespace AttnCrnn.Training;

/// <content>Options of weight averaging.</content>
internal static partial class TrainingOptionTable
{
    private static OptionDefinition<TrainingOptions>[] Averaging =>
        [
            new TrainingOption<WeightAveraging>(
                OptionKeys.Averaging,
                Averagings,
                options => options.Averaging,
                (options, value) => options with { Averaging = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "METHOD",
                Help =
                    "Select the average of the weights for validation and models: none, ema (exponential moving "
                    + "average over the steps), or last (mean after each of the last epochs).",
                Probe = new("ema", OptionEffect.Weights),
            },
            new TrainingOption<double>(
                OptionKeys.EmaMomentum,
                OptionTypes.Number,
                options => options.EmaMomentum,
                (options, value) => options with { EmaMomentum = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "WEIGHT",
                Help = "Set the weight of the previous average at each step of averaging ema.",
                Range = OptionRange.HalfOpen(0, 1),
                UsedWhen = options => AveragingMethods.IsUsed(options, OptionKeys.EmaMomentum),
                Probe = new("0.5", OptionEffect.Weights) { Setup = ["averaging=ema"] },
            },
            new TrainingOption<int>(
                OptionKeys.AverageEpochs,
                OptionTypes.WholeNumber,
                options => options.AverageEpochs,
                (options, value) => options with { AverageEpochs = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Set the number of epochs of averaging last; memory and checkpoints hold the weights of each.",
                Range = OptionRange.Between(2, 100),
                Unit = "epochs",
                UsedWhen = options => AveragingMethods.IsUsed(options, OptionKeys.AverageEpochs),
                Probe = new("2", OptionEffect.Weights) { Setup = ["averaging=last", "epochs=4"] },
            },
        ];
}
