using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>Matrix transposition in 4 x 4 blocks.</summary>
internal static unsafe class Transposition
{
    /// <summary>destination[column, row] = source[row, column].</summary>
    /// <param name="source">[rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="destination">[columns, rows], rows <paramref name="destinationStride"/> apart.</param>
    public static void Copy(
        float* source,
        nint stride,
        int rows,
        int columns,
        float* destination,
        nint destinationStride
    )
    {
        var wholeRows = Sse.IsSupported ? rows & ~3 : 0;
        var wholeColumns = columns & ~3;
        for (var row = 0; row < wholeRows; row += 4)
        {
            for (var column = 0; column < wholeColumns; column += 4)
                TransposeBlock(
                    source + (row * stride) + column,
                    stride,
                    destination + (column * destinationStride) + row,
                    destinationStride
                );
            TransposeScalar(source, stride, row, row + 4, wholeColumns, columns, destination, destinationStride);
        }
        TransposeScalar(source, stride, wholeRows, rows, 0, columns, destination, destinationStride);
    }

    /// <summary>destination[column, row] = source[row, column].</summary>
    public static void Copy(MatrixView source, MatrixView destination)
    {
        if (destination.Count != source.Width || destination.Width != source.Count)
            throw new ArgumentException(
                $"the transpose of [{source.Count}, {source.Width}] "
                    + $"does not fit [{destination.Count}, {destination.Width}]",
                nameof(destination)
            );
        Copy(source.Start, source.Stride, source.Count, source.Width, destination.Start, destination.Stride);
    }

    private static void TransposeBlock(float* source, nint stride, float* destination, nint destinationStride)
    {
        Vector128<float> r0 = Vector128.Load(source),
            r1 = Vector128.Load(source + stride);
        Vector128<float> r2 = Vector128.Load(source + (2 * stride)),
            r3 = Vector128.Load(source + (3 * stride));
        Vector128<float> low01 = Sse.UnpackLow(r0, r1),
            low23 = Sse.UnpackLow(r2, r3);
        Vector128<float> high01 = Sse.UnpackHigh(r0, r1),
            high23 = Sse.UnpackHigh(r2, r3);
        Sse.MoveLowToHigh(low01, low23).Store(destination);
        Sse.MoveHighToLow(low23, low01).Store(destination + destinationStride);
        Sse.MoveLowToHigh(high01, high23).Store(destination + (2 * destinationStride));
        Sse.MoveHighToLow(high23, high01).Store(destination + (3 * destinationStride));
    }

    private static void TransposeScalar(
        float* source,
        nint stride,
        int row,
        int rowEnd,
        int column,
        int columnEnd,
        float* destination,
        nint destinationStride
    )
    {
        for (var r = row; r < rowEnd; r++)
        for (var c = column; c < columnEnd; c++)
            destination[(c * destinationStride) + r] = source[(r * stride) + c];
    }
}
