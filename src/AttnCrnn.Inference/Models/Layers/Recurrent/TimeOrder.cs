namespace AttnCrnn.Models.Layers.Recurrent;

/// <summary>
/// A batch in time-major order without padding, clips sorted by length, longest first: step t holds one row for each
/// clip with more than t frames, in order of rank. A step of a recurrent layer is then one matrix product.
/// </summary>
internal sealed class TimeOrder
{
    private readonly int[] order;
    private readonly int[] firstRows;
    private readonly int[] activeClipCounts;
    private readonly int[] clipsByRow;
    private readonly int[] stepsByRow;
    private readonly int[] previousRows;

    public TimeOrder(BatchCapacity capacity)
    {
        order = new int[capacity.Clips];
        firstRows = new int[capacity.Frames + 1];
        activeClipCounts = new int[capacity.Frames + 1];
        clipsByRow = new int[capacity.Rows];
        stepsByRow = new int[capacity.Rows];
        previousRows = new int[capacity.Rows];
    }

    /// <summary>Number of clips.</summary>
    public int ClipCount { get; private set; }

    /// <summary>Number of steps, the length of the longest clip.</summary>
    public int StepCount { get; private set; }

    /// <summary>The clip with this rank.</summary>
    public int GetClip(int rank) => order[rank];

    /// <summary>Number of clips with a frame at this step.</summary>
    public int GetActiveClipCount(int step) => activeClipCounts[step];

    /// <summary>The first row of this step.</summary>
    public int GetFirstRow(int step) => firstRows[step];

    /// <summary>The clip of a row.</summary>
    public int GetClipOfRow(int row) => clipsByRow[row];

    /// <summary>The clips of a range of rows.</summary>
    public ReadOnlySpan<int> GetClipsOfRows(int firstRow, int count) => clipsByRow.AsSpan(firstRow, count);

    /// <summary>The step of a row.</summary>
    public int GetStepOfRow(int row) => stepsByRow[row];

    /// <summary>[rows]: the row of the same clip at the previous step, -1 at the first.</summary>
    public ReadOnlySpan<int> PreviousRows => previousRows.AsSpan(0, firstRows[StepCount]);

    /// <summary>Sets the batch.</summary>
    public void SetBatch(PackedBatch clips)
    {
        ClipCount = clips.ClipCount;
        for (var clip = 0; clip < ClipCount; clip++) // stable insertion sort of a few dozen clips
        {
            var rank = clip;
            for (; rank > 0 && clips.FrameCount(order[rank - 1]) < clips.FrameCount(clip); rank--)
                order[rank] = order[rank - 1];
            order[rank] = clip;
        }
        StepCount = clips.FrameCount(order[0]);
        firstRows[0] = 0;
        var remaining = ClipCount;
        for (var step = 0; step < StepCount; step++)
        {
            while (clips.FrameCount(order[remaining - 1]) <= step)
                remaining--;
            activeClipCounts[step] = remaining;
            firstRows[step + 1] = firstRows[step] + remaining;
            for (var rank = 0; rank < remaining; rank++)
            {
                var row = firstRows[step] + rank;
                clipsByRow[row] = order[rank];
                stepsByRow[row] = step;
                previousRows[row] = step == 0 ? -1 : firstRows[step - 1] + rank;
            }
        }
        activeClipCounts[StepCount] = 0;
    }
}
