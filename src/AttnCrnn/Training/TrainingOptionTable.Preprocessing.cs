using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <content>Options of the input features.</content>
internal static partial class TrainingOptionTable
{
    private static OptionDefinition<TrainingOptions>[] Preprocessing =>
        [
            new TrainingOption<NormalizationMode>(
                OptionKeys.Normalize,
                Normalizations,
                options => options.Normalize,
                (options, value) => options with { Normalize = value }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "MODE",
                Help =
                    "Normalize features over the training set (corpus), over each speaker's own clips "
                    + "(speaker; evaluated clips included: transductive) or not at all (none).",
                Original = NormalizationMode.None,
                Probe = new("none", OptionEffect.Weights),
            },
            new TrainingOption<PaddingMode>(
                OptionKeys.Padding,
                Paddings,
                options => options.Padding,
                (options, value) => options with { Padding = value }
            )
            {
                Group = OptionGroups.Data,
                ValueName = "MODE",
                Help = "Pad clips with zeros: none, or longest, up to the longest clip.",
                Original = PaddingMode.Longest,
                Probe = new("longest", OptionEffect.Weights),
            },
        ];
}
