using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// SAVEE: 4 male speakers, 7 emotions: <c>DC/a01.wav</c> as published, <c>DC_a01.wav</c> in copies: speaker, emotion,
/// sentence. The names of a speaker's clips are those of the others', so that without the speaker a name is no clip of
/// this corpus.
/// </summary>
internal sealed partial class SaveeReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "SAVEE",
                "S. Haq and P. J. B. Jackson: Multimodal Emotion Recognition. In W. Wang (ed.): Machine Audition: "
                    + "Principles, Algorithms and Systems, IGI Global, 398-423, 2010.",
                "research only, on registration"
            ),
            License = LicenseKind.ResearchOnRequest,
            Speakers = 4,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad", "surprised"],
            Languages = ["English"],
            Protocols =
            [
                .. CorpusProtocol.CreateFolds(
                    "emobox",
                    "one speaker per fold",
                    "savee",
                    [
                        ["JE"],
                        ["KL"],
                        ["DC"],
                        ["JK"],
                    ]
                ),
            ],
        };

    protected override string SpeakerPrefix => "savee";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>
        {
            ["a"] = "angry",
            ["d"] = "disgust",
            ["f"] = "fearful",
            ["h"] = "happy",
            ["n"] = "neutral",
            ["sa"] = "sad",
            ["su"] = "surprised",
        };

    protected override string? GetSex(Match match, string speaker) => SpeakerSex.Male;

    protected override string GetTake(string name) => name[(name.IndexOf('_', StringComparison.Ordinal) + 1)..];

    [GeneratedRegex(@"/(?<speaker>DC|JE|JK|KL)[/_](?<emotion>sa|su|[adfhn])\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}
