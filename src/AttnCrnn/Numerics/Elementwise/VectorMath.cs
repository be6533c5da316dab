using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>
/// Arithmetic element by element, as many at once as the processor can, with fused multiply-adds where they are written and nowhere else, and with
/// the last elements treated as the others: so the bits are the same on every machine. The target may be a source, at the same place.
/// </summary>
internal static unsafe partial class VectorMath
{
    /// <summary>to = x + y.</summary>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to) => Map<Plus>(x, y, to);

    /// <summary>to = x - y.</summary>
    public static void Subtract(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to) => Map<Minus>(x, y, to);

    /// <summary>to = x · y.</summary>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to) => Map<Times>(x, y, to);

    /// <summary>to = s · x.</summary>
    public static void Scale(ReadOnlySpan<float> x, float s, Span<float> to) => MapWith<Times>(x, s, to);

    /// <summary>to = x + s.</summary>
    public static void AddScalar(ReadOnlySpan<float> x, float s, Span<float> to) => MapWith<Plus>(x, s, to);

    /// <summary>to = max(x, s).</summary>
    public static void ClampBelow(ReadOnlySpan<float> x, float s, Span<float> to) => MapWith<Greater>(x, s, to);

    /// <summary>to += s · x, fused.</summary>
    public static void Axpy(float s, ReadOnlySpan<float> x, Span<float> to)
    {
        Same(x.Length, to.Length);
        fixed (
            float* a = x,
                c = to
        )
        {
            var at = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; at <= to.Length - 16; at += 16)
                    MultiplyAddAt(Lanes16.Load(a + at), Lanes16.Broadcast(s), c + at);
            for (; at <= to.Length - 8; at += 8)
                MultiplyAddAt(Lanes8.Load(a + at), Lanes8.Broadcast(s), c + at);
            for (; at < to.Length; at++)
                MultiplyAddAt(Lane.Load(a + at), Lane.Broadcast(s), c + at);
        }
    }

    /// <summary>to += x · y, fused.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        Same(x.Length, to.Length);
        Same(y.Length, to.Length);
        fixed (
            float* a = x,
                b = y,
                c = to
        )
        {
            var at = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; at <= to.Length - 16; at += 16)
                    MultiplyAddAt(Lanes16.Load(a + at), Lanes16.Load(b + at), c + at);
            for (; at <= to.Length - 8; at += 8)
                MultiplyAddAt(Lanes8.Load(a + at), Lanes8.Load(b + at), c + at);
            for (; at < to.Length; at++)
                MultiplyAddAt(Lane.Load(a + at), Lane.Load(b + at), c + at);
        }
    }

    /// <summary>x = (x - mean) / deviation.</summary>
    public static void Standardize(Span<float> x, ReadOnlySpan<float> mean, ReadOnlySpan<float> standardDeviation)
    {
        Same(mean.Length, x.Length);
        Same(standardDeviation.Length, x.Length);
        fixed (
            float* value = x,
                m = mean,
                d = standardDeviation
        )
        {
            float** from = stackalloc float*[] { m, d };
            float* to = value;
            LaneMap.Run<StandardizeMap>(from, &to, 0, x.Length);
        }
    }

    /// <summary>x = share · x + (1 - share) · other, as far as the other goes; share · x beyond.</summary>
    public static void Mix(Span<float> x, float probability, ReadOnlySpan<float> other)
    {
        var common = Math.Min(x.Length, other.Length);
        fixed (
            float* value = x,
                second = other
        )
        {
            var probabilities = stackalloc float[] { probability, 1 - probability };
            float** from = stackalloc float*[] { second, probabilities };
            float* to = value;
            LaneMap.Run<MixMap>(from, &to, 0, common);
        }
        Scale(x[common..], probability, x[common..]);
    }

    private readonly struct StandardizeMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T> =>
            T.Store((T.Load(to[0] + at) - T.Load(from[0] + at)) / T.Load(from[1] + at), to[0] + at);
    }

    private readonly struct MixMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(
                T.Fused(T.Load(from[0] + at), T.Broadcast(from[1][1]), T.Load(to[0] + at) * T.Broadcast(from[1][0])),
                to[0] + at
            );
    }

    private interface IUnary
    {
        static abstract T Apply<T>(T x)
            where T : struct, ILanes<T>;
    }

    private interface IBinary
    {
        static abstract T Apply<T>(T x, T y)
            where T : struct, ILanes<T>;
    }

    private readonly struct Plus : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => x + y;
    }

    private readonly struct Minus : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => x - y;
    }

    private readonly struct Times : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => x * y;
    }

    private readonly struct Greater : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => T.WhereLess(y, x, x, y);
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, Span<float> to)
        where TOperation : struct, IUnary
    {
        Same(x.Length, to.Length);
        fixed (
            float* a = x,
                c = to
        )
        {
            var at = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; at <= to.Length - 16; at += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + at)), c + at);
            for (; at <= to.Length - 8; at += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + at)), c + at);
            for (; at < to.Length; at++)
                Lane.Store(TOperation.Apply(Lane.Load(a + at)), c + at);
        }
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
        where TOperation : struct, IBinary
    {
        Same(x.Length, to.Length);
        Same(y.Length, to.Length);
        fixed (
            float* a = x,
                b = y,
                c = to
        )
        {
            var at = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; at <= to.Length - 16; at += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + at), Lanes16.Load(b + at)), c + at);
            for (; at <= to.Length - 8; at += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + at), Lanes8.Load(b + at)), c + at);
            for (; at < to.Length; at++)
                Lane.Store(TOperation.Apply(Lane.Load(a + at), Lane.Load(b + at)), c + at);
        }
    }

    private static void MapWith<TOperation>(ReadOnlySpan<float> x, float y, Span<float> to)
        where TOperation : struct, IBinary
    {
        Same(x.Length, to.Length);
        fixed (
            float* a = x,
                c = to
        )
        {
            var at = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; at <= to.Length - 16; at += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + at), Lanes16.Broadcast(y)), c + at);
            for (; at <= to.Length - 8; at += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + at), Lanes8.Broadcast(y)), c + at);
            for (; at < to.Length; at++)
                Lane.Store(TOperation.Apply(Lane.Load(a + at), Lane.Broadcast(y)), c + at);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddAt<T>(T x, T y, float* to)
        where T : struct, ILanes<T> => T.Store(T.Fused(x, y, T.Load(to)), to);

    private static void Same(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"{length} elements beside {expected}");
    }
}
