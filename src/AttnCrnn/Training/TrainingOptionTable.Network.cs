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
                    "Select the batch norm statistics for evaluation: moving, the averages over "
                    + "batches as in Keras, or recalibrated on the training set after each epoch.",
                ByEncoder = new(
                    BatchNormStatistics.Moving,
                    logMel: BatchNormStatistics.Recalibrated,
                    whisper: BatchNormStatistics.Recalibrated
                ),
                Original = BatchNormStatistics.Moving,
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
}
