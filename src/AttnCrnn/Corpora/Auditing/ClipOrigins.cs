using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// Where clips come from, as far as recordings of one origin are alike: the known corpus that their names show, or else
/// their source.
/// </summary>
internal static class ClipOrigins
{
    /// <summary>The origins of clips that were read from sources.</summary>
    /// <param name="sources">May be empty, if the clips were not read from any.</param>
    /// <returns>[clips].</returns>
    public static string[] Find(IReadOnlyList<Clip> clips, IReadOnlyList<CorpusSource> sources)
    {
        var sourceOfPath = new Dictionary<string, string>();
        foreach (var source in sources)
        foreach (var clip in source.Clips)
            sourceOfPath.TryAdd(clip.Path, source.Path);
        return Find(
            [.. clips.Select(clip => clip.Path)],
            [.. clips.Select(clip => sourceOfPath.GetValueOrDefault(clip.Path))]
        );
    }

    /// <summary>The origins of recordings.</summary>
    /// <param name="paths">[recordings].</param>
    /// <param name="sources">[recordings], paths of folders, manifests or the recordings; null if unknown.</param>
    /// <returns>[recordings]: the name of a corpus, or a path; empty if unknown.</returns>
    public static string[] Find(IReadOnlyList<string> paths, IReadOnlyList<string?> sources)
    {
        var attributes = RecordingAttributes.Find(paths);
        return
        [
            .. paths.Select(
                (path, i) =>
                    attributes[i]?.Corpus
                    // Recordings that are named one by one are no source each.
                    ?? (sources[i] == path ? Path.GetDirectoryName(path) : sources[i])
                    ?? ""
            ),
        ];
    }

    /// <summary>An origin for messages: a corpus, or the last part of a path.</summary>
    public static string Format(string origin) => origin.Length == 0 ? "the others" : Path.GetFileName(origin);
}
