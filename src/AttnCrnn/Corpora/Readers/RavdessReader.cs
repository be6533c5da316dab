using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// RAVDESS: 24 actors, 8 emotions, <c>03-01-05-01-01-01-12.wav</c>: modality, channel, emotion, intensity, statement,
/// repetition, actor.
/// </summary>
internal sealed partial class RavdessReader : FileNameReader
{
    private static readonly string[] Emotions =
    [
        "neutral",
        "calm",
        "happy",
        "sad",
        "angry",
        "fearful",
        "disgust",
        "surprised",
    ];

    public override CorpusCitation Citation { get; } =
        new(
            "RAVDESS",
            "S. R. Livingstone and F. A. Russo: The Ryerson Audio-Visual Database of Emotional Speech and Song "
                + "(RAVDESS). PLoS ONE 13(5), e0196391, 2018.",
            "CC BY-NC-SA 4.0"
        );

    protected override ClipMetadata? Parse(string name, string folder)
    {
        var match = NamePattern().Match(name);
        return match.Success
            ? new(Emotions[match.Groups["emotion"].Value[1] - '1'], $"ravdess_{match.Groups["actor"].Value}")
            : null;
    }

    [GeneratedRegex(
        @"^0[123]-0[12]-(?<emotion>0[1-8])-0[12]-0[12]-0[12]-(?<actor>\d\d)$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex NamePattern();
}
