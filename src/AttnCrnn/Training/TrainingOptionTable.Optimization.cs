using AttnCrnn.Options;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Training;

/// <content>Options of the optimization.</content>
internal static partial class TrainingOptionTable
{
    private static OptionDefinition<TrainingOptions>[] Optimization =>
        [
            new TrainingOption<TrainingRecipe>(
                OptionKeys.Recipe,
                Recipes,
                options => options.Recipe,
                (options, value) => options with { Recipe = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "NAME",
                Help =
                    "Select a set of defaults: default, or original, the choices of the reference "
                    + "Keras implementation.",
                Probe = new("original", OptionEffect.Weights),
            },
            new TrainingOption<int>(
                OptionKeys.Epochs,
                OptionTypes.WholeNumber,
                options => options.Epochs,
                (options, value) => options with { Epochs = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Train for at most this number of epochs.",
                Range = OptionRange.Between(1, 100_000),
                Unit = "epochs",
                Probe = new("2", OptionEffect.Weights),
            },
            new TrainingOption<int>(
                OptionKeys.BatchSize,
                OptionTypes.WholeNumber,
                options => options.BatchSize,
                (options, value) => options with { BatchSize = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Set the number of clips per optimizer step.",
                Range = OptionRange.Between(2, 4096),
                Unit = "clips",
                Probe = new("8", OptionEffect.Weights),
            },
            new TrainingOption<int?>(
                OptionKeys.Patience,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.Patience,
                (options, value) => options with { Patience = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Stop training after this number of epochs without improvement of the monitored metric.",
                Range = OptionRange.FromMin(1),
                Unit = "epochs",
                ByEncoder = new(6, logMel: 15, whisper: 15),
                Original = 6,
                Probe = new("1", OptionEffect.Weights) { Setup = ["epochs=8"] },
            },
            new TrainingOption<double>(
                OptionKeys.LearningRate,
                OptionTypes.Number,
                options => options.LearningRate,
                (options, value) => options with { LearningRate = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "RATE",
                Help = "Set the learning rate: the initial one with schedule plateau, otherwise the highest.",
                Range = OptionRange.LeftOpen(0, 1),
                Probe = new("0.01", OptionEffect.Weights),
            },
            new TrainingOption<LearningRateSchedule>(
                OptionKeys.Schedule,
                Schedules,
                options => options.Schedule,
                (options, value) => options with { Schedule = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "NAME",
                Help =
                    "Select the learning-rate schedule: plateau reduces the rate when val_loss stops improving, cosine "
                    + "decays after a warm-up, one_cycle rises and falls once.",
                Probe = new("cosine", OptionEffect.Weights),
            },
            new TrainingOption<double>(
                OptionKeys.Warmup,
                OptionTypes.Number,
                options => options.Warmup,
                (options, value) => options with { Warmup = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "FRACTION",
                Help = "Raise the learning rate of schedule cosine from 0 in this fraction of the steps.",
                Range = OptionRange.HalfOpen(0, 1) with { ZeroMeans = "off" },
                UsedWhen = options => LearningRateSchedules.IsUsed(options, OptionKeys.Warmup),
                Probe = new("0.5", OptionEffect.Weights) { Setup = ["schedule=cosine"] },
            },
            new TrainingOption<double>(
                OptionKeys.Beta2,
                OptionTypes.Number,
                options => options.Beta2,
                (options, value) => options with { Beta2 = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "RATE",
                Help = "Set the decay rate of Adam's second moment.",
                Range = OptionRange.HalfOpen(0, 1),
                V1 = 0.999,
                Probe = new("0.9", OptionEffect.Weights),
            },
            new TrainingOption<double>(
                OptionKeys.PlateauFactor,
                OptionTypes.Number,
                options => options.PlateauFactor,
                (options, value) => options with { PlateauFactor = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "FACTOR",
                Help = "Multiply the learning rate by this factor when val_loss stops improving.",
                Range = OptionRange.Open(0, 1),
                V1 = 0.7,
                UsedWhen = options => LearningRateSchedules.IsUsed(options, OptionKeys.PlateauFactor),
                Probe = new("0.1", OptionEffect.Weights)
                {
                    Setup = ["epochs=6", "plateau_patience=1", "learning_rate=0.05"],
                },
            },
            new TrainingOption<int?>(
                OptionKeys.PlateauPatience,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.PlateauPatience,
                (options, value) => options with { PlateauPatience = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Reduce the learning rate after this number of epochs without improvement of val_loss.",
                Range = OptionRange.FromMin(1),
                Unit = "epochs",
                ByEncoder = new(2, logMel: 3, whisper: 3),
                V1 = 4,
                Original = 2,
                UsedWhen = options => LearningRateSchedules.IsUsed(options, OptionKeys.PlateauPatience),
                Probe = new("1", OptionEffect.Weights) { Setup = ["epochs=6", "learning_rate=0.05"] },
            },
            new TrainingOption<double>(
                OptionKeys.MinLearningRate,
                OptionTypes.Number,
                options => options.MinLearningRate,
                (options, value) => options with { MinLearningRate = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "RATE",
                Help = "Set the lower bound for learning-rate reduction, and the rate at which schedule cosine ends.",
                Range = OptionRange.Between(0, 1),
                UsedWhen = options => LearningRateSchedules.IsUsed(options, OptionKeys.MinLearningRate),
                Probe = new("0.04", OptionEffect.Weights)
                {
                    Setup = ["epochs=6", "plateau_patience=1", "learning_rate=0.05"],
                },
            },
            new TrainingOption<MonitoredMetric>(
                OptionKeys.Monitor,
                Metrics,
                options => options.Monitor,
                (options, value) => options with { Monitor = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "METRIC",
                Help = "Select the metric that determines the best epoch.",
                Probe = new("val_uar", OptionEffect.Contents) { Setup = ["epochs=3"] },
            },
            new TrainingOption<ulong>(
                OptionKeys.Seed,
                OptionTypes.Seed,
                options => options.Seed,
                (options, value) => options with { Seed = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Set the random seed.",
                Probe = new("1", OptionEffect.Weights),
            },
            new TrainingOption<int>(
                OptionKeys.Threads,
                OptionTypes.WholeNumber,
                options => options.Threads,
                (options, value) => options with { Threads = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Set the number of threads; results do not depend on it.",
                Range = OptionRange.Threads,
                Unit = "threads",
                DefaultText = "the number of processors",
                Probe = new("1", OptionEffect.Environment),
            },
            new TrainingOption<int>(
                OptionKeys.CheckpointEvery,
                OptionTypes.WholeNumber,
                options => options.CheckpointEvery,
                (options, value) => options with { CheckpointEvery = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "N",
                Help = "Write a checkpoint every N steps as well as after each epoch.",
                Range = OptionRange.FromMin(0) with { ZeroMeans = "after each epoch only" },
                Unit = "steps",
                Probe = new("1", OptionEffect.Contents),
            },
        ];
}
