using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

internal static partial class VectorMath
{
    /// <summary>destination = eˣ; 0 below -87.3, infinity above 88.7.</summary>
    public static void Exp(ReadOnlySpan<float> x, Span<float> destination) => Map<Exponential>(x, destination);

    /// <summary>destination = tanh x.</summary>
    public static void Tanh(ReadOnlySpan<float> x, Span<float> destination) => Map<TanhFunction>(x, destination);

    /// <summary>destination = 1 / (1 + e⁻ˣ).</summary>
    public static void Sigmoid(ReadOnlySpan<float> x, Span<float> destination) => Map<SigmoidFunction>(x, destination);

    /// <summary>
    /// destination = x Φ(x), the exact form (Hendrycks and Gimpel 2016), not the tanh approximation.
    /// </summary>
    public static void Gelu(ReadOnlySpan<float> x, Span<float> destination) => Map<GeluFunction>(x, destination);

    /// <summary>destination = Φ(x) + x φ(x), the derivative of <see cref="Gelu"/>.</summary>
    public static void GeluDerivative(ReadOnlySpan<float> x, Span<float> destination) =>
        Map<GeluDerivativeFunction>(x, destination);

    /// <summary>
    /// destination = x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, the tanh approximation of <see cref="Gelu"/>.
    /// </summary>
    public static void GeluTanh(ReadOnlySpan<float> x, Span<float> destination) =>
        Map<GeluTanhFunction>(x, destination);

    /// <summary>destination = the derivative of <see cref="GeluTanh"/>.</summary>
    public static void GeluTanhDerivative(ReadOnlySpan<float> x, Span<float> destination) =>
        Map<GeluTanhDerivativeFunction>(x, destination);

    /// <summary>destination = max(x, 0); NaN propagates.</summary>
    public static void Relu(ReadOnlySpan<float> x, Span<float> destination) => Map<ReluFunction>(x, destination);

    /// <summary>destination = 1 where x > 0, else 0.</summary>
    public static void ReluDerivative(ReadOnlySpan<float> x, Span<float> destination) =>
        Map<ReluDerivativeFunction>(x, destination);

    private readonly struct ReluFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => T.SelectLess(x, T.Broadcast(0), T.Broadcast(0), x);
    }

    private readonly struct ReluDerivativeFunction : IUnary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x)
            where T : struct, ILanes<T> => T.SelectLess(T.Broadcast(0), x, T.Broadcast(1), T.Broadcast(0));
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
