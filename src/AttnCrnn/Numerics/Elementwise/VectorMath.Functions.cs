using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

internal static partial class VectorMath
{
    /// <summary>to = eˣ; 0 below -87.3, infinity above 88.7.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> to) => Map<Exponential>(x, to);

    /// <summary>to = tanh x.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> to) => Map<TanhFunction>(x, to);

    /// <summary>to = 1 / (1 + e⁻ˣ).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> to) => Map<SigmoidFunction>(x, to);

    /// <summary>to = x Φ(x), the exact form (Hendrycks and Gimpel 2016), not the tanh approximation.</summary>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> to) => Map<GeluFunction>(x, to);

    /// <summary>to = Φ(x) + x φ(x), the derivative of <see cref="Gelu"/>.</summary>
    public static void GeluDerivative(ReadOnlySpan<float> x, Span<float> to) => Map<GeluDerivativeFunction>(x, to);

    /// <summary>
    /// to = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the tanh approximation of <see cref="Gelu"/>.
    /// </summary>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> to) => Map<GeluTanhFunction>(x, to);

    /// <summary>to = the derivative of <see cref="GeluTanh"/>.</summary>
    public static void GeluTanhDerivative(ReadOnlySpan<float> x, Span<float> to) =>
        Map<GeluTanhDerivativeFunction>(x, to);

    /// <summary>to = max(x, 0); NaN propagates.</summary>
    public static void Relu(ReadOnlySpan<float> x, Span<float> to) => Map<ReluFunction>(x, to);

    /// <summary>to = 1 where x > 0, else 0.</summary>
    public static void ReluDerivative(ReadOnlySpan<float> x, Span<float> to) => Map<ReluDerivativeFunction>(x, to);

    private readonly struct ReluFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => T.WhereLess(x, T.Broadcast(0), T.Broadcast(0), x);
    }

    private readonly struct ReluDerivativeFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => T.WhereLess(T.Broadcast(0), x, T.Broadcast(1), T.Broadcast(0));
    }

    private readonly struct Exponential : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.Exp(x);
    }

    private readonly struct SigmoidFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.Sigmoid(x);
    }

    private readonly struct TanhFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.Tanh(x);
    }

    private readonly struct GeluFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.Gelu(x);
    }

    private readonly struct GeluDerivativeFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.GeluDerivative(x);
    }

    private readonly struct GeluTanhFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.GeluTanh(x);
    }

    private readonly struct GeluTanhDerivativeFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => LaneMath.GeluTanhDerivative(x);
    }
}
