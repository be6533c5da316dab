using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <content>Options of augmentation.</content>
internal static partial class TrainingOptionTable
{
    private static OptionDefinition<TrainingOptions>[] Augmentation =>
        [
            new TrainingOption<bool>(
                OptionKeys.DisableAugmentation,
                OptionTypes.Switch,
                options => !options.Augmentation,
                (options, value) => options with { Augmentation = !value }
            )
            {
                Group = OptionGroups.Augmentation,
                Help =
                    "Disable noise, MixUp, masks, tempo and frequency changes; each clip is then used "
                    + "once per epoch, whatever the number of copies.",
                Probe = new("", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.Noise,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.Noise,
                (options, value) => options with { Noise = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "STD",
                Help = "Add Gaussian noise with this standard deviation to normalized features.",
                Range = OptionRange.Between(0, 10) with { ZeroMeans = "off" },
                ByEncoder = new(0.005, whisper: 0.35),
                V1 = 0.0,
                Original = 0.005,
                Probe = new("0.5", OptionEffect.Weights),
            },
            new TrainingOption<double>(
                OptionKeys.MixUp,
                OptionTypes.Number,
                options => options.MixUp,
                (options, value) => options with { MixUp = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "ALPHA",
                Help = "Mix pairs of clips with weights from a beta distribution of this alpha (MixUp).",
                Range = OptionRange.Between(0, 10) with { ZeroMeans = "off" },
                V1 = 0.0,
                Probe = new("0", OptionEffect.Weights),
            },
            new TrainingOption<int?>(
                OptionKeys.TimeMasks,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.TimeMasks,
                (options, value) => options with { TimeMasks = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "N",
                Help = "Mask this number of intervals of time per clip (SpecAugment).",
                Range = OptionRange.Between(0, 20) with { ZeroMeans = "off" },
                ByEncoder = new(0, logMel: 2, whisper: 2),
                Original = 0,
                Probe = new("1", OptionEffect.Weights),
            },
            new TrainingOption<double>(
                OptionKeys.TimeMaskShare,
                OptionTypes.Number,
                options => options.TimeMaskShare,
                (options, value) => options with { TimeMaskShare = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "FRACTION",
                Help = "Set the maximum length of a time mask, as a fraction of the clip.",
                Range = OptionRange.Between(0, 0.9),
                UsedWhen = options => options.TimeMasks is not 0,
                Probe = new("0.5", OptionEffect.Weights) { Setup = ["time_masks=2"] },
            },
            new TrainingOption<int?>(
                OptionKeys.FrequencyMasks,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.FrequencyMasks,
                (options, value) => options with { FrequencyMasks = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "N",
                Help = "Mask this number of frequency bands per clip (SpecAugment).",
                Range = OptionRange.Between(0, 20) with { ZeroMeans = "off" },
                ByEncoder = new(0, logMel: 2),
                Original = 0,
                Probe = new("1", OptionEffect.Weights),
            },
            new TrainingOption<int>(
                OptionKeys.FrequencyMaskBands,
                OptionTypes.WholeNumber,
                options => options.FrequencyMaskBands,
                (options, value) => options with { FrequencyMaskBands = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "N",
                Help = "Set the maximum width of a frequency mask.",
                Range = OptionRange.Between(0, 10_000),
                UsedWhen = options => options.FrequencyMasks is not 0,
                Unit = "mel bands",
                Probe = new("4", OptionEffect.Weights) { Setup = ["frequency_masks=2"] },
            },
            new TrainingOption<double?>(
                OptionKeys.Tempo,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.Tempo,
                (options, value) => options with { Tempo = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "FRACTION",
                Help = "Set the maximum random change of tempo, as a fraction.",
                Range = OptionRange.Between(0, 0.5) with { ZeroMeans = "off" },
                ByEncoder = new(0.0, logMel: 0.15),
                Original = 0.0,
                Probe = new("0.3", OptionEffect.Weights),
            },
            new TrainingOption<int?>(
                OptionKeys.BandShift,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.BandShift,
                (options, value) => options with { BandShift = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "N",
                Help = "Set the maximum random frequency shift.",
                Range = OptionRange.Between(0, 1000) with { ZeroMeans = "off" },
                Unit = "mel bands",
                ByEncoder = new(0, logMel: 3),
                Original = 0,
                Probe = new("1", OptionEffect.Weights),
            },
            new TrainingOption<double?>(
                OptionKeys.Gain,
                OptionTypes.Optional(OptionTypes.Number),
                options => options.Gain,
                (options, value) => options with { Gain = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "STD",
                Help = "Set the maximum random offset of normalized log-mel features.",
                Range = OptionRange.Between(0, 10) with { ZeroMeans = "off" },
                Unit = "standard deviations",
                ByEncoder = new(0.0, logMel: 0.1),
                Original = 0.0,
                Probe = new("0.5", OptionEffect.Weights),
            },
            new TrainingOption<int?>(
                OptionKeys.Copies,
                OptionTypes.Optional(OptionTypes.WholeNumber),
                options => options.Copies,
                (options, value) => options with { Copies = value }
            )
            {
                Group = OptionGroups.Augmentation,
                ValueName = "N",
                Help = "Set the number of differently augmented copies of each clip per epoch.",
                Range = OptionRange.Between(1, 100),
                Unit = "copies",
                ByEncoder = new(1, logMel: 8, whisper: 2),
                Original = 1,
                Probe = new("2", OptionEffect.Weights),
            },
        ];
}
