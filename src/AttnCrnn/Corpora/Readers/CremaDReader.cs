using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers.LabelFiles;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// CREMA-D: 91 actors, 6 emotions, <c>AudioWAV/1001_DFA_ANG_XX.wav</c>: actor, sentence, emotion, intensity; the
/// same clips are in AudioMP3 and VideoFlash. The label is the emotion that was acted, not the one that listeners
/// perceived.
/// </summary>
internal sealed partial class CremaDReader : FileNameReader
{
    public override CorpusDescription Description { get; } =
        new()
        {
            Citation = new(
                "CREMA-D",
                "H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova and R. Verma: CREMA-D: Crowd-sourced "
                    + "Emotional Multimodal Actors Dataset. IEEE Transactions on Affective Computing "
                    + "5(4), 377-390, 2014.",
                "ODbL 1.0"
            ),
            License = LicenseKind.Free,
            Speakers = 91,
            Labels = ["angry", "disgust", "fearful", "happy", "neutral", "sad"],
            DefaultLabelKind = LabelKind.Intended,
            HasVotes = true,
            Languages = ["English"],
            Protocols =
            [
                CorpusProtocol.CreateBySpeaker(
                    "audeering",
                    "edition 1.1.0: 17 speakers for validation, 18 for test, 56 for training",
                    "cremad",
                    validation:
                    [
                        "1049",
                        "1053",
                        "1054",
                        "1055",
                        "1057",
                        "1058",
                        "1059",
                        "1060",
                        "1061",
                        "1062",
                        "1064",
                        "1065",
                        "1066",
                        "1067",
                        "1070",
                        "1075",
                        "1085",
                    ],
                    test:
                    [
                        "1063",
                        "1068",
                        "1069",
                        "1071",
                        "1074",
                        "1076",
                        "1077",
                        "1078",
                        "1079",
                        "1080",
                        "1082",
                        "1083",
                        "1084",
                        "1086",
                        "1087",
                        "1088",
                        "1089",
                        "1090",
                    ]
                ),
            ],
        };

    public override CorpusClips Read(CorpusFolder folder, CorpusReadOptions options) =>
        CremaDVotes.Add(folder, base.Read(folder, options), options.LabelKind);

    protected override string SpeakerPrefix => "cremad";

    protected override Regex Pattern => PathPattern();

    protected override IReadOnlyDictionary<string, string> Labels { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["ANG"] = "angry",
            ["DIS"] = "disgust",
            ["FEA"] = "fearful",
            ["HAP"] = "happy",
            ["NEU"] = "neutral",
            ["SAD"] = "sad",
        };

    // In the folder of the corpus; its recordings alone, as on Kaggle, do not have it.
    protected override IReadOnlyDictionary<string, string> ReadSexes(CorpusFolder folder) =>
        folder.Files.FirstOrDefault(file => Path.GetFileName(file) == "VideoDemographics.csv") is { } table
            ? DemographicsTable.Read(table, "actorid", "sex", SpeakerPrefix)
            : base.ReadSexes(folder);

    // XX, unspecified, of all sentences but one.
    protected override string? GetIntensity(Match match) =>
        match.Groups["intensity"].Value.ToUpperInvariant() switch
        {
            "LO" => "low",
            "MD" => "medium",
            "HI" => "high",
            _ => null,
        };

    protected override string? GetStatement(Match match) => match.Groups["statement"].Value.ToUpperInvariant();

    protected override string GetTake(string name) => name.ToUpperInvariant();

    [GeneratedRegex(
        @"/(?<speaker>1\d{3})_(?<statement>[A-Z]{3})_(?<emotion>ANG|DIS|FEA|HAP|NEU|SAD)_(?<intensity>[A-Z]{2})$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex PathPattern();
}
