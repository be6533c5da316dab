using AttnCrnn.Corpora;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>
/// What one or more folders hold: each clip once. The entry of a clip that was written last is used, within a folder
/// and across folders.
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
    /// A folder is missing or empty, or the folders hold frames of different encoders.
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
        contents.AddSharedClips(stores);
        var newest = NewestEntries.Select(stores.SelectMany(store => store.Entries));
        contents.AddClipsWithoutSource([.. newest.Select(item => item.Entry).Where(IsWithoutSource)]);
        foreach (var (folder, entry) in newest.Where(item => !IsWithoutSource(item.Entry)))
            contents.Add(folder, entry);
        contents.UnifyNames();
        return contents;
    }

    // Of sources that were extracted one by one, each may have spelled a label in its own way.
    private void UnifyNames()
    {
        var names = new ClipNames(clips.Select(clip => clip.Label), clips.Select(clip => clip.Speaker));
        if (names.Notices.Count == 0)
            return;
        notices.AddRange(names.Notices.Select(OptionText.FromString));
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
                throw new InvalidInputException(folder, "no such folder; expected a folder of extracted features");
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

    private void AddSharedClips(List<StoreFolder> stores)
    {
        var shared = stores
            .SelectMany(store => store.Entries)
            .GroupBy(entry => entry.Entry.Clip)
            .Where(entries => entries.Skip(1).Any())
            .Select(entries => entries.Select(entry => entry.Entry).ToList())
            .ToList();
        if (shared.Count == 0)
            return;
        var differentMetadata = shared.Count(entries =>
            entries
                .Select(entry => (entry.Label, entry.Speaker, entry.Split, $"{entry.Votes}"))
                .Distinct()
                .Skip(1)
                .Any()
        );
        var differentFrames = shared.Count(entries => entries.Select(entry => entry.Key).Distinct().Skip(1).Any());
        notices.Add(
            $"{shared.Count} clips are in more than one feature folder (for example {shared[0][0].Path}) and count "
                + $"once, by the newest entry; {differentMetadata} of them differ in label, speaker or subset, and "
                + $"{differentFrames} in their frames"
        );
    }

    private static bool IsWithoutSource(ShardIndexEntry entry) => entry.Sources is "";

    private void AddClipsWithoutSource(List<ShardIndexEntry> entries)
    {
        if (entries.Count > 0)
            notices.Add(
                OptionText.Create(
                    $"{entries.Count} clips of the store are in no source any more (for example {entries[0].Path}) and "
                        + $"are left out; extract with {OptionKeys.Prune} removes their frames"
                )
            );
    }

    private void Add(string folder, ShardIndexEntry entry)
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
            clips.Add(
                new(
                    entry.Key,
                    entry.Path,
                    entry.Label,
                    entry.Speaker,
                    entry.Split,
                    entry.Start,
                    entry.End,
                    entry.Frames,
                    entry.Seconds,
                    file
                )
                {
                    Sex = entry.Sex,

                    Session = entry.Session,

                    Votes = entry.Votes,

                    Channel = entry.ClipChannel,
                }
            );
    }
}
