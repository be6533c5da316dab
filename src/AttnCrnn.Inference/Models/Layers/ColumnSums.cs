using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// Sums over rows, for gradients of biases: blocks of rows in parallel, then the block sums in order, so that the
/// result does not depend on the number of threads.
/// </summary>
internal sealed class ColumnSums : IDisposable
{
    private const int RowsPerBlock = 256;

    private readonly AlignedBuffer partial;
    private readonly WorkerPool workers;
    private readonly Action<int> sumBlock;
    private MatrixView rows;

    public ColumnSums(WorkerPool workers, int maxRows, int width)
    {
        this.workers = workers;
        partial = new AlignedBuffer(CountBlocks(maxRows) * width);
        sumBlock = SumBlock;
    }

    /// <summary>destination[column] = Σ over rows.</summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="destination">[width].</param>
    public void Sum(MatrixView rows, Span<float> destination)
    {
        this.rows = rows;
        var blocks = CountBlocks(rows.Count);
        workers.Run(blocks, sumBlock);
        destination.Clear();
        var sums = partial.Rows(0, blocks, rows.Width);
        for (var block = 0; block < blocks; block++)
            VectorMath.Add(destination, sums[block], destination);
    }

    public void Dispose() => partial.Dispose();

    private void SumBlock(int block)
    {
        var sum = partial.Rows(block * rows.Width, 1, rows.Width)[0];
        sum.Clear();
        for (var row = block * RowsPerBlock; row < Math.Min(rows.Count, (block + 1) * RowsPerBlock); row++)
            VectorMath.Add(sum, rows[row], sum);
    }

    private static int CountBlocks(int rows) => (rows + RowsPerBlock - 1) / RowsPerBlock;
}
