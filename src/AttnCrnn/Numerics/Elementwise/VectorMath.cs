using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>
/// Elementwise vector arithmetic. Multiply-adds are fused only where written, and remainders use the same operations,
/// so results are bit-identical for every vector width. The destination may be one of the sources, at the same offset.
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
        RequireLength(x.Length, to.Length);
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
        RequireLength(x.Length, to.Length);
        RequireLength(y.Length, to.Length);
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

    /// <summary>x = (x - mean) / standardDeviation.</summary>
    public static void Standardize(Span<float> x, ReadOnlySpan<float> mean, ReadOnlySpan<float> standardDeviation)
    {
        RequireLength(mean.Length, x.Length);
        RequireLength(standardDeviation.Length, x.Length);
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

    /// <summary>x = weight · x + (1 - weight) · other; weight · x beyond the end of other (MixUp).</summary>
    public static void Mix(Span<float> x, float weight, ReadOnlySpan<float> other)
    {
        var common = Math.Min(x.Length, other.Length);
        fixed (
            float* value = x,
                second = other
        )
        {
            var weights = stackalloc float[] { weight, 1 - weight };
            float** from = stackalloc float*[] { second, weights };
            float* to = value;
            LaneMap.Run<MixMap>(from, &to, 0, common);
        }
        Scale(x[common..], weight, x[common..]);
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
        RequireLength(x.Length, to.Length);
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
        RequireLength(x.Length, to.Length);
        RequireLength(y.Length, to.Length);
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
        RequireLength(x.Length, to.Length);
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

    private static void RequireLength(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"{length} elements, expected {expected}");
    }
}
