using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

/// <remarks>
/// Sums use eight lanes, element i in lane i mod 8; lanes are added in pairs. The order never depends on the processor.
/// </remarks>
internal static unsafe partial class VectorMath
{
    private const int SumLanes = 8;

    /// <summary>Σ x.</summary>
    public static float Sum(ReadOnlySpan<float> x)
    {
        fixed (float* a = x)
        {
            var end = x.Length - (x.Length % SumLanes);
            var remainder = LoadRemainder(a + end, x.Length - end);
            var lanes = Vector256<float>.Zero;
            for (nint index = 0; index < end; index += SumLanes)
                lanes += Vector256.Load(a + index);
            return AddLanes(lanes + remainder);
        }
    }

    /// <summary>Σ x · y, fused.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        RequireLength(x.Length, y.Length);
        fixed (
            float* a = x,
                b = y
        )
        {
            var end = x.Length - (x.Length % SumLanes);
            var remainderX = LoadRemainder(a + end, x.Length - end);
            var remainderY = LoadRemainder(b + end, x.Length - end);
            var lanes = Vector256<float>.Zero;
            for (nint index = 0; index < end; index += SumLanes)
                lanes = Vector256.FusedMultiplyAdd(Vector256.Load(a + index), Vector256.Load(b + index), lanes);
            return AddLanes(end < x.Length ? Vector256.FusedMultiplyAdd(remainderX, remainderY, lanes) : lanes);
        }
    }

    /// <summary>Σ x², in float64: the squares of large vectors lose small elements in float32.</summary>
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        fixed (float* a = x)
        {
            var end = x.Length - (x.Length % SumLanes);
            var remainder = LoadRemainder(a + end, x.Length - end);
            var lower = Vector256<double>.Zero;
            var upper = Vector256<double>.Zero;
            for (nint index = 0; index < end; index += SumLanes)
                AddSquares(Vector256.Load(a + index), ref lower, ref upper);
            AddSquares(remainder, ref lower, ref upper);
            var lanes = lower + upper;
            return (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
        }
    }

    /// <summary>
    /// destination = Σ over rows, in float64 in row order: a bias gradient is the small sum of many terms that cancel.
    /// </summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="destination">[width].</param>
    public static void SumRows(MatrixView rows, Span<float> destination)
    {
        const int max = 256; // columns per pass: 2 KB of sums
        RequireLength(destination.Length, rows.Width);
        double* sums = stackalloc double[max];
        for (var column = 0; column < destination.Length; column += max)
        {
            var width = Math.Min(max, destination.Length - column);
            new Span<double>(sums, width).Clear();
            for (var row = 0; row < rows.Count; row++)
            {
                var source = rows.Start + ((nint)row * rows.Stride) + column;
                var i = 0;
                for (; i <= width - SumLanes; i += SumLanes)
                {
                    var values = Vector256.Load(source + i);
                    (Vector256.Load(sums + i) + Vector256.WidenLower(values)).Store(sums + i);
                    (Vector256.Load(sums + i + 4) + Vector256.WidenUpper(values)).Store(sums + i + 4);
                }
                for (; i < width; i++)
                    sums[i] += source[i];
            }
            for (var i = 0; i < width; i++)
                destination[column + i] = (float)sums[i];
        }
    }

    /// <summary>The maximum element.</summary>
    /// <exception cref="ArgumentException"><paramref name="x"/> is empty.</exception>
    public static float Max(ReadOnlySpan<float> x)
    {
        if (x.IsEmpty)
            throw new ArgumentException("no elements", nameof(x));
        var largest = x[0];
        var index = 1;
        if (x.Length >= SumLanes)
        {
            fixed (float* a = x)
            {
                var lanes = Lanes8.Load(a);
                for (index = SumLanes; index <= x.Length - SumLanes; index += SumLanes)
                    lanes = Greater.Apply(Lanes8.Load(a + index), lanes);
                float* laneValues = stackalloc float[SumLanes];
                Lanes8.Store(lanes, laneValues);
                largest = laneValues[0];
                for (var lane = 1; lane < SumLanes; lane++)
                    if (laneValues[lane] > largest)
                        largest = laneValues[lane];
            }
        }
        for (; index < x.Length; index++)
            if (x[index] > largest)
                largest = x[index];
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSquares(Vector256<float> values, ref Vector256<double> lower, ref Vector256<double> upper)
    {
        var low = Vector256.WidenLower(values);
        var high = Vector256.WidenUpper(values);
        lower += low * low; // exact: the square of a float fits a double
        upper += high * high;
    }

    // The last elements, fewer than eight, padded with zeros. Called before a loop, not after it: the sums of a loop
    // that are used after a call would be stored and loaded in each iteration.
    private static Vector256<float> LoadRemainder(float* source, int count)
    {
        if (count == 0)
            return Vector256<float>.Zero;
        float* values = stackalloc float[SumLanes];
        for (var i = 0; i < SumLanes; i++)
            values[i] = i < count ? source[i] : 0;
        return Vector256.Load(values);
    }

    private static float AddLanes(Vector256<float> lanes)
    {
        var partialSums = lanes.GetLower() + lanes.GetUpper();
        return (partialSums[0] + partialSums[2]) + (partialSums[1] + partialSums[3]);
    }
}
