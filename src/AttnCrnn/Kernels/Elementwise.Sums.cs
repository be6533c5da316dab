using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <remarks>Sums run in eight lanes, element i in lane i mod 8, and the lanes are added in pairs: always the same order.</remarks>
internal static partial class Elementwise
{
    /// <summary>Σ x.</summary>
    public static float Sum(ReadOnlySpan<float> x)
    {
        var lanes = Vector256<float>.Zero;
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) lanes += Load(x, i);
        if (i < x.Length) lanes += LoadPart(x, i);
        return Total(lanes);
    }

    /// <summary>Σ x · y, fused.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Same(x.Length, y.Length);
        var lanes = Vector256<float>.Zero;
        var i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) lanes = Vector256.FusedMultiplyAdd(Load(x, i), Load(y, i), lanes);
        if (i < x.Length) lanes = Vector256.FusedMultiplyAdd(LoadPart(x, i), LoadPart(y, i), lanes);
        return Total(lanes);
    }

    /// <summary>to = Σ over rows, in float64 in the order of the rows: a bias's gradient is a small rest of many terms.</summary>
    /// <param name="rows">[rows, width].</param>
    /// <param name="to">[width].</param>
    public static void SumRows(Rows rows, Span<float> to)
    {
        Same(to.Length, rows.Width);
        for (var column = 0; column < to.Length; column += Lanes)
        {
            var count = Math.Min(Lanes, to.Length - column);
            Vector256<double> low = default, high = default;
            for (var row = 0; row < rows.Count; row++)
            {
                var part = count == Lanes ? Load(rows[row], column) : LoadPart(rows[row], column);
                low += Vector256.WidenLower(part);
                high += Vector256.WidenUpper(part);
            }
            var sum = Vector256.Narrow(low, high);
            if (count == Lanes) Store(sum, to, column);
            else StorePart(sum, to, column);
        }
    }

    /// <summary>The largest element.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static float Max(ReadOnlySpan<float> x)
    {
        if (x.IsEmpty) throw new ArgumentException("no elements", nameof(x));
        if (x.Length < Lanes)
        {
            var largest = x[0];
            foreach (var value in x[1..])
                if (value > largest) largest = value;
            return largest;
        }
        var lanes = Load(x, 0);
        for (var i = Lanes; i <= x.Length - Lanes; i += Lanes) lanes = Greater.Of(Load(x, i), lanes);
        lanes = Greater.Of(Load(x, x.Length - Lanes), lanes); // the last eight, some of them seen before
        var result = lanes[0];
        for (var lane = 1; lane < Lanes; lane++)
            if (lanes[lane] > result) result = lanes[lane];
        return result;
    }

    private static float Total(Vector256<float> lanes)
    {
        var four = lanes.GetLower() + lanes.GetUpper();
        return (four[0] + four[2]) + (four[1] + four[3]);
    }
}
