using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// A corpus with label and speaker in the paths of its recordings. A folder is recognized if at least 80% of its
/// recordings match; the others have no label. A clip that lies there several times, in another folder or as another
/// type of file, is read once.
/// </summary>
internal abstract class FileNameReader : ICorpusReader
{
    private const int MinGenericNames = 3;

    public abstract CorpusDescription Description { get; }

    /// <summary>Name of the corpus, such as <c>RAVDESS</c>.</summary>
    public string Name => Description.Name;

    /// <summary>The corpus before the names of its speakers, such as <c>ravdess</c>.</summary>
    protected abstract string SpeakerPrefix { get; }

    /// <summary>
    /// Matches <c>/folder/name</c> without extension, to its end; with the groups emotion and speaker.
    /// </summary>
    protected abstract Regex Pattern { get; }

    /// <summary>Labels by the codes of the group emotion.</summary>
    protected abstract IReadOnlyDictionary<string, string> Labels { get; }

    /// <summary>
    /// Whether recordings of anything else may have such names, so that single names are no evidence: at least three
    /// with different labels or speakers are.
    /// </summary>
    protected virtual bool HasGenericNames => false;

    public bool Recognizes(CorpusFolder folder) => Match(folder) is { IsRecognized: true };

    /// <summary>How many recordings of a folder have names of this corpus.</summary>
    public NameMatch Match(CorpusFolder folder)
    {
        var paths = folder.Recordings.Select(FormatPath).ToList();
        var clips = paths.Select(ParsePath).OfType<ClipMetadata>().ToList();
        var matching = clips.Count + paths.Count(path => GetExclusion(path) is not null);
        if (clips.Count == 0 || !CorpusFolder.IsSufficient(matching, paths.Count))
            return new(this, matching, paths.Count, Doubt: null, IsRecognized: false)
            {
                Partial =
                    NameMatch.IsWorthMention(clips.Count, paths.Count) && FindDoubt(paths, clips) is null
                        ? [.. folder.Recordings.Where(file => ParsePath(FormatPath(file)) is not null)]
                        : [],
            };
        var doubt = FindDoubt(paths, clips);
        return new(this, matching, paths.Count, doubt, IsRecognized: doubt is null);
    }

    /// <summary>
    /// Why names without extensions, some of which match, do not show that they are of this corpus; null if they do.
    /// </summary>
    public string? FindDoubt(IReadOnlyList<string> names)
    {
        string[] paths = [.. names.Select(name => $"/{name}")];
        return FindDoubt(paths, [.. paths.Select(ParsePath).OfType<ClipMetadata>()]);
    }

