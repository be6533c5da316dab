using AttnCrnn.Numerics.Gemm.Tiles;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Numerics.Gemm;

/// <summary>
/// Splits a product into blocks and tasks. One instance per calling thread, so that a training step allocates nothing.
/// </summary>
internal sealed unsafe class ProductJob<TTile>
    where TTile : ITile
{
    private const int ColumnsPerBlock = 512; // a packed block of b takes 512 KB and fits the L2 cache
    private const long WorkPerTask = 4_000_000; // multiply-adds: about 0.1 ms, against 1 µs to dispatch a task

    private const int MinRowsPerTask = 96; // each task packs its columns of b again, which pays off from here on

    [ThreadStatic]
    private static ProductJob<TTile>? threadInstance;

    private readonly Action<int> runTask;
    private MatrixProduct.Product product;
    private int rowsPerTask;
    private int columnsPerTask;
    private int taskColumns;

    private ProductJob() => runTask = RunTask;

    public static ProductJob<TTile> ForThisThread => threadInstance ??= new();

    public void Run(WorkerPool? workers, in MatrixProduct.Product product)
    {
        this.product = product;
        if (workers is null)
        {
            MultiplyBlock(0, product.M, 0, product.N);
            return;
        }
        SplitIntoTasks();
        var tasks = ((product.M + rowsPerTask - 1) / rowsPerTask) * taskColumns;
        workers.Run(tasks, runTask);
    }

    // Depends on the amount of work only, never on the number of threads. Rows are split first: each task packs the
    // columns of b that it needs, so few tasks should need the same columns.
    private void SplitIntoTasks()
    {
        columnsPerTask = Math.Min(product.N, ColumnsPerBlock);
        taskColumns = (product.N + columnsPerTask - 1) / columnsPerTask;
        var work = Math.Max(1, (long)columnsPerTask * product.K);
        var rows = Math.Min(Math.Max((WorkPerTask + work - 1) / work, MinRowsPerTask), product.M);
        rowsPerTask = (int)((rows + TTile.Height - 1) / TTile.Height * TTile.Height);
    }

    private void RunTask(int task)
    {
        var taskRow = task / taskColumns;
        var taskColumn = task % taskColumns;
        var row = taskRow * rowsPerTask;
        var column = taskColumn * columnsPerTask;
        MultiplyBlock(
            row,
            Math.Min(rowsPerTask, product.M - row),
            column,
            Math.Min(columnsPerTask, product.N - column)
        );
    }

    private void MultiplyBlock(int row, int rows, int column, int columns)
    {
        var scratch = ProductScratch.ForThisThread;
        MatrixProduct.MultiplyAddCount += (long)rows * columns * product.K;
        if (product.K == 0 && !product.Accumulate)
            for (var r = row; r < row + rows; r++)
                product.C[r].Slice(column, columns).Clear();
        nint aStride = product.A.Stride,
            cStride = product.C.Stride;
        for (var n = column; n < column + columns; n += ColumnsPerBlock)
        {
            var width = Math.Min(ColumnsPerBlock, column + columns - n);
            var c = product.C.Start + (row * cStride) + n;
            for (var k = 0; k < product.K; k += PackedRight.DepthOfBlock)
            {
                var depth = Math.Min(PackedRight.DepthOfBlock, product.K - k);
                var overwrite = k == 0 && !product.Accumulate;
                var b = scratch.GetRight(depth, Packing.RoundUp(width, TTile.Width));
                PackRight(b, k, depth, n, width);
                if (product.Form == MatrixProduct.Form.TransposedLeft)
                    ProductSweep<TTile>.MultiplyTransposed(
                        scratch,
                        product.A.Start + (k * aStride) + row,
                        aStride,
                        rows,
                        b,
                        (nint)depth * TTile.Width,
                        width,
                        depth,
                        c,
                        cStride,
                        overwrite
                    );
                else
                    ProductSweep<TTile>.MultiplyRows(
                        scratch,
                        product.A.Start + (row * aStride) + k,
                        aStride,
                        rows,
                        b,
                        (nint)depth * TTile.Width,
                        width,
                        depth,
                        c,
                        cStride,
                        overwrite
                    );
            }
        }
    }

    private void PackRight(float* destination, int k, int depth, int column, int columns)
    {
        nint stride = product.B.Stride;
        for (var j = 0; j < columns; j += TTile.Width, destination += (nint)depth * TTile.Width)
        {
            var width = Math.Min(TTile.Width, columns - j);
            if (product.Form == MatrixProduct.Form.TransposedRight)
                Packing.PackTransposedPanel(
                    product.B.Start + ((column + j) * stride) + k,
                    stride,
                    depth,
                    width,
                    TTile.Width,
                    destination
                );
            else
                Packing.PackPanel(
                    product.B.Start + (k * stride) + column + j,
                    stride,
                    depth,
                    width,
                    TTile.Width,
                    destination
                );
        }
    }
}
