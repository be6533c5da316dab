using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <remarks>
/// The LSTM's gates (Hochreiter and Schmidhuber 1997, with Gers' forget gate) in Keras' order i, f, c, o, a clip at a time and in one pass:
/// step by step they would read and write the same few hundred floats a dozen times.
/// </remarks>
internal static partial class Elementwise
{
    /// <summary>One time step: c = f·c₋₁ + i·g, h = o·tanh c, with i, f, o = σ(z) and g = tanh(z).</summary>
    /// <param name="gates">[4 units], z with its bias; afterwards i, f, g, o.</param>
    /// <param name="cellBefore">[units], c₋₁.</param>
    /// <param name="cell">[units], c.</param>
    /// <param name="cellTanh">[units], tanh c.</param>
    /// <param name="hidden">[units], h.</param>
    public static void LstmForward(Span<float> gates, ReadOnlySpan<float> cellBefore, Span<float> cell, Span<float> cellTanh, Span<float> hidden)
    {
        var units = hidden.Length;
        Same(gates.Length, 4 * units);
        Span<float> zi = gates[..units], zf = gates.Slice(units, units), zc = gates.Slice(2 * units, units), zo = gates.Slice(3 * units, units);
        for (var at = 0; at < units; at += Lanes)
        {
            var i = Logistic.Of(LoadAny(zi, at));
            var f = Logistic.Of(LoadAny(zf, at));
            var g = HyperbolicTangent.Of(LoadAny(zc, at));
            var o = Logistic.Of(LoadAny(zo, at));
            var c = Vector256.FusedMultiplyAdd(f, LoadAny(cellBefore, at), i * g);
            var squashed = HyperbolicTangent.Of(c);
            StoreAny(i, zi, at);
            StoreAny(f, zf, at);
            StoreAny(g, zc, at);
            StoreAny(o, zo, at);
            StoreAny(c, cell, at);
            StoreAny(squashed, cellTanh, at);
            StoreAny(o * squashed, hidden, at);
        }
    }

    /// <summary>The way back through one time step.</summary>
    /// <param name="gates">[4 units], i, f, g, o.</param>
    /// <param name="cellBefore">[units], c₋₁.</param>
    /// <param name="cellTanh">[units], tanh c.</param>
    /// <param name="gradHidden">[units], the gradient of h.</param>
    /// <param name="gradCell">[units], the gradient of c from the step after; afterwards that of c₋₁.</param>
    /// <param name="gradGates">[4 units], the gradient of z.</param>
    public static void LstmBackward(
        ReadOnlySpan<float> gates, ReadOnlySpan<float> cellBefore, ReadOnlySpan<float> cellTanh, ReadOnlySpan<float> gradHidden,
        Span<float> gradCell, Span<float> gradGates)
    {
        var units = gradHidden.Length;
        Same(gates.Length, 4 * units);
        Same(gradGates.Length, 4 * units);
        var one = Vector256<float>.One;
        for (var at = 0; at < units; at += Lanes)
        {
            var i = LoadAny(gates[..units], at);
            var f = LoadAny(gates.Slice(units, units), at);
            var g = LoadAny(gates.Slice(2 * units, units), at);
            var o = LoadAny(gates.Slice(3 * units, units), at);
            var squashed = LoadAny(cellTanh, at);
            var gradH = LoadAny(gradHidden, at);
            var gradC = Vector256.FusedMultiplyAdd(gradH * o, one - (squashed * squashed), LoadAny(gradCell, at));
            StoreAny(gradC * g * i * (one - i), gradGates[..units], at);
            StoreAny(gradC * LoadAny(cellBefore, at) * f * (one - f), gradGates.Slice(units, units), at);
            StoreAny(gradC * i * (one - (g * g)), gradGates.Slice(2 * units, units), at);
            StoreAny(gradH * squashed * o * (one - o), gradGates.Slice(3 * units, units), at);
            StoreAny(gradC * f, gradCell, at);
        }
    }

    private static Vector256<float> LoadAny(ReadOnlySpan<float> from, int at) => at + Lanes <= from.Length ? Load(from, at) : LoadPart(from, at);

    private static void StoreAny(Vector256<float> value, Span<float> to, int at)
    {
        if (at + Lanes <= to.Length) Store(value, to, at);
        else StorePart(value, to, at);
    }
}
