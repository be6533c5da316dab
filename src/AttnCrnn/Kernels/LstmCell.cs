using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>
/// The LSTM's gates (Hochreiter and Schmidhuber 1997, with Gers' forget gate) in Keras' order i, f, c, o, and the masks of its state, for all clips
/// of a time step in one pass: function by function they would read and write the same few thousand floats a dozen times.
/// </summary>
internal static unsafe class LstmCell
{
    private const int Lanes = Vectors.Lanes;
    private const int Gates = 4;

    /// <summary>One time step: c = f·c₋₁ + i·g, h = o·tanh c, with i, f, o = σ(z) and g = tanh(z).</summary>
    /// <param name="gates">[clips, 4 units], z without its bias; afterwards i, f, g, o.</param>
    /// <param name="bias">[1, 4 units].</param>
    /// <param name="cellsBefore">[clips, units], c₋₁; no rows: 0.</param>
    /// <param name="cells">[clips, units], c.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="hidden">[clips, units], h.</param>
    public static void Forward(Rows gates, Rows bias, Rows cellsBefore, Rows cells, Rows cellTanhs, Rows hidden)
    {
        var units = hidden.Width;
        Check(gates, cells, cellTanhs, hidden);
        for (var row = 0; row < gates.Count; row++)
        {
            float* z = At(gates, row), b = bias.Start, c = At(cells, row), t = At(cellTanhs, row), h = At(hidden, row);
            var before = cellsBefore.Count == 0 ? null : At(cellsBefore, row);
            var at = 0;
            for (; at <= units - Lanes; at += Lanes) ForwardVector(z, b, before, c, t, h, units, at, Lanes);
            if (at < units) ForwardVector(z, b, before, c, t, h, units, at, units - at);
        }
    }

    /// <summary>The way back through one time step.</summary>
    /// <param name="gates">[clips, 4 units], i, f, g, o.</param>
    /// <param name="cellsBefore">[clips, units], c₋₁; no rows: 0.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="gradHidden">[clips, units], the gradient of h.</param>
    /// <param name="gradCells">[clips, units], the gradient of c from the step after; afterwards that of c₋₁.</param>
    /// <param name="gradGates">[clips, 4 units], the gradient of z.</param>
    public static void Backward(Rows gates, Rows cellsBefore, Rows cellTanhs, Rows gradHidden, Rows gradCells, Rows gradGates)
    {
        var units = gradHidden.Width;
        Check(gates, gradCells, cellTanhs, gradHidden);
        for (var row = 0; row < gates.Count; row++)
        {
            float* z = At(gates, row), t = At(cellTanhs, row), gradH = At(gradHidden, row), gradC = At(gradCells, row), gradZ = At(gradGates, row);
            var before = cellsBefore.Count == 0 ? null : At(cellsBefore, row);
            var at = 0;
            for (; at <= units - Lanes; at += Lanes) BackwardVector(z, before, t, gradH, gradC, gradZ, units, at, Lanes);
            if (at < units) BackwardVector(z, before, t, gradH, gradC, gradZ, units, at, units - at);
        }
    }

    /// <summary>What each gate sees of x: to[gate] = x ∘ mask of the row's clip and that gate.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], each row's clip.</param>
    /// <param name="to">[rows, width].</param>
    public static void Mask(Rows x, Rows masks, ReadOnlySpan<int> clips, int gate, Rows to)
    {
        for (var row = 0; row < x.Count; row++)
        {
            float* from = At(x, row), mask = At(masks, (Gates * clips[row]) + gate), target = At(to, row);
            var at = 0;
            for (; at <= x.Width - Lanes; at += Lanes) (Vector256.Load(from + at) * Vector256.Load(mask + at)).Store(target + at);
            for (; at < x.Width; at++) target[at] = from[at] * mask[at];
        }
    }

