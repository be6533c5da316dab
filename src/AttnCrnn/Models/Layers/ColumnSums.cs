using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>Sums over rows, as biases' gradients need them: blocks of rows side by side, then the blocks in their order.</summary>
internal sealed class ColumnSums : IDisposable
{
    private const int RowsPerBlock = 256;

    private readonly AlignedBuffer partial;
    private readonly WorkerPool workers;
    private readonly Action<int> sumBlock;
    private MatrixView rows;

    public ColumnSums(WorkerPool workers, int mostRows, int width)
    {
        this.workers = workers;
        partial = new AlignedBuffer(Blocks(mostRows) * width);
        sumBlock = SumBlock;
    }

    /// <summary>to[column] = Σ over rows.</summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="to">[width].</param>
    public void Sum(MatrixView rows, Span<float> to)
    {
        this.rows = rows;
        var blocks = Blocks(rows.Count);
        workers.Run(blocks, sumBlock);
        to.Clear();
        var sums = partial.Rows(0, blocks, rows.Width);
        for (var block = 0; block < blocks; block++)
            VectorMath.Add(to, sums[block], to);
    }

    public void Dispose() => partial.Dispose();

    private void SumBlock(int block)
    {
        var sum = partial.Rows(block * rows.Width, 1, rows.Width)[0];
        sum.Clear();
        for (var row = block * RowsPerBlock; row < Math.Min(rows.Count, (block + 1) * RowsPerBlock); row++)
            VectorMath.Add(sum, rows[row], sum);
    }

    private static int Blocks(int rows) => (rows + RowsPerBlock - 1) / RowsPerBlock;
}
