using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>What the features of runs tell about the clips that their models were trained and validated on.</summary>
/// <param name="Fingerprints">[clips], null for one without; null: a clip was not audited.</param>
/// <param name="Corpora">
/// Names of the known corpora of the clips, sorted; empty if a clip is of none, or its speaker is not known.
/// </param>
internal sealed record TrainingRecordings(
    IReadOnlyList<RecordingFingerprint?>? Fingerprints,
    IReadOnlyList<string> Corpora
)
{
    /// <summary>Finds the clips in the features of the models' runs.</summary>
    /// <param name="models">Model files.</param>
    /// <param name="seenClips">The clips of all models.</param>
    /// <returns>null: a model is in no run's folder, or its features are not where they were, or others.</returns>
    public static TrainingRecordings? Find(IReadOnlyList<string> models, IReadOnlyList<SeenClip> seenClips)
    {
        var runs = models.Select(model => RunDirectory.FindOfModel(model)?.Run).Distinct().ToList();
        var found = new Dictionary<string, StoredClip>();
        var frames = seenClips.Select(clip => clip.Frames).ToHashSet();
        try
        {
            foreach (var run in runs)
            {
                if (run is null)
                    return null;
                using var store = FeatureStore.Open(ListFolders(run));
                foreach (var clip in store.Clips)
                    if (SeenClip.Create(clip, Subset.Train).Frames is var key && frames.Contains(key))
                        found.TryAdd(key, clip);
            }
        }
        catch (InvalidInputException)
        {
            return null; // as a model that is used on another machine
        }
        return found.Count == frames.Count ? Create(found.Values) : null;
    }

    /// <summary>The known corpora of clips, sorted; empty if a clip is of none.</summary>
    public static IReadOnlyList<string> FindCorpora(IEnumerable<StoredClip> clips)
    {
        var corpora = clips
            .Select(clip => clip.Speaker)
            .Distinct()
            .Select(speaker => speaker is null ? null : KnownCorpora.FindOfSpeaker(speaker)?.Name)
            .Distinct()
            .ToList();
        return corpora.Contains(null) ? [] : [.. corpora.OfType<string>().Order(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>
    /// The clips with nearly the same sound as one of these; null if that is not known, of these or of the clips.
    /// </summary>
    public IReadOnlyList<StoredClip>? FindNearCopies(IReadOnlyList<StoredClip> clips) =>
        Fingerprints is null || clips.Any(clip => clip.Audit is null)
            ? null
            :
            [
                .. NearDuplicates
                    .Find([.. Fingerprints, .. clips.Select(clip => clip.Fingerprint)])
                    .Where(pair => pair.First < Fingerprints.Count && pair.Second >= Fingerprints.Count)
                    .Select(pair => pair.Second - Fingerprints.Count)
                    .Distinct()
                    .Order()
                    .Select(clip => clips[clip]),
            ];

    private static TrainingRecordings Create(IReadOnlyCollection<StoredClip> clips) =>
        new(
            clips.Any(clip => clip.Audit is null) ? null : [.. clips.Select(clip => clip.Fingerprint)],
            FindCorpora(clips)
        );

    private static string[] ListFolders(RunDirectory run) =>
        [.. run.ReadConfiguration(_ => { }).DataFolders.Select(Path.GetFullPath)];
}
