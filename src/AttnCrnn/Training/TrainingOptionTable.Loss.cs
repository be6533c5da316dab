using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <content>Options of the loss, and of the optimizer that minimizes it.</content>
internal static partial class TrainingOptionTable
{
    /// <summary>γ of the focal loss, as its authors recommend.</summary>
    public const double DefaultFocalGamma = 2;

    /// <summary>The default of Keras' AdamW.</summary>
    public const double DefaultWeightDecay = 0.004;

    private static OptionDefinition<TrainingOptions>[] Loss =>
        [
            new TrainingOption<LossFunction>(
                OptionKeys.Loss,
                Losses,
                options => options.Loss,
                (options, value) => options with { Loss = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "LOSS",
                Help = "Select the loss that training minimizes.",
                Probe = new("focal", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.FocalGamma,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.FocalGamma,
                (options, value) => options with { FocalGamma = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "GAMMA",
                Help = "Set how much less weight the focal loss gives to clips that are predicted well.",
                Range = OptionRange.Between(0, 10),
                DefaultText = $"{DefaultFocalGamma} with loss focal",
                UsedWhen = options => options.Loss == LossFunction.Focal,
                Probe = new("1", OptionEffect.Weights) { Setup = ["loss=focal"] },
            },
            new TrainingOption<double>(
                OptionKeys.LabelSmoothing,
                OptionTypes.Number,
                options => options.LabelSmoothing,
                (options, value) => options with { LabelSmoothing = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "FRACTION",
                Help = "Set the fraction of every label that is distributed evenly over all classes.",
                Range = OptionRange.HalfOpen(0, 1) with { ZeroMeans = "off" },
                Probe = new("0.1", OptionEffect.Weights),
            },
            new TrainingOption<TargetKind>(
                OptionKeys.Targets,
                TargetKinds,
                options => options.Targets,
                (options, value) => options with { Targets = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "KIND",
                Help = "Train on the labels, hard, or on the distribution of the raters' votes, soft.",
                Probe = new("soft", OptionEffect.Weights),
            },
            new TrainingOption<ClassWeighting>(
                OptionKeys.ClassWeight,
                ClassWeights,
                options => options.ClassWeight,
                (options, value) => options with { ClassWeight = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "WEIGHTS",
                Help = "Select the class weights of the loss: balanced, equal weight for all classes, or none.",
                Original = ClassWeighting.None,
                Probe = new("none", OptionEffect.Weights),
            },
            new TrainingOption<OptimizerAlgorithm>(
                OptionKeys.Optimizer,
                Optimizers,
                options => options.Optimizer,
                (options, value) => options with { Optimizer = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "NAME",
                Help = "Select the optimizer.",
                Probe = new("adamw", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.WeightDecay,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.WeightDecay,
                (options, value) => options with { WeightDecay = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "DECAY",
                Help = "Set the weight decay of AdamW, which is multiplied by the learning rate.",
                Range = OptionRange.Between(0, 1) with { ZeroMeans = "off" },
                DefaultText = $"{DefaultWeightDecay} with optimizer adamw",
                UsedWhen = options => options.Optimizer == OptimizerAlgorithm.AdamW,
                Probe = new("0.1", OptionEffect.Weights) { Setup = ["optimizer=adamw"] },
            },
            new TrainingOption<double>(
                OptionKeys.ClipNorm,
                OptionTypes.Number,
                options => options.ClipNorm,
                (options, value) => options with { ClipNorm = value }
            )
            {
                Group = OptionGroups.Optimization,
                ValueName = "NORM",
                Help = "Set the maximum Euclidean norm of all gradients of a step, to which larger ones are scaled.",
                Range = OptionRange.FromMin(0) with { ZeroMeans = "off" },
                Probe = new("0.1", OptionEffect.Weights),
            },
        ];
}
