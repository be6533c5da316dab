using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// SAVEE: 4 male speakers, 7 emotions: <c>DC/a01.wav</c> as published, <c>DC_a01.wav</c> in copies: speaker, emotion,
/// sentence. The names of a speaker's clips are those of the others', so that without the speaker a name is no clip of
/// this corpus.
/// </summary>
internal sealed partial class SaveeReader : FileNameReader
{
    private static readonly Dictionary<string, string> Emotions = new()
    {
        ["a"] = "angry",
        ["d"] = "disgust",
        ["f"] = "fearful",
        ["h"] = "happy",
        ["n"] = "neutral",
        ["sa"] = "sad",
        ["su"] = "surprised",
    };

    public override CorpusCitation Citation { get; } =
        new(
            "SAVEE",
            "S. Haq and P. J. B. Jackson: Multimodal Emotion Recognition. In W. Wang (ed.): Machine Audition: "
                + "Principles, Algorithms and Systems, IGI Global, 398-423, 2010.",
            "research only, on registration"
        );

    protected override ClipMetadata? Parse(string name, string folder)
    {
        var match = ClipPattern().Match(name.Contains('_', StringComparison.Ordinal) ? name : $"{folder}_{name}");
        return match.Success
            ? new(Emotions[match.Groups["emotion"].Value], $"savee_{match.Groups["speaker"].Value}")
            : null;
    }

    [GeneratedRegex(@"^(?<speaker>DC|JE|JK|KL)_(?<emotion>sa|su|[adfhn])\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex ClipPattern();
}
