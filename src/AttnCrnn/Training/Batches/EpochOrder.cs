using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>Order of the clips in an epoch and their division into batches: a function of seed and epoch.</summary>
internal sealed class EpochOrder(IReadOnlyList<TrainingClip> train, int copies, int batchSize, ulong seed)
{
    private readonly TrainingClip[] clips = [.. train];
    private readonly TrainingClip[] order = [.. Enumerable.Repeat(train, copies).SelectMany(copy => copy)];

    /// <summary>Every clip once per copy. A batch that spans two copies may hold a clip twice.</summary>
    public ReadOnlyMemory<TrainingClip> Clips => order;

    /// <summary>Shuffles each copy separately, so that every clip occurs once per copy.</summary>
    public void Shuffle(int epoch)
    {
        for (var copy = 0; copy * clips.Length < order.Length; copy++)
        {
            var copyOrder = order.AsSpan(copy * clips.Length, clips.Length);
            clips.CopyTo(copyOrder);
            new RandomStream(seed)
                .AtStep((uint)epoch, 0)
                .ForStream(RandomStreamId.Shuffle, (uint)copy)
                .Shuffle(copyOrder);
        }
    }

    /// <summary>
    /// Batches of an epoch. The last may be smaller; a last batch of one clip, which has no variance for batch norm, is
    /// dropped.
    /// </summary>
    public List<(int First, int Count)> SplitIntoBatches()
    {
        var batches = new List<(int, int)>();
        for (var first = 0; first < order.Length; first += batchSize)
            batches.Add((first, Math.Min(batchSize, order.Length - first)));
        if (batches.Count > 1 && batches[^1].Item2 == 1)
            batches.RemoveAt(batches.Count - 1);
        return batches;
    }
}
