using AttnCrnn.Corpora;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>
/// What one or more folders hold: each clip once, within a folder and across folders, with the newest frames and the
/// values of all sources that name it.
/// </summary>
internal sealed class StoreContents
{
    private readonly List<StoredClip> clips = [];
    private readonly List<ClipWarning> invalidClips = [];
    private readonly List<OptionText> notices = [];

    private StoreContents(StoreDescription description) => Description = description;

    /// <summary>Encoder and format of the first folder.</summary>
    public StoreDescription Description { get; }

    /// <summary>Ordered by folder, then by path.</summary>
    public IReadOnlyList<StoredClip> Clips => clips;

    /// <summary>Clips without frames, and the reason.</summary>
    public IReadOnlyList<ClipWarning> InvalidClips => invalidClips;

    /// <summary>What was merged or left out.</summary>
    public IReadOnlyList<OptionText> Notices => notices;

    /// <summary>Whether any clip is synthetic.</summary>
    public bool Synthetic { get; private set; }

    /// <exception cref="InvalidInputException">
    /// A folder is missing or empty, the folders hold frames of different encoders, or two sources give a clip another
    /// label, speaker or subset.
    /// </exception>
    /// <exception cref="InvalidFileException">A file in them is damaged.</exception>
    public static StoreContents Read(IReadOnlyList<string> folders)
    {
        var distinctFolders = FindDistinctFolders(folders);
        var stores = distinctFolders.Select(StoreFolder.Read).ToList();
        foreach (var store in stores)
            RequireSameEncoder(store, stores[0]);
        var contents = new StoreContents(stores[0].Description);
        contents.AddRepeatedFolders(folders, distinctFolders);
        var clips = EntriesByClip.Create(stores.SelectMany(store => store.Entries)).Ordered;
        contents.AddSharedClips([.. clips.Where(clip => clip.Folders.Count > 1)]);
        contents.AddClipsWithoutSource([.. clips.Where(clip => clip.IsWithoutSource)]);
        contents.AddClips([.. clips.Where(clip => !clip.IsWithoutSource)], distinctFolders);
        contents.UnifyNames();
        return contents;
    }

    // Of sources that were extracted one by one, each may have spelled a label in its own way.
    private void UnifyNames()
    {
        var names = new ClipNames(clips.Select(clip => clip.Label), clips.Select(clip => clip.Speaker));
        if (names.Notices.Count == 0)
            return;
        notices.AddRange(names.Notices.Select(NoticeText.Decode));
        for (var i = 0; i < clips.Count; i++)
            clips[i] = clips[i] with
            {
                Label = names.FindLabel(clips[i].Label),
                Speaker = names.FindSpeaker(clips[i].Speaker),
                Votes = names.FindVotes(clips[i].Votes),
            };
    }

    // One folder under two names, or a link to it.
    private static List<string> FindDistinctFolders(IReadOnlyList<string> folders)
    {
        foreach (var folder in folders)
            if (!Directory.Exists(folder))
                throw new InvalidInputException(
                    folder,
                    MissingPath.Describe(folder, "no such folder; expected a folder of extracted features")
                );
        return [.. folders.DistinctBy(folder => Path.TrimEndingDirectorySeparator(RealPath.Resolve(folder)))];
    }

    private static void RequireSameEncoder(StoreFolder store, StoreFolder first)
    {
        if (first.Description.Encoder != store.Description.Encoder)
            throw new InvalidInputException(
                $"{store.Folder} holds frames of {store.Description.Encoder}, {first.Folder} of "
                    + $"{first.Description.Encoder}: use folders of one encoder"
            );
    }

    private void AddRepeatedFolders(IReadOnlyList<string> folders, List<string> distinctFolders)
    {
        var repeated = folders.Count - distinctFolders.Count;
        if (repeated > 0)
            notices.Add(
                $"{folders.Count} feature folders are named, of which {repeated} are the same as another "
                    + $"(for example {folders.Except(distinctFolders).FirstOrDefault(distinctFolders[0])}): each is "
                    + "read once"
            );
    }

    private void AddSharedClips(List<ClipEntries> shared)
    {
        if (shared.Count == 0)
            return;
        var different = shared.Count(clip => clip.HasOtherFrames);
        notices.Add(
            $"{shared.Count} clips are in more than one feature folder (for example {shared[0].Newest.Entry.Name}) and "
                + $"count once; the frames of {different} of them differ, and the newest are used"
        );
    }

    private void AddClipsWithoutSource(List<ClipEntries> withoutSource)
    {
        if (withoutSource.Count > 0)
            notices.Add(
                OptionText.Create(
                    $"{withoutSource.Count} clips of the store are in no source any more (for example "
                        + $"{withoutSource[0].Newest.Entry.Name}) and are left out; extract with {OptionKeys.Prune} "
                        + $"removes their frames"
                )
            );
    }

    private void AddClips(List<ClipEntries> used, List<string> folders)
    {
        var sourcePaths = SourceNames.Read(folders);
        var merged = MergedClips.Create(used, _ => true, sourcePaths);
        if (merged.Contradictions.Count > 0)
            throw new InvalidInputException(OptionText.Join("; ", merged.Contradictions));
        if (SourceCounts.Describe(used, sourcePaths) is { } sources)
            notices.Add(sources);
        notices.AddRange(merged.Notices);
        foreach (var (folder, entry) in merged.Entries)
            Add(folder, entry, SourceNames.Find(entry, sourcePaths));
    }

    private void Add(string folder, ShardIndexEntry entry, string? source)
    {
        var file = Path.Combine(folder, entry.File);
        Synthetic |= entry.Synthetic;
        if (entry.Problem.Length > 0)
            invalidClips.Add(new(entry.Path, entry.Problem));
        else if (!File.Exists(file))
            invalidClips.Add(new(entry.Path, $"its frames are missing ({entry.File}): extract the clip again"));
        else if (entry.Frames < NetworkOptions.MinFrames)
            invalidClips.Add(new(entry.Path, $"{entry.Frames} frames, expected at least {NetworkOptions.MinFrames}"));
        else
            clips.Add(entry.ToStoredClip(file) with { Source = source });
    }
}
