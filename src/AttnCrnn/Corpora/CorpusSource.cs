namespace AttnCrnn.Corpora;

/// <summary>A source of a corpus: a folder, a recording or a manifest, and the clips that it names.</summary>
/// <param name="Path">Absolute path of the source.</param>
/// <param name="Clips">Its clips, also those that another source names as well.</param>
public sealed record CorpusSource(string Path, IReadOnlyList<Clip> Clips);
