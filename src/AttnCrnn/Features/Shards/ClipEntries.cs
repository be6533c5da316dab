using AttnCrnn.Corpora;

namespace AttnCrnn.Features.Shards;

/// <summary>An entry, and the folder in whose index it is.</summary>
internal readonly record struct FolderEntry(string Folder, ShardIndexEntry Entry);

/// <summary>What a source says of a clip.</summary>
/// <param name="Id">
/// Identifier of the source; <see cref="ShardIndexEntry.UnknownSource"/> if it is not recorded.
/// </param>
/// <param name="Folder">Folder of the entry.</param>
/// <param name="Entry">The source's newest entry of the clip, with the values that it gives.</param>
internal readonly record struct SourceEntry(string Id, string Folder, ShardIndexEntry Entry)
{
    /// <summary>Whether the source names the clip, which an older entry of it may have done.</summary>
    public bool NamesClip => Id == ShardIndexEntry.UnknownSource || Entry.NamingSources.Contains(Id);
}

/// <summary>
/// The entries of one clip that count: the newest, which has its frames, and the newest of each source, which has the
/// values that this source gives the clip, or says that the source does not name the clip any more.
/// </summary>
internal sealed class ClipEntries
{
    private readonly List<string> folders = new(1);
    private readonly List<SourceEntry> newestOfSource = new(1);
    private readonly List<(string Folder, long WrittenTicks)> newestRecorded = new(1); // of entries with a source

    public ClipEntries(FolderEntry first)
    {
        Newest = first;
        Add(first);
    }

    /// <summary>The newest entry.</summary>
    public FolderEntry Newest { get; private set; }

    /// <summary>Folders that have the clip.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>Whether entries of two folders have different frames.</summary>
    public bool HasOtherFrames { get; private set; }

    /// <summary>
    /// Whether a source gave another label, speaker or subset in an older entry of another folder; the newest holds.
    /// </summary>
    public bool HasReplacedValues { get; private set; }

    /// <summary>
    /// The sources that name the clip, the newest entry first. Unrecorded sources whose values were replaced are last.
    /// </summary>
    public IReadOnlyList<SourceEntry> Sources =>
        [
            .. newestOfSource
                .Where(source => source.NamesClip)
                .OrderBy(IsReplaced)
                .ThenByDescending(source => source.Entry.WrittenTicks),
        ];

    /// <summary>Whether no source names the clip any more, so that it is not used.</summary>
    public bool IsWithoutSource => !newestOfSource.Exists(source => source.NamesClip && !IsReplaced(source));

    /// <summary>Adds an entry; of equally new ones the last counts.</summary>
    public void Add(FolderEntry added)
    {
        var (folder, entry) = added;
        if (!folders.Contains(folder))
            folders.Add(folder);
        HasOtherFrames |= folder != Newest.Folder && entry.Key != Newest.Entry.Key;
        if (entry.WrittenTicks >= Newest.Entry.WrittenTicks)
            Newest = added;
        if (entry.Sources is not null)
            AddRecorded(folder, entry.WrittenTicks);
        foreach (var id in entry.ListSources())
            AddOfSource(new(id, folder, entry));
    }

    /// <summary>The newest entry of a source in a folder or, if the source is recorded, in any; null if there is none.
    /// </summary>
    public ShardIndexEntry? Find(string id, string folder) =>
        Find(new(id, folder, Newest.Entry)) is >= 0 and var index ? newestOfSource[index].Entry : null;

    /// <summary>
    /// Whether the source of these values is not recorded, and a newer entry of its folder has a source, which is
    /// probably the same: the values are then used only where all others lack one.
    /// </summary>
    public bool IsReplaced(SourceEntry source) =>
        source.Id == ShardIndexEntry.UnknownSource
        && newestRecorded.Exists(newest =>
            newest.Folder == source.Folder && newest.WrittenTicks >= source.Entry.WrittenTicks
        );

    /// <summary>One entry: the newest, with each value of the newest source that gives it.</summary>
    public ShardIndexEntry Merge()
    {
        var sources = Sources;
        ShardIndexEntry[] entries = [.. sources.Select(source => source.Entry)];
        if (entries.Length == 0)
            return Newest.Entry;
        return Newest.Entry with
        {
            Label = Choose(entries, entry => entry.Label),
            Speaker = Choose(entries, entry => entry.Speaker),
            Split = entries.Select(entry => entry.Split).FirstOrDefault(split => split is not null),
            Sex = entries.Select(entry => entry.Sex).FirstOrDefault(sex => sex is not null),
            Session = entries.Select(entry => entry.Session).FirstOrDefault(session => session is not null),
            Votes = entries.Select(entry => entry.Votes).FirstOrDefault(votes => votes is not null),
            Synthetic = Newest.Entry.Synthetic || entries.Any(entry => entry.Synthetic),
            Sources = entries.All(entry => entry.Sources is null)
                ? null
                : SourceIds.Format(sources.Select(source => source.Id)),
            DroppedBy = "",
        };
    }

    // A name that means none only if no source gives another.
    private static string? Choose(ShardIndexEntry[] entries, Func<ShardIndexEntry, string?> get)
    {
        string[] names = [.. entries.Select(get).OfType<string>()];
        return Array.Find(names, name => !MissingValue.MatchesName(name)) ?? names.FirstOrDefault();
    }

    private void AddRecorded(string folder, long writtenTicks)
    {
        var index = newestRecorded.FindIndex(newest => newest.Folder == folder);
        if (index < 0)
            newestRecorded.Add((folder, writtenTicks));
        else if (newestRecorded[index].WrittenTicks < writtenTicks)
            newestRecorded[index] = (folder, writtenTicks);
    }

    private void AddOfSource(SourceEntry added)
    {
        var index = Find(added);
        if (index < 0)
        {
            newestOfSource.Add(added);
            return;
        }
        var previous = newestOfSource[index];
        HasReplacedValues |= previous.Folder != added.Folder && !previous.Entry.HasNamesOf(added.Entry);
        if (previous.Entry.WrittenTicks <= added.Entry.WrittenTicks)
            newestOfSource[index] = added;
    }

    // A recorded source has one newest entry over all folders; each folder has its own unrecorded sources.
    private int Find(SourceEntry source) =>
        newestOfSource.FindIndex(other =>
            other.Id == source.Id && (other.Id != ShardIndexEntry.UnknownSource || other.Folder == source.Folder)
        );
}
