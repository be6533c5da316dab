namespace AttnCrnn.Kernels;

/// <summary>How a product is cut into blocks and tasks. One a thread that starts products, so that a step allocates nothing.</summary>
internal sealed unsafe class ProductJob<TTile> where TTile : ITile
{
    private const int DepthOfBlock = 256;   // a panel of b is then 32 KB at most
    private const int ColumnsOfBlock = 512; // and a packed block of b half a megabyte: the second cache
    private const long WorkOfTask = 4_000_000; // multiply-adds: some 0.1 ms, against 1 µs to hand a task over

    private const int LeastRowsOfTask = 96; // each task packs its columns of b anew, which so many rows pay for

    [ThreadStatic]
    private static ProductJob<TTile>? ofThisThread;

    private readonly Action<int> runTask;
    private MatrixProduct.Product product;
    private int rowsOfTask;
    private int columnsOfTask;
    private int tasksAcross;

    private ProductJob() => runTask = RunTask;

    public static ProductJob<TTile> OfThisThread => ofThisThread ??= new();

    public void Run(Workers? workers, in MatrixProduct.Product product)
    {
        this.product = product;
        if (workers is null)
        {
            Block(0, product.M, 0, product.N);
            return;
        }
        Cut();
        var tasks = ((product.M + rowsOfTask - 1) / rowsOfTask) * tasksAcross;
        workers.Run(tasks, runTask);
    }

    // By the work alone. Rows are cut first: a task packs the columns of b that it needs, so few tasks should need the same ones.
    private void Cut()
    {
        columnsOfTask = Math.Min(product.N, ColumnsOfBlock);
        tasksAcross = (product.N + columnsOfTask - 1) / columnsOfTask;
        var work = Math.Max(1, (long)columnsOfTask * product.K);
        var rows = Math.Min(Math.Max((WorkOfTask + work - 1) / work, LeastRowsOfTask), product.M);
        rowsOfTask = (int)((rows + TTile.Height - 1) / TTile.Height * TTile.Height);
    }

    private void RunTask(int task)
    {
        var (down, across) = (task / tasksAcross, task % tasksAcross);
        var (row, column) = (down * rowsOfTask, across * columnsOfTask);
        Block(row, Math.Min(rowsOfTask, product.M - row), column, Math.Min(columnsOfTask, product.N - column));
    }

    private void Block(int row, int rows, int column, int columns)
    {
        var scratch = ProductScratch.OfThisThread;
        if (!product.Accumulate)
            for (var r = row; r < row + rows; r++) product.C[r].Slice(column, columns).Clear();
        for (var n = column; n < column + columns; n += ColumnsOfBlock)
        {
            var width = Math.Min(ColumnsOfBlock, column + columns - n);
            for (var k = 0; k < product.K; k += DepthOfBlock)
            {
                var depth = Math.Min(DepthOfBlock, product.K - k);
                var b = scratch.Right(depth, Rounded(width, TTile.Width));
                PackRight(b, k, depth, n, width);
                if (product.Form == MatrixProduct.Form.TransposedLeft) SweepPacked(scratch, b, row, rows, n, width, k, depth);
                else Sweep(scratch, b, row, rows, n, width, k, depth);
            }
        }
    }

    private void Sweep(ProductScratch scratch, float* b, int row, int rows, int column, int columns, int k, int depth)
    {
        nint aStride = product.A.Stride, cStride = product.C.Stride;
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var a = product.A.Start + ((row + i) * aStride) + k;
            var stride = aStride;
            if (height < TTile.Height) // rows that are not there must not be read: a tile's worth of them is made
            {
                a = scratch.CopyLeft(a, aStride, height, TTile.Height, depth);
                stride = depth;
            }
            for (var j = 0; j < columns; j += TTile.Width)
            {
                var panel = b + ((nint)j * depth);
                var c = product.C.Start + ((row + i) * cStride) + column + j;
                var width = Math.Min(TTile.Width, columns - j);
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.MultiplyRows(a, stride, panel, depth, c, cStride);
                    continue;
                }
                var edge = scratch.LoadEdge(c, cStride, height, width, TTile.Width);
                TTile.MultiplyRows(a, stride, panel, depth, edge, TTile.Width);
                ProductScratch.StoreEdge(edge, c, cStride, height, width, TTile.Width);
            }
        }
    }

    private void SweepPacked(ProductScratch scratch, float* b, int row, int rows, int column, int columns, int k, int depth)
    {
        nint aStride = product.A.Stride, cStride = product.C.Stride;
        for (var i = 0; i < rows; i += TTile.Height)
        {
            var height = Math.Min(TTile.Height, rows - i);
            var a = scratch.Left(depth, TTile.Height);
            Panel(product.A.Start + (k * aStride) + row + i, aStride, depth, height, TTile.Height, a);
            for (var j = 0; j < columns; j += TTile.Width)
            {
                var panel = b + ((nint)j * depth);
                var c = product.C.Start + ((row + i) * cStride) + column + j;
                var width = Math.Min(TTile.Width, columns - j);
                if (height == TTile.Height && width == TTile.Width)
                {
                    TTile.MultiplyPacked(a, panel, depth, c, cStride);
                    continue;
                }
                var edge = scratch.LoadEdge(c, cStride, height, width, TTile.Width);
                TTile.MultiplyPacked(a, panel, depth, edge, TTile.Width);
                ProductScratch.StoreEdge(edge, c, cStride, height, width, TTile.Width);
            }
        }
    }

    private void PackRight(float* to, int k, int depth, int column, int columns)
    {
        nint stride = product.B.Stride;
        for (var j = 0; j < columns; j += TTile.Width, to += (nint)depth * TTile.Width)
        {
            var width = Math.Min(TTile.Width, columns - j);
            if (product.Form == MatrixProduct.Form.TransposedRight)
                TransposedPanel(product.B.Start + ((column + j) * stride) + k, stride, depth, width, TTile.Width, to);
            else
                Panel(product.B.Start + (k * stride) + column + j, stride, depth, width, TTile.Width, to);
        }
    }

    // [depth, width] with rows apart becomes [depth, whole] end to end; columns beyond the width are zeros.
    private static void Panel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        for (var k = 0; k < depth; k++, from += stride, to += whole)
        {
            new ReadOnlySpan<float>(from, width).CopyTo(new Span<float>(to, whole));
            if (width < whole) new Span<float>(to + width, whole - width).Clear();
        }
    }

    // [width, depth] with rows apart becomes [depth, whole] end to end.
    private static void TransposedPanel(float* from, nint stride, int depth, int width, int whole, float* to)
    {
        if (width < whole) new Span<float>(to, depth * whole).Clear();
        Transposition.Copy(from, stride, width, depth, to, whole);
    }

    private static int Rounded(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
