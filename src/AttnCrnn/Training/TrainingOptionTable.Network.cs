using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <content>Options of the network.</content>
internal static partial class TrainingOptionTable
{
    private static OptionDefinition<TrainingOptions>[] Network =>
        [
            new TrainingOption<NetworkVersion>(
                OptionKeys.Model,
                Models,
                options => options.Model,
                (options, value) => options with { Model = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "NAME",
                Help = $"Select the network: {NetworkVersions.Describe()}.",
                Probe = new("v1", OptionEffect.Weights),
            },
            new TrainingOption<TemporalPooling?>(
                OptionKeys.Pooling,
                OptionTypes.Optional(Poolings),
                options => options.Pooling,
                (options, value) => options with { Pooling = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "POOLING",
                Help =
                    "Select how the frames of a clip become one vector: their mean, mean and standard deviation "
                    + "(statistics), or a mean with learned weights (attentive).",
                DefaultText = DescribeDefault(OptionKeys.Pooling, TemporalPoolings.Format(default)),
                UsedWhen = options => NetworkVersions.HasOption(options.Model, OptionKeys.Pooling),
                Probe = new("attentive", OptionEffect.Weights),
            },
            new TrainingOption<HeadNormalization?>(
                OptionKeys.HeadNorm,
                OptionTypes.Optional(HeadNorms),
                options => options.HeadNorm,
                (options, value) => options with { HeadNorm = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "NORM",
                Help =
                    "Select the normalization of the hidden dense layer: batch norm, layer norm over the units of a "
                    + "clip, or none.",
                DefaultText = DescribeDefault(OptionKeys.HeadNorm, HeadNormalizations.Format(default)),
                UsedWhen = options => NetworkVersions.HasOption(options.Model, OptionKeys.HeadNorm),
                Probe = new("layer", OptionEffect.Weights),
            },
            new TrainingOption<HeadActivation?>(
                OptionKeys.Activation,
                OptionTypes.Optional(Activations),
                options => options.Activation,
                (options, value) => options with { Activation = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "NAME",
                Help = "Select the activation of the hidden dense layer: GELU, its approximation with tanh, or ReLU.",
                DefaultText = DescribeDefault(OptionKeys.Activation, HeadActivations.Format(default)),
                UsedWhen = options => NetworkVersions.HasOption(options.Model, OptionKeys.Activation),
                Probe = new("relu", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.LstmDropout,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.LstmDropout,
                (options, value) => options with { LstmDropout = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "RATE",
                Help = "Set the dropout rate of the LSTM's input.",
                Range = OptionRange.HalfOpen(0, 1) with { ZeroMeans = "off" },
                ByEncoder = new(0.3, logMel: 0.0, whisper: 0.0),
                V1 = 0.0,
                Original = 0.3,
                Probe = new("0.5", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.RecurrentDropout,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.RecurrentDropout,
                (options, value) => options with { RecurrentDropout = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "RATE",
                Help = "Set the dropout rate of the LSTM's recurrent state.",
                Range = OptionRange.HalfOpen(0, 1) with { ZeroMeans = "off" },
                ByEncoder = new(0.3, logMel: 0.0, whisper: 0.0),
                V1 = 0.0,
                Original = 0.3,
                Probe = new("0.5", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.AttentionScale,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.AttentionScale,
                (options, value) => options with { AttentionScale = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "SCALE",
                Help = "Set the initial value of the learned factor of the self-attention logits.",
                Range = OptionRange.LeftOpen(0, 100),
                ByEncoder = new(1.0, whisper: 1.0 / 16),
                Original = 1.0,
                Probe = new("0.5", OptionEffect.Weights),
            },
            new TrainingOption<BatchNormStatistics?>(
                OptionKeys.BatchNorm,
                OptionTypes.Optional(Statistics),
                options => options.BatchNorm,
                (options, value) => options with { BatchNorm = value }
            )
            {
                Group = OptionGroups.Network,
                ValueName = "STATISTICS",
                Help =
                    "Select the statistics for evaluation with head_norm batch: moving, the averages over "
                    + "batches as in Keras, or recalibrated on the training set after each epoch.",
                ByEncoder = new(
                    BatchNormStatistics.Moving,
                    logMel: BatchNormStatistics.Recalibrated,
                    whisper: BatchNormStatistics.Recalibrated
                ),
                Original = BatchNormStatistics.Moving,
                UsedWhen = options => options.HasBatchNorm,
                Probe = new("moving", OptionEffect.Weights),
            },
            new TrainingOption<bool>(
                OptionKeys.ExactConvolution,
                OptionTypes.Switch,
                options => options.ExactConvolution,
                (options, value) => options with { ExactConvolution = value }
            )
            {
                Group = OptionGroups.Network,
                Help =
                    "Compute convolutions directly instead of by Winograd's algorithm: 1.7 times the "
                    + "time per step, slightly closer to Keras numerically.",
                Probe = new("", OptionEffect.Weights),
            },
        ];

    // mean with model v2
    private static string DescribeDefault(OptionKey key, string value) =>
        $"{value} with model {NetworkVersions.ListWithOption(key)}";
}
