namespace AttnCrnn.Corpora;

/// <summary>What to cite, and the terms of use, when results on a corpus are published.</summary>
/// <param name="Corpus">Name of the corpus, such as <c>RAVDESS</c>.</param>
/// <param name="Reference">The publication that its authors ask to cite.</param>
/// <param name="License">License of the recordings, or how to get them.</param>
public sealed record CorpusCitation(string Corpus, string Reference, string License);
