namespace AttnCrnn.Corpora.Readers;

/// <summary>What the file name of a recording tells beside label and speaker.</summary>
/// <param name="Corpus">Name of the corpus.</param>
/// <param name="Intensity">Intensity of the emotion; null if the corpus does not code it.</param>
/// <param name="Statement">What is said, or its code; null if the corpus does not code it.</param>
internal sealed record RecordingAttributes(string Corpus, string? Intensity, string? Statement)
{
    /// <summary>The attributes of recordings, which are those of the corpora that all names together show.</summary>
    /// <param name="paths">[recordings].</param>
    /// <returns>[recordings]; null for a name of no known corpus.</returns>
    public static IReadOnlyList<RecordingAttributes?> Find(IReadOnlyList<string> paths)
    {
        string[] names = [.. paths.Select(path => Path.GetFileNameWithoutExtension(path))];
        var corpora = CorpusFileNames.Create([.. names.Distinct()]);
        return
        [
            .. names.Select(name =>
                corpora.Find(name) is var (corpus, clip)
                    ? new RecordingAttributes(corpus, clip.Intensity, clip.Statement)
                    : null
            ),
        ];
    }
}
