namespace AttnCrnn.Models;

/// <summary>What a network's memory is laid out for.</summary>
/// <param name="Rows">Frames of a batch, all clips together.</param>
/// <param name="Clips">Clips of a batch.</param>
/// <param name="Frames">Frames of the longest clip.</param>
public readonly record struct BatchCapacity(int Rows, int Clips, int Frames);
