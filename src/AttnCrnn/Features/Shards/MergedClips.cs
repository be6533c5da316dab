using AttnCrnn.Corpora;
using AttnCrnn.IO.Unicode;
using AttnCrnn.Options;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// Clips with the values of all sources that name them, field by field: a missing value never replaces a given one, and
/// two labels, speakers or subsets of one clip contradict each other.
/// </summary>
internal sealed class MergedClips
{
    private static readonly Field[] Fields =
    [
        new("label", entry => entry.Label, CreateNameKey, MayDiffer: false),
        new("speaker", entry => entry.Speaker, CreateNameKey, MayDiffer: false),
        new("subset", entry => Manifest.GetName(entry.Split), CreateKey, MayDiffer: false),
        new("sex", entry => entry.Sex, CreateKey, MayDiffer: true),
        new("session", entry => entry.Session, CreateKey, MayDiffer: true),
        new("votes", entry => entry.Votes?.ToString(), CreateKey, MayDiffer: true),
    ];

    private readonly IReadOnlyDictionary<string, string> sourcePaths;
    private readonly Func<string, bool> isUsed;
    private readonly int[] filled = new int[Fields.Length];
    private readonly int[] newest = new int[Fields.Length];
    private readonly int[] contradicting = new int[Fields.Length];
    private readonly OptionText?[] examples = new OptionText?[Fields.Length];
    private string? firstFilled;
    private bool hasSeveralFolders;

    private MergedClips(Func<string, bool> isUsed, IReadOnlyDictionary<string, string> sourcePaths)
    {
        this.isUsed = isUsed;
        this.sourcePaths = sourcePaths;
    }

    /// <summary>Each clip once, in their order.</summary>
    public IReadOnlyList<FolderEntry> Entries { get; private set; } = [];

    /// <summary>What was taken from which source where the newest lacks a value, and what was replaced.</summary>
    public IReadOnlyList<OptionText> Notices { get; private set; } = [];

    /// <summary>Labels, speakers and subsets that contradict each other: a sentence for each of the three.</summary>
    public IReadOnlyList<OptionText> Contradictions { get; private set; } = [];

    /// <summary>Merges the entries of clips.</summary>
    /// <param name="clips">Clips that a source names.</param>
    /// <param name="isUsed">Whether a source counts, by its identifier.</param>
    /// <param name="sourcePaths">By identifier, for messages.</param>
    public static MergedClips Create(
        IReadOnlyList<ClipEntries> clips,
        Func<string, bool> isUsed,
        IReadOnlyDictionary<string, string> sourcePaths
    )
    {
        var merged = new MergedClips(isUsed, sourcePaths);
        merged.Entries = [.. clips.Select(merged.Merge)];
        merged.Notices = [.. merged.Describe(clips)];
        merged.Contradictions =
        [
            .. Fields
                .Index()
                .Where(field => merged.contradicting[field.Index] > 0)
                .Select(merged.DescribeContradiction),
        ];
        return merged;
    }

    private FolderEntry Merge(ClipEntries clip)
    {
        SourceEntry[] sources = [.. clip.Sources.Where(source => isUsed(source.Id))];
        if (sources.Length > 1)
            for (var field = 0; field < Fields.Length; field++)
                Compare(clip, sources, field);
        return new(clip.Newest.Folder, clip.Merge());
    }

    private void Compare(ClipEntries clip, SourceEntry[] sources, int index)
    {
        var field = Fields[index];
        SourceEntry[] withValue = [.. sources.Where(source => field.Key(source.Entry) is not null)];
        if (withValue.Length == 0)
            return;
        if (field.Key(sources[0].Entry) is null)
        {
            filled[index]++;
            firstFilled ??=
                $"{clip.Newest.Entry.Name}: {field.Name} {field.Get(withValue[0].Entry)} of {Show(withValue[0])}";
        }
        var other = Array.FindIndex(withValue, source =>
            !clip.IsReplaced(source) && field.Key(source.Entry) != field.Key(withValue[0].Entry)
        );
        if (other < 0)
            return;
        if (field.MayDiffer)
            newest[index]++;
        else if (contradicting[index]++ == 0)
        {
            hasSeveralFolders |= clip.Folders.Count > 1;
            examples[index] =
                $"{clip.Newest.Entry.Name}: {field.Get(withValue[0].Entry)} of {Show(withValue[0])}, and "
                + $"{field.Get(withValue[other].Entry)} of {Show(withValue[other])}";
        }
    }

    private IEnumerable<OptionText> Describe(IReadOnlyList<ClipEntries> clips)
    {
        if (firstFilled is not null)
            yield return $"values that the newest source of a clip lacks are taken from another source: "
                + $"{Count(filled)} (for example {firstFilled})";
        if (newest.Any(count => count > 0))
            yield return $"values of two sources differ, and those of the newest are used: {Count(newest)}";
        if (clips.Count(clip => clip.HasReplacedValues) is > 0 and var replaced)
            yield return $"{replaced} clips have another label, speaker or subset in an older extraction of the same "
                + "source; those of the newest are used";
    }

    private OptionText DescribeContradiction((int Index, Field Field) field) =>
        OptionText.Create(
            $"{contradicting[field.Index]} clips have another {field.Field.Name} in another source, for example "
                + $"{examples[field.Index]!}: correct one of the sources and extract it again; or use only one, by "
                + $"extracting it with {OptionKeys.Prune}, which removes the clips and values of all other sources "
                + $"from that folder{(hasSeveralFolders ? "; or leave out one of the folders" : "")}"
        );

    private static string Count(int[] counts) =>
        string.Join(
            ", ",
            Fields
                .Index()
                .Where(field => counts[field.Index] > 0)
                .Select(field => $"{field.Item.Name} of {counts[field.Index]} clips")
        );

    private string Show(SourceEntry source) => $"{SourceNames.Describe(source.Id, sourcePaths)} (in {source.Folder})";

    private static string? CreateNameKey(string name) => MissingValue.MatchesName(name) ? null : NameText.GetKey(name);

    private static string? CreateKey(string value) => value.Length == 0 ? null : value;

    // A value of a clip; its key is null if it means none, and equal for spellings of one name.
    private sealed record Field(
        string Name,
        Func<ShardIndexEntry, string?> Get,
        Func<string, string?> CreateKey,
        bool MayDiffer
    )
    {
        public string? Key(ShardIndexEntry entry) => Get(entry) is { } value ? CreateKey(value) : null;
    }
}
