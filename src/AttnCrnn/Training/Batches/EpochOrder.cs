using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Training.Batches;

/// <summary>The order in which an epoch shows the clips, and its cut into batches: a function of seed and epoch.</summary>
internal sealed class EpochOrder(IReadOnlyList<TrainingClip> train, int copies, int batchSize, ulong seed)
{
    private readonly TrainingClip[] clips = [.. train];
    private readonly TrainingClip[] order = [.. Enumerable.Repeat(train, copies).SelectMany(once => once)];

    /// <summary>Every clip as often as an epoch shows it. A batch that spans two passes over the clips may hold one of them twice.</summary>
    public ReadOnlyMemory<TrainingClip> Clips => order;

    /// <summary>Every clip once, in a drawn order, before any comes a second time.</summary>
    public void Shuffle(int epoch)
    {
        for (var copy = 0; copy * clips.Length < order.Length; copy++)
        {
            var part = order.AsSpan(copy * clips.Length, clips.Length);
            clips.CopyTo(part);
            new RandomStream(seed).AtStep((uint)epoch, 0).ForStream(RandomStreamId.Shuffle, (uint)copy).Shuffle(part);
        }
    }

    /// <summary>The batches of an epoch. The last one may be smaller; one clip alone would have no deviation for batch norm, so it waits for another epoch's order.</summary>
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
