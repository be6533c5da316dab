namespace AttnCrnn.Corpora.Auditing;

/// <summary>What makes test clips known to a model.</summary>
public enum LeakKind
{
    /// <summary>Recordings with equal samples, except for silence at their ends.</summary>
    EqualRecordings,

    /// <summary>Recordings with nearly the same sound: another encoding, gain or cut.</summary>
    NearDuplicates,

    /// <summary>Speakers.</summary>
    SharedSpeakers,

    /// <summary>Test clips that the model which training starts from has seen.</summary>
    InitialModel,
}

/// <summary>What is in two subsets of a split and overestimates performance.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Count">The number of recordings, pairs of near duplicates, speakers, or clips.</param>
/// <param name="IsAllowed">Whether the options allow it, explicitly or by a random split.</param>
public sealed record Leak(LeakKind Kind, int Count, bool IsAllowed)
{
    /// <summary>An example with names, for messages; not for reports, which may be shared.</summary>
    internal string Example { get; init; } = "";

    /// <summary>What was found, with its number and without names.</summary>
    internal string Describe()
    {
        var isSingle = Count == 1;
        return Kind switch
        {
            LeakKind.EqualRecordings => $"{Count} {(isSingle ? "recording is" : "recordings are")} equal to one in "
                + "another subset, except for silence at their ends",
            LeakKind.NearDuplicates => $"{Count} {(isSingle ? "pair" : "pairs")} of near duplicates "
                + $"{(isSingle ? "is" : "are")} in two subsets",
            LeakKind.SharedSpeakers => $"{Count} {(isSingle ? "speaker is" : "speakers are")} in two subsets",
            LeakKind.InitialModel => $"{Count} test {(isSingle ? "clip is" : "clips are")} in the training or "
                + "validation set of the initial model, or nearly sound like a clip in it",
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "not a kind of leak"),
        };
    }
}

/// <summary>The names of leaks, which do not change.</summary>
public static class LeakKinds
{
    /// <summary>What precedes a name in the option <c>allow</c>.</summary>
    internal const string Prefix = "leak:";

    private const string InitialModel = "initial_model";

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<LeakKind> All { get; } = Enum.GetValues<LeakKind>();

    /// <summary>The name, as in <c>equal_recordings</c>.</summary>
    public static string Format(LeakKind kind) =>
        kind switch
        {
            LeakKind.EqualRecordings => AuditFindings.EqualRecordings,
            LeakKind.NearDuplicates => AuditFindings.NearDuplicates,
            LeakKind.SharedSpeakers => AuditFindings.SharedSpeakers,
            LeakKind.InitialModel => InitialModel,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "not a kind of leak"),
        };

    /// <summary>
    /// The kind of a value of the option <c>allow</c>, as in <c>leak:equal_recordings</c>; null: none.
    /// </summary>
    internal static LeakKind? ParseAllowed(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) ? Parse(text[Prefix.Length..]) : null;

    /// <summary>The kind of a name, as in <c>equal_recordings</c>; null: none.</summary>
    internal static LeakKind? Parse(string name)
    {
        foreach (var kind in All)
            if (name == Format(kind))
                return kind;
        return null;
    }
}
