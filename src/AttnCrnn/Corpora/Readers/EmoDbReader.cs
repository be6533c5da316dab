using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// EMO-DB: 10 speakers, 7 emotions, <c>03a01Fa.wav</c>: speaker, text, emotion (German initial), version.
/// </summary>
internal sealed partial class EmoDbReader : FileNameReader
{
    private static readonly Dictionary<char, string> Emotions = new()
    {
        ['W'] = "angry",
        ['L'] = "boredom",
        ['E'] = "disgust",
        ['A'] = "fearful",
        ['F'] = "happy",
        ['T'] = "sad",
        ['N'] = "neutral",
    };

    public override CorpusCitation Citation { get; } =
        new(
            "EMO-DB",
            "F. Burkhardt, A. Paeschke, M. Rolfes, W. F. Sendlmeier and B. Weiss: A Database of German Emotional "
                + "Speech. Interspeech 2005, 1517-1520.",
            "CC0 1.0 (audeering's edition 1.x)"
        );

    protected override ClipMetadata? Parse(string name, string folder)
    {
        var match = NamePattern().Match(name);
        return match.Success
            ? new(Emotions[match.Groups["emotion"].Value[0]], $"emodb_{match.Groups["speaker"].Value}")
            : null;
    }

    [GeneratedRegex(@"^(?<speaker>\d\d)[ab]\d\d(?<emotion>[WLEAFTN])[a-z]?$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
