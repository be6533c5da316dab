using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>Matrix transposition in 4 x 4 blocks.</summary>
internal static unsafe class Transposition
{
    /// <summary>to[column, row] = from[row, column].</summary>
    /// <param name="from">[rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="to">[columns, rows], rows <paramref name="toStride"/> apart.</param>
    public static void Copy(float* from, nint stride, int rows, int columns, float* to, nint toStride)
    {
        var wholeRows = Sse.IsSupported ? rows & ~3 : 0;
        var wholeColumns = columns & ~3;
        for (var row = 0; row < wholeRows; row += 4)
        {
            for (var column = 0; column < wholeColumns; column += 4)
                Block(from + (row * stride) + column, stride, to + (column * toStride) + row, toStride);
            TransposeScalar(from, stride, row, row + 4, wholeColumns, columns, to, toStride);
        }
        TransposeScalar(from, stride, wholeRows, rows, 0, columns, to, toStride);
    }

    /// <summary>to[column, row] = from[row, column].</summary>
    public static void Copy(MatrixView from, MatrixView to)
    {
        if (to.Count != from.Width || to.Width != from.Count)
            throw new ArgumentException(
                $"the transpose of [{from.Count}, {from.Width}] does not fit [{to.Count}, {to.Width}]",
                nameof(to)
            );
        Copy(from.Start, from.Stride, from.Count, from.Width, to.Start, to.Stride);
    }

    private static void Block(float* from, nint stride, float* to, nint toStride)
    {
        Vector128<float> r0 = Vector128.Load(from),
            r1 = Vector128.Load(from + stride);
        Vector128<float> r2 = Vector128.Load(from + (2 * stride)),
            r3 = Vector128.Load(from + (3 * stride));
        Vector128<float> low01 = Sse.UnpackLow(r0, r1),
            low23 = Sse.UnpackLow(r2, r3);
        Vector128<float> high01 = Sse.UnpackHigh(r0, r1),
            high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(to);
        Sse.MoveHighToLow(low23, low01).Store(to + toStride);
        Sse.MoveLowToHigh(high01, high23).Store(to + (2 * toStride));
        Sse.MoveHighToLow(high23, high01).Store(to + (3 * toStride));
    }

    private static void TransposeScalar(
        float* from,
        nint stride,
        int row,
        int rowEnd,
        int column,
        int columnEnd,
        float* to,
        nint toStride
    )
    {
        for (var r = row; r < rowEnd; r++)
        for (var c = column; c < columnEnd; c++)
            to[(c * toStride) + r] = from[(r * stride) + c];
    }
}
