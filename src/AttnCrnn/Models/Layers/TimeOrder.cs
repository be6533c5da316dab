namespace AttnCrnn.Models.Layers;

/// <summary>
/// The clips of a batch by length, longest first, laid out a time step after the other: step t has the rows of the clips that still have a
/// frame then, and they are the first of its clips. So a step of a recurrent layer is one product, without padding.
/// </summary>
internal sealed class TimeOrder
{
    private readonly int[] order;
    private readonly int[] bases;
    private readonly int[] active;
    private readonly int[] clipOf;
    private readonly int[] stepOf;
    private readonly int[] rows;
    private readonly int[] before;

    public TimeOrder(BatchCapacity largest)
    {
        order = new int[largest.Clips];
        bases = new int[largest.Frames + 1];
        active = new int[largest.Frames + 1];
        clipOf = new int[largest.Rows];
        stepOf = new int[largest.Rows];
        rows = [.. Enumerable.Range(0, largest.Rows)];
        before = new int[largest.Rows];
    }

    /// <summary>Clips.</summary>
    public int Clips { get; private set; }

    /// <summary>Steps of the longest clip.</summary>
    public int Steps { get; private set; }

    /// <summary>The clip that stands at this rank.</summary>
    public int Clip(int rank) => order[rank];

    /// <summary>Clips that have a frame at this step.</summary>
    public int Active(int step) => active[step];

    /// <summary>The first row of this step.</summary>
    public int Base(int step) => bases[step];

    /// <summary>The clip that a row is of.</summary>
    public int ClipOf(int row) => clipOf[row];

    /// <summary>The clips that some rows are of.</summary>
    public ReadOnlySpan<int> ClipsOf(int firstRow, int count) => clipOf.AsSpan(firstRow, count);

    /// <summary>The step that a row is at.</summary>
    public int StepOf(int row) => stepOf[row];

    /// <summary>[rows]: themselves.</summary>
    public ReadOnlySpan<int> Rows => rows.AsSpan(0, bases[Steps]);

    /// <summary>[rows]: the row of the same clip one step before, -1 at the first.</summary>
    public ReadOnlySpan<int> RowsBefore => before.AsSpan(0, bases[Steps]);

    /// <summary>Lays out a batch.</summary>
    public void Set(PackedBatch clips)
    {
        Clips = clips.Clips;
        for (var clip = 0; clip < Clips; clip++) // by insertion: a few dozen clips, equals stay in their order
        {
            var at = clip;
            for (; at > 0 && clips.Count(order[at - 1]) < clips.Count(clip); at--)
                order[at] = order[at - 1];
            order[at] = clip;
        }
        Steps = clips.Count(order[0]);
        bases[0] = 0;
        var alive = Clips;
        for (var step = 0; step < Steps; step++)
        {
            while (clips.Count(order[alive - 1]) <= step)
                alive--;
            active[step] = alive;
            bases[step + 1] = bases[step] + alive;
            for (var rank = 0; rank < alive; rank++)
                (clipOf[bases[step] + rank], stepOf[bases[step] + rank], before[bases[step] + rank]) = (
                    order[rank],
                    step,
                    step == 0 ? -1 : bases[step - 1] + rank
                );
        }
        active[Steps] = 0;
    }
}
