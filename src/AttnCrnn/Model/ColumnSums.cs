using AttnCrnn.Kernels;

namespace AttnCrnn.Model;

/// <summary>Sums over rows, as biases' gradients need them: blocks of rows side by side, then the blocks in their order.</summary>
internal sealed class ColumnSums : IDisposable
{
    private const int RowsOfBlock = 256;

    private readonly FloatBuffer partial;
    private readonly Workers workers;
    private readonly Action<int> sumBlock;
    private Rows rows;

    public ColumnSums(Workers workers, int mostRows, int width)
    {
        this.workers = workers;
        partial = new FloatBuffer(Blocks(mostRows) * width);
        sumBlock = SumBlock;
    }

    /// <summary>to[column] = Σ over rows.</summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="to">[width].</param>
    public void Sum(Rows rows, Span<float> to)
    {
        this.rows = rows;
        var blocks = Blocks(rows.Count);
        workers.Run(blocks, sumBlock);
        to.Clear();
        var sums = partial.Rows(0, blocks, rows.Width);
        for (var block = 0; block < blocks; block++) Elementwise.Add(to, sums[block], to);
    }

    public void Dispose() => partial.Dispose();

    private void SumBlock(int block)
    {
        var sum = partial.Rows(block * rows.Width, 1, rows.Width)[0];
        sum.Clear();
        for (var row = block * RowsOfBlock; row < Math.Min(rows.Count, (block + 1) * RowsOfBlock); row++) Elementwise.Add(sum, rows[row], sum);
    }

    private static int Blocks(int rows) => (rows + RowsOfBlock - 1) / RowsOfBlock;
}
