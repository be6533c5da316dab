using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// CREMA-D: 91 actors, 6 emotions, <c>1001_DFA_ANG_XX.wav</c>: actor, sentence, emotion, intensity. The label is the
/// emotion that was acted, not the one that listeners perceived.
/// </summary>
internal sealed partial class CremaDReader : FileNameReader
{
    private static readonly Dictionary<string, string> Emotions = new()
    {
        ["ANG"] = "angry",
        ["DIS"] = "disgust",
        ["FEA"] = "fearful",
        ["HAP"] = "happy",
        ["NEU"] = "neutral",
        ["SAD"] = "sad",
    };

    public override CorpusCitation Citation { get; } =
        new(
            "CREMA-D",
            "H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova and R. Verma: CREMA-D: Crowd-sourced "
                + "Emotional Multimodal Actors Dataset. IEEE Transactions on Affective Computing 5(4), 377-390, 2014.",
            "ODbL 1.0"
        );

    protected override ClipMetadata? Parse(string name, string folder)
    {
        var match = NamePattern().Match(name);
        return match.Success
            ? new(Emotions[match.Groups["emotion"].Value.ToUpperInvariant()], $"cremad_{match.Groups["actor"].Value}")
            : null;
    }

    [GeneratedRegex(
        @"^(?<actor>1\d{3})_[A-Z]{3}_(?<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_[A-Z]{2}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex NamePattern();
}
