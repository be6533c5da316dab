namespace AttnCrnn.Models;

/// <summary>The largest batch that a network allocates memory for.</summary>
/// <param name="Rows">Frames per batch, over all clips.</param>
/// <param name="Clips">Clips per batch.</param>
/// <param name="Frames">Frames of the longest clip.</param>
public readonly record struct BatchCapacity(int Rows, int Clips, int Frames);
