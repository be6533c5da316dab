using AttnCrnn.Corpora;

namespace AttnCrnn.Testing.Features;

/// <summary>Corpora whose clips come from named sources.</summary>
internal static class SourceCorpusBuilder
{
    /// <summary>A corpus of sources, each of which is an empty file in a folder.</summary>
    public static Corpus Create(
        TempFolder folder,
        params IReadOnlyList<(string Name, IReadOnlyList<Clip> Clips)> sources
    )
    {
        foreach (var (name, _) in sources)
            File.WriteAllText(folder.PathOf(name), "");
        return new("test", [.. sources.SelectMany(source => source.Clips).Distinct()], [], false)
        {
            Sources = [.. sources.Select(source => new CorpusSource(folder.PathOf(source.Name), source.Clips))],
        };
    }
}
