using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>
/// The clips that models were trained and validated on, in the features of their runs, which tell what the files beside
/// the models do not: how they sound.
/// </summary>
internal sealed class TrainingRecordings
{
    private readonly IReadOnlyList<StoredClip> clips; // audited

    private TrainingRecordings(IReadOnlyList<StoredClip> clips) => this.clips = clips;

    /// <summary>Finds the clips in the features of the models' runs.</summary>
    /// <param name="models">Model files.</param>
    /// <param name="seenClips">The clips of all models.</param>
    /// <returns>
    /// null: a model is in no run's folder, its features are not where they were, or others, or were not audited.
    /// </returns>
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
                    if (SeenClip.HashFrames(clip) is var key && frames.Contains(key))
                        found.TryAdd(key, clip);
            }
        }
        catch (InvalidInputException)
        {
            return null; // as a model that is used on another machine
        }
        return found.Count == frames.Count && found.Values.All(clip => clip.Audit is not null)
            ? new([.. found.Values])
            : null;
    }

    /// <summary>
    /// The clips that equal one of these except for silence at their ends, or have nearly the same sound; null if one
    /// was not audited.
    /// </summary>
    public IReadOnlyList<StoredClip>? FindNearCopies(IReadOnlyList<StoredClip> others)
    {
        if (others.Any(clip => clip.Audit is null))
            return null;
        var trimmed = clips.Select(clip => clip.Audit!.TrimmedKey).Where(key => key.Length > 0).ToHashSet();
        var alike = NearDuplicates
            .Find([.. clips.Concat(others).Select(clip => clip.Fingerprint)])
            .Where(pair => pair.First < clips.Count)
            .Select(pair => pair.Second - clips.Count)
            .ToHashSet();
        return [.. others.Where((clip, i) => alike.Contains(i) || trimmed.Contains(clip.Audit!.TrimmedKey))];
    }

    private static string[] ListFolders(RunDirectory run) =>
        [.. run.ReadConfiguration(_ => { }).DataFolders.Select(Path.GetFullPath)];
}
