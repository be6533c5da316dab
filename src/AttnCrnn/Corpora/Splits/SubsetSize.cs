namespace AttnCrnn.Corpora.Splits;

/// <summary>Size of a subset.</summary>
/// <param name="Clips">Number of clips.</param>
/// <param name="Speakers">Number of named speakers.</param>
public readonly record struct SubsetSize(int Clips, int Speakers);
