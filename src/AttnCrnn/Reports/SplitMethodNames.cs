using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Reports;

/// <summary>The values of <c>split.method</c> in metrics.json, which do not change.</summary>
internal static class SplitMethodNames
{
    /// <summary>Clips that the user gave, without a split.</summary>
    public const string GivenClips = "given";

    private static readonly (SplitKind Kind, string Name)[] Names =
    [
        (SplitKind.Speaker, "speaker"),
        (SplitKind.Clip, "clips"),
        (SplitKind.Random, "random"),
        (SplitKind.SpeakerList, "speaker_list"),
        (SplitKind.Manifest, "manifest"),
    ];

    /// <param name="kind">null: clips that the user gave.</param>
    public static string Format(SplitKind? kind) =>
        kind is null ? GivenClips : Names.Single(method => method.Kind == kind).Name;

    /// <summary>Whether a name is one of this version; its kind is null for clips that the user gave.</summary>
    public static bool TryParse(string? name, out SplitKind? kind)
    {
        kind = null;
        if (name == GivenClips)
            return true;
        foreach (var method in Names)
            if (method.Name == name)
                kind = method.Kind;
        return kind is not null;
    }
}
