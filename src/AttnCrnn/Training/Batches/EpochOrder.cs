using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>Order of the clips in an epoch and their division into batches: a function of seed and epoch.</summary>
internal sealed class EpochOrder(IReadOnlyList<TrainingClip> train, int copies, int batchSize, ulong seed)
{
    private readonly TrainingClip[] clips = [.. train];
    private readonly TrainingClip[] order = [.. Enumerable.Repeat(train, copies).SelectMany(copy => copy)];

    /// <summary>Every clip once per copy. A batch that spans two copies may hold a clip twice.</summary>
    public ReadOnlyMemory<TrainingClip> Clips => order;

    /// <summary>Shuffles each copy by itself: every clip comes once before any comes again.</summary>
    public void Shuffle(int epoch)
    {
        for (var copy = 0; copy * clips.Length < order.Length; copy++)
        {
            var pass = order.AsSpan(copy * clips.Length, clips.Length);
            clips.CopyTo(pass);
            new RandomStream(seed).AtStep((uint)epoch, 0).ForStream(RandomStreamId.Shuffle, (uint)copy).Shuffle(pass);
        }
    }

    /// <summary>
    /// Batches of an epoch. The last may be smaller; a last batch of one clip, which has no variance for batch norm, is
    /// dropped.
    /// </summary>
    public List<(int First, int Count)> Steps()
    {
        var steps = new List<(int, int)>();
        for (var first = 0; first < order.Length; first += batchSize)
            steps.Add((first, Math.Min(batchSize, order.Length - first)));
        if (steps.Count > 1 && steps[^1].Item2 == 1)
            steps.RemoveAt(steps.Count - 1);
        return steps;
    }
}
