namespace AttnCrnn.Corpora.Manifests;

/// <summary>
/// The lines of several manifests that list one clip. They are looked for when two of them contradict each other, so
/// that clips need not carry them.
/// </summary>
internal static class ManifestLines
{
    /// <summary><c>a.csv line 2, b.csv line 7</c>; empty if no manifest among the sources lists the clip.</summary>
    public static string Find(IReadOnlyList<string> sources, Clip clip) =>
        string.Join(
            ", ",
            from source in sources
            where File.Exists(source) && ManifestFile.Matches(source)
            from row in ManifestReader.ReadRows(source, notices: [])
            where row.Clip.Identity == clip.Identity
            select $"{Path.GetFileName(source)} line {row.Line}"
        );
}
