namespace AttnCrnn.Models;

/// <summary>The largest batch that a network allocates memory for.</summary>
/// <param name="Rows">Frames per batch, over all clips.</param>
/// <param name="Clips">Clips per batch.</param>
/// <param name="Frames">Frames of the longest clip.</param>
public readonly record struct BatchCapacity(int Rows, int Clips, int Frames)
{
    /// <summary>After pooling of size 2 along time; an odd last frame is dropped.</summary>
    internal BatchCapacity ToHalf() => new(Rows / 2, Clips, Frames / 2);

    /// <summary>One row per clip.</summary>
    internal BatchCapacity ToClips() => new(Clips, Clips, 1);
}
