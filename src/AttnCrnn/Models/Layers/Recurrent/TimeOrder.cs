namespace AttnCrnn.Models.Layers.Recurrent;

/// <summary>
/// A batch in time-major order without padding, clips sorted by length, longest first: step t holds one row for each
/// clip with more than t frames, in order of rank. A step of a recurrent layer is then one matrix product.
/// </summary>
internal sealed class TimeOrder
{
    private readonly int[] order;
    private readonly int[] bases;
    private readonly int[] active;
    private readonly int[] clipsByRow;
    private readonly int[] stepsByRow;
    private readonly int[] rows;
    private readonly int[] previousRows;

    public TimeOrder(BatchCapacity capacity)
    {
        order = new int[capacity.Clips];
        bases = new int[capacity.Frames + 1];
        active = new int[capacity.Frames + 1];
        clipsByRow = new int[capacity.Rows];
        stepsByRow = new int[capacity.Rows];
        rows = [.. Enumerable.Range(0, capacity.Rows)];
        previousRows = new int[capacity.Rows];
    }

    /// <summary>Number of clips.</summary>
    public int Clips { get; private set; }

    /// <summary>Number of steps, the length of the longest clip.</summary>
    public int Steps { get; private set; }

    /// <summary>The clip with this rank.</summary>
    public int Clip(int rank) => order[rank];

    /// <summary>Number of clips with a frame at this step.</summary>
    public int Active(int step) => active[step];

    /// <summary>The first row of this step.</summary>
    public int Base(int step) => bases[step];

    /// <summary>The clip of a row.</summary>
    public int ClipOf(int row) => clipsByRow[row];

    /// <summary>The clips of a range of rows.</summary>
    public ReadOnlySpan<int> ClipsOf(int firstRow, int count) => clipsByRow.AsSpan(firstRow, count);

    /// <summary>The step of a row.</summary>
    public int StepOf(int row) => stepsByRow[row];

    /// <summary>[rows]: 0, 1, ….</summary>
    public ReadOnlySpan<int> Rows => rows.AsSpan(0, bases[Steps]);

    /// <summary>[rows]: the row of the same clip at the previous step, -1 at the first.</summary>
    public ReadOnlySpan<int> RowsBefore => previousRows.AsSpan(0, bases[Steps]);

    /// <summary>Sets the batch.</summary>
    public void Set(PackedBatch clips)
    {
        Clips = clips.Clips;
        for (var clip = 0; clip < Clips; clip++) // stable insertion sort of a few dozen clips
        {
            var rank = clip;
            for (; rank > 0 && clips.Count(order[rank - 1]) < clips.Count(clip); rank--)
                order[rank] = order[rank - 1];
            order[rank] = clip;
        }
        Steps = clips.Count(order[0]);
        bases[0] = 0;
        var remaining = Clips;
        for (var step = 0; step < Steps; step++)
        {
            while (clips.Count(order[remaining - 1]) <= step)
                remaining--;
            active[step] = remaining;
            bases[step + 1] = bases[step] + remaining;
            for (var rank = 0; rank < remaining; rank++)
            {
                var row = bases[step] + rank;
                clipsByRow[row] = order[rank];
                stepsByRow[row] = step;
                previousRows[row] = step == 0 ? -1 : bases[step - 1] + rank;
            }
        }
        active[Steps] = 0;
    }
}
