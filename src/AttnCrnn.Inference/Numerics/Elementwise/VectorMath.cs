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
    /// <summary>destination = x + y.</summary>
    public static void Add(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Map<Plus>(x, y, destination);

    /// <summary>destination = x - y.</summary>
    public static void Subtract(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Map<Minus>(x, y, destination);

    /// <summary>destination = x · y.</summary>
    public static void Multiply(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Map<Times>(x, y, destination);

    /// <summary>destination = √(x² + y²), without protection from overflow.</summary>
    public static void Magnitude(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination) =>
        Map<RootOfSquares>(x, y, destination);

    /// <summary>destination = s · x.</summary>
    public static void Scale(ReadOnlySpan<float> x, float s, Span<float> destination) =>
        MapScalar<Times>(x, s, destination);

    /// <summary>destination = x + s.</summary>
    public static void AddScalar(ReadOnlySpan<float> x, float s, Span<float> destination) =>
        MapScalar<Plus>(x, s, destination);

    /// <summary>destination = max(x, s).</summary>
    public static void MaxScalar(ReadOnlySpan<float> x, float s, Span<float> destination) =>
        MapScalar<Greater>(x, s, destination);

    /// <summary>destination += s · x, fused.</summary>
    public static void Axpy(float s, ReadOnlySpan<float> x, Span<float> destination)
    {
        RequireLength(x.Length, destination.Length);
        fixed (
            float* a = x,
                c = destination
        )
        {
            var index = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; index <= destination.Length - 16; index += 16)
                    MultiplyAddElements(Lanes16.Load(a + index), Lanes16.Broadcast(s), c + index);
            for (; index <= destination.Length - 8; index += 8)
                MultiplyAddElements(Lanes8.Load(a + index), Lanes8.Broadcast(s), c + index);
            for (; index < destination.Length; index++)
                MultiplyAddElements(Lane.Load(a + index), Lane.Broadcast(s), c + index);
        }
    }

    /// <summary>destination += x · y, fused.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
    {
        RequireLength(x.Length, destination.Length);
        RequireLength(y.Length, destination.Length);
        fixed (
            float* a = x,
                b = y,
                c = destination
        )
        {
            var index = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; index <= destination.Length - 16; index += 16)
                    MultiplyAddElements(Lanes16.Load(a + index), Lanes16.Load(b + index), c + index);
            for (; index <= destination.Length - 8; index += 8)
                MultiplyAddElements(Lanes8.Load(a + index), Lanes8.Load(b + index), c + index);
            for (; index < destination.Length; index++)
                MultiplyAddElements(Lane.Load(a + index), Lane.Load(b + index), c + index);
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
            float** source = stackalloc float*[] { m, d };
            float* destination = value;
            LaneMap.Run<StandardizeMap>(source, &destination, 0, x.Length);
        }
    }

    /// <summary>x = weight · x + (1 - weight) · partner; weight · x beyond the end of the partner (MixUp).</summary>
    public static void Mix(Span<float> x, float weight, ReadOnlySpan<float> partner)
    {
        var overlap = Math.Min(x.Length, partner.Length);
        fixed (
            float* value = x,
                partnerValues = partner
        )
        {
            var weights = stackalloc float[] { weight, 1 - weight };
            float** source = stackalloc float*[] { partnerValues, weights };
            float* destination = value;
            LaneMap.Run<MixMap>(source, &destination, 0, overlap);
        }
        Scale(x[overlap..], weight, x[overlap..]);
    }

    private readonly struct StandardizeMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(
                (T.Load(destination[0] + index) - T.Load(source[0] + index)) / T.Load(source[1] + index),
                destination[0] + index
            );
    }

    private readonly struct MixMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(
                T.MultiplyAdd(
                    T.Load(source[0] + index),
                    T.Broadcast(source[1][1]),
                    T.Load(destination[0] + index) * T.Broadcast(source[1][0])
                ),
                destination[0] + index
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

    private readonly struct RootOfSquares : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => T.Sqrt(T.MultiplyAdd(x, x, y * y));
    }

    private readonly struct Greater : IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static T Apply<T>(T x, T y)
            where T : struct, ILanes<T> => T.SelectLess(y, x, x, y);
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, Span<float> destination)
        where TOperation : struct, IUnary
    {
        RequireLength(x.Length, destination.Length);
        fixed (
            float* a = x,
                c = destination
        )
        {
            var index = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; index <= destination.Length - 16; index += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + index)), c + index);
            for (; index <= destination.Length - 8; index += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + index)), c + index);
            for (; index < destination.Length; index++)
                Lane.Store(TOperation.Apply(Lane.Load(a + index)), c + index);
        }
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> destination)
        where TOperation : struct, IBinary
    {
        RequireLength(x.Length, destination.Length);
        RequireLength(y.Length, destination.Length);
        fixed (
            float* a = x,
                b = y,
                c = destination
        )
        {
            var index = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; index <= destination.Length - 16; index += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + index), Lanes16.Load(b + index)), c + index);
            for (; index <= destination.Length - 8; index += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + index), Lanes8.Load(b + index)), c + index);
            for (; index < destination.Length; index++)
                Lane.Store(TOperation.Apply(Lane.Load(a + index), Lane.Load(b + index)), c + index);
        }
    }

    private static void MapScalar<TOperation>(ReadOnlySpan<float> x, float y, Span<float> destination)
        where TOperation : struct, IBinary
    {
        RequireLength(x.Length, destination.Length);
        fixed (
            float* a = x,
                c = destination
        )
        {
            var index = 0;
            if (Vector512.IsHardwareAccelerated)
                for (; index <= destination.Length - 16; index += 16)
                    Lanes16.Store(TOperation.Apply(Lanes16.Load(a + index), Lanes16.Broadcast(y)), c + index);
            for (; index <= destination.Length - 8; index += 8)
                Lanes8.Store(TOperation.Apply(Lanes8.Load(a + index), Lanes8.Broadcast(y)), c + index);
            for (; index < destination.Length; index++)
                Lane.Store(TOperation.Apply(Lane.Load(a + index), Lane.Broadcast(y)), c + index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAddElements<T>(T x, T y, float* destination)
        where T : struct, ILanes<T> => T.Store(T.MultiplyAdd(x, y, T.Load(destination)), destination);

    private static void RequireLength(int length, int expected)
    {
        if (length != expected)
            throw new ArgumentException($"{length} elements, expected {expected}");
    }
}