    public virtual CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var recordings = folder.Recordings.Select(Parse).ToList();
        var readable = recordings.Where(recording => recording.Excluded is null).ToList();
        var distinct = RecordingCopies.Remove(readable);
        List<string> notices =
        [
            $"{folder.Path}: recognized as {Name} by {recordings.Count(recording => recording.IsMatch)} of "
                + $"{recordings.Count} file names; if it is not, read it by a manifest",
            .. DescribeExcluded(recordings),
            .. RecordingCopies.Describe(readable, distinct),
            .. DescribeUnlabeled(distinct),
            .. DescribeClips([.. distinct.Where(recording => recording.Metadata is not null)]),
            .. LfsPointers.Describe(distinct),
        ];
        var sexes = ReadSexes(folder);
        return new([.. distinct.Select(recording => CreateClip(recording, sexes))], notices);
    }

    public ClipMetadata? ParseFileName(string name) => ParsePath($"/{name}");

    /// <summary>The path of a recording as <see cref="Pattern"/> matches it, with a slash before it.</summary>
    public static string FormatPath(string file) =>
        $"/{Path.ChangeExtension(file, null).Replace('\\', '/').TrimStart('/')}";

    /// <summary>Speaker of a match, without the corpus.</summary>
    protected virtual string GetSpeaker(Match match) => match.Groups["speaker"].Value;

    /// <summary>Sex of the speaker; null if the corpus does not code it.</summary>
    /// <param name="speaker">As <see cref="GetSpeaker"/> returns it.</param>
    protected virtual string? GetSex(Match match, string speaker) => null;

    /// <summary>Intensity of the emotion; null by default.</summary>
    protected virtual string? GetIntensity(Match match) => null;

    /// <summary>What is said, or its code: the group statement of the pattern, null without it.</summary>
    protected virtual string? GetStatement(Match match) =>
        match.Groups["statement"] is { Success: true, Value: var statement } ? statement : null;

    /// <summary>
    /// Sexes by speaker, with the corpus before it, from a table of the corpus; empty by default.
    /// </summary>
    /// <exception cref="InvalidFileException">The table is damaged.</exception>
    protected virtual IReadOnlyDictionary<string, string> ReadSexes(CorpusFolder folder) =>
        new Dictionary<string, string>();

    /// <summary>Subset that the path names; null by default.</summary>
    protected virtual Subset? GetSplit(Match match) => null;

    /// <summary>
    /// What the copies of a clip have in common beside speaker and label: the file name, in which a corpus may
    /// disregard a part.
    /// </summary>
    /// <param name="name">File name without extension.</param>
    protected virtual string GetTake(string name) => name;

    /// <summary>Order of the copies of a clip before their types and paths; the first one is read.</summary>
    protected virtual int GetRank(string name) => 0;

    /// <summary>
    /// Why a recording of the corpus is no clip, as in "video without sound"; null for a clip. Such recordings are
    /// counted, and not read.
    /// </summary>
    /// <param name="path"><c>/folder/name</c> without extension.</param>
    protected virtual string? GetExclusion(string path) => null;

    /// <summary>What users should know about the clips, with numbers; nothing by default.</summary>
    protected virtual IEnumerable<string> DescribeClips(IReadOnlyList<NamedRecording> clips) => [];

    /// <summary>Why names that match are those of another corpus; null if nothing contradicts.</summary>
    /// <param name="paths"><c>/folder/name</c> of all recordings, without extension.</param>
    protected virtual string? FindContradiction(IReadOnlyList<string> paths) => null;

    private string? FindDoubt(IReadOnlyList<string> paths, List<ClipMetadata> clips) =>
        FindContradiction(paths) ?? (HasGenericNames ? FindLackOfEvidence(paths, clips) : null);

    private string? FindLackOfEvidence(IEnumerable<string> paths, List<ClipMetadata> clips)
    {
        var names = paths.Where(path => ParsePath(path) is not null).Select(Path.GetFileName).Distinct().Count();
        var speakers = clips.Select(clip => clip.Speaker).Distinct().Count();
        var labels = clips.Select(clip => clip.Label).Distinct().Count();
        return names >= MinGenericNames && (speakers > 1 || labels > 1)
            ? null
            : $"{names} names with {labels} labels and {speakers} speakers do not show it (expected at least "
                + $"{MinGenericNames}, with different labels or speakers)";
    }

    private NamedRecording Parse(string file)
    {
        var path = FormatPath(file);
        var name = Path.GetFileName(path);
        return new(file, ParsePath(path), GetExclusion(path))
        {
            Take = GetTake(name),

            Rank = GetRank(name),
        };
    }

    private ClipMetadata? ParsePath(string path)
    {
        var match = Pattern.Match(path);
        if (!match.Success || GetExclusion(path) is not null)
            return null;
        var speaker = GetSpeaker(match);
        return new(
            Labels[match.Groups["emotion"].Value],
            $"{SpeakerPrefix}_{speaker}",
            GetSex(match, speaker),
            GetSplit(match)
        )
        {
            Intensity = GetIntensity(match),
            Statement = GetStatement(match),
        };
    }

    private static Clip CreateClip(NamedRecording recording, IReadOnlyDictionary<string, string> sexes)
    {
        var metadata = recording.Metadata;
        return new(recording.Path, metadata?.Label, metadata?.Speaker, metadata?.Split)
        {
            Sex = metadata is null ? null : metadata.Sex ?? sexes.GetValueOrDefault(metadata.Speaker),
        };
    }

    private static IEnumerable<string> DescribeExcluded(IEnumerable<NamedRecording> recordings) =>
        recordings
            .Where(recording => recording.Excluded is not null)
            .GroupBy(recording => recording.Excluded)
            .Select(group => $"{group.Count()} files (for example {group.First().Path}) are not read: {group.Key}");

    private IEnumerable<string> DescribeUnlabeled(IEnumerable<NamedRecording> recordings)
    {
        var unlabeled = recordings.Where(recording => recording.Metadata is null).ToList();
        if (unlabeled.Count > 0)
            yield return $"{unlabeled.Count} files (for example {unlabeled[0].Path}) do not match the file names of "
                + $"{Name} and have no label";
    }
}
