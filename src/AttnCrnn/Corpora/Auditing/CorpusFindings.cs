namespace AttnCrnn.Corpora.Auditing;

/// <summary>What an audit finds in the metadata of clips as a whole, without reading them.</summary>
internal static class CorpusFindings
{
    private const int MinClips = 2; // a speaker with one clip has one class

    /// <summary>One finding of each kind at most, with a number and an example.</summary>
    public static IEnumerable<AuditFinding> Find(IReadOnlyList<Clip> clips)
    {
        var bySpeaker = clips.Where(clip => clip.Speaker is not null).GroupBy(clip => clip.Speaker!).ToList();
        string[] shared = [.. bySpeaker.Where(IsShared).Select(speaker => speaker.Key)];
        if (shared.Length > 0)
            yield return new(
                "",
                $"{shared.Length} of {bySpeaker.Count} speakers {(shared.Length == 1 ? "is" : "are")} in two "
                    + $"subsets, for example {shared[0]}",
                AuditFindings.SharedSpeakers
            );
        var labels = clips.Select(clip => clip.Label).OfType<string>().Distinct().Count();
        string[] ofOneClass = [.. bySpeaker.Where(HasOneClass).Select(speaker => speaker.Key)];
        if (labels > 1 && ofOneClass.Length > 0)
            yield return new(
                "",
                $"{ofOneClass.Length} of {bySpeaker.Count} speakers {(ofOneClass.Length == 1 ? "has" : "have")} clips "
                    + $"of one class only, for example {ofOneClass[0]}",
                AuditFindings.SingleClassSpeakers
            );
    }

    private static bool IsShared(IEnumerable<Clip> speaker) =>
        speaker.Select(clip => clip.Split).Where(split => split is not null).Distinct().Skip(1).Any();

    private static bool HasOneClass(IEnumerable<Clip> speaker)
    {
        string[] labels = [.. speaker.Select(clip => clip.Label).OfType<string>()];
        return labels.Length >= MinClips && labels.All(label => label == labels[0]);
    }
}