    /// <summary>What reaches x through its masks: to += part ∘ mask of the row's clip and gate.</summary>
    /// <param name="part">[rows, width], the gradient of what the gate saw.</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], each row's clip.</param>
    /// <param name="to">[rows, width].</param>
    public static void MaskBack(Rows part, Rows masks, ReadOnlySpan<int> clips, int gate, Rows to)
    {
        for (var row = 0; row < part.Count; row++)
        {
            float* from = At(part, row), mask = At(masks, (Gates * clips[row]) + gate), target = At(to, row);
            var at = 0;
            for (; at <= part.Width - Lanes; at += Lanes)
                Vector256.FusedMultiplyAdd(Vector256.Load(from + at), Vector256.Load(mask + at), Vector256.Load(target + at)).Store(target + at);
            for (; at < part.Width; at++) target[at] = MathF.FusedMultiplyAdd(from[at], mask[at], target[at]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ForwardVector(float* z, float* bias, float* before, float* cell, float* cellTanh, float* hidden, int units, int at, int count)
    {
        var i = Elementwise.SigmoidOf(Vectors.Load(z + at, count) + Vectors.Load(bias + at, count));
        var f = Elementwise.SigmoidOf(Vectors.Load(z + units + at, count) + Vectors.Load(bias + units + at, count));
        var g = Elementwise.TanhOf(Vectors.Load(z + (2 * units) + at, count) + Vectors.Load(bias + (2 * units) + at, count));
        var o = Elementwise.SigmoidOf(Vectors.Load(z + (3 * units) + at, count) + Vectors.Load(bias + (3 * units) + at, count));
        var c = i * g;
        if (before != null) c = Vector256.FusedMultiplyAdd(f, Vectors.Load(before + at, count), c);
        var squashed = Elementwise.TanhOf(c);
        Vectors.Store(i, z + at, count);
        Vectors.Store(f, z + units + at, count);
        Vectors.Store(g, z + (2 * units) + at, count);
        Vectors.Store(o, z + (3 * units) + at, count);
        Vectors.Store(c, cell + at, count);
        Vectors.Store(squashed, cellTanh + at, count);
        Vectors.Store(o * squashed, hidden + at, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void BackwardVector(float* z, float* before, float* cellTanh, float* gradHidden, float* gradCell, float* gradZ, int units, int at, int count)
    {
        var one = Vector256<float>.One;
        Vector256<float> i = Vectors.Load(z + at, count), f = Vectors.Load(z + units + at, count);
        Vector256<float> g = Vectors.Load(z + (2 * units) + at, count), o = Vectors.Load(z + (3 * units) + at, count);
        Vector256<float> squashed = Vectors.Load(cellTanh + at, count), gradH = Vectors.Load(gradHidden + at, count);
        var cellBefore = before == null ? Vector256<float>.Zero : Vectors.Load(before + at, count);
        var gradC = Vector256.FusedMultiplyAdd(gradH * o, one - (squashed * squashed), Vectors.Load(gradCell + at, count));
        Vectors.Store(gradC * g * i * (one - i), gradZ + at, count);
        Vectors.Store(gradC * cellBefore * f * (one - f), gradZ + units + at, count);
        Vectors.Store(gradC * i * (one - (g * g)), gradZ + (2 * units) + at, count);
        Vectors.Store(gradH * squashed * o * (one - o), gradZ + (3 * units) + at, count);
        Vectors.Store(gradC * f, gradCell + at, count);
    }

    private static float* At(Rows rows, int row) => rows.Start + ((nint)row * rows.Stride);

    private static void Check(Rows gates, Rows cells, Rows cellTanhs, Rows hidden)
    {
        if (gates.Width != Gates * hidden.Width || cells.Width != hidden.Width || cellTanhs.Width != hidden.Width
            || gates.Count > hidden.Count || gates.Count > cells.Count || gates.Count > cellTanhs.Count)
            throw new ArgumentException($"gates [{gates.Count}, {gates.Width}] for states [{hidden.Count}, {hidden.Width}], cells [{cells.Count}, {cells.Width}]");
    }
}
