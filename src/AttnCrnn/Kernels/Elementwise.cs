using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

/// <summary>
/// Arithmetic element by element. Always in vectors of eight, whatever the processor's width, with fused multiply-adds where they are
/// written and nowhere else, and with the last elements treated as the others: so the bits are the same on every machine.
/// The target may be a source, at the same place.
/// </summary>
internal static partial class Elementwise
{
    private const int Lanes = 8;

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
    public static void AtLeast(ReadOnlySpan<float> x, float s, Span<float> to) => MapWith<Greater>(x, s, to);

    /// <summary>to += s · x, fused.</summary>
    public static void Axpy(float s, ReadOnlySpan<float> x, Span<float> to)
    {
        Same(x.Length, to.Length);
        var factor = Vector256.Create(s);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes) Store(Vector256.FusedMultiplyAdd(factor, Load(x, i), Load(to, i)), to, i);
        if (i < to.Length) StorePart(Vector256.FusedMultiplyAdd(factor, LoadPart(x, i), LoadPart(to, i)), to, i);
    }

    /// <summary>to += x · y, fused.</summary>
    public static void MultiplyAdd(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to)
    {
        Same(x.Length, to.Length);
        Same(y.Length, to.Length);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes) Store(Vector256.FusedMultiplyAdd(Load(x, i), Load(y, i), Load(to, i)), to, i);
        if (i < to.Length) StorePart(Vector256.FusedMultiplyAdd(LoadPart(x, i), LoadPart(y, i), LoadPart(to, i)), to, i);
    }

    private interface IUnary
    {
        static abstract Vector256<float> Of(Vector256<float> x);
    }

    private interface IBinary
    {
        static abstract Vector256<float> Of(Vector256<float> x, Vector256<float> y);
    }

    private readonly struct Plus : IBinary
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x + y;
    }

    private readonly struct Minus : IBinary
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x - y;
    }

    private readonly struct Times : IBinary
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => x * y;
    }

    private readonly struct Greater : IBinary
    {
        public static Vector256<float> Of(Vector256<float> x, Vector256<float> y) => Vector256.ConditionalSelect(Vector256.GreaterThan(x, y), x, y);
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, Span<float> to) where TOperation : struct, IUnary
    {
        Same(x.Length, to.Length);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes) Store(TOperation.Of(Load(x, i)), to, i);
        if (i < to.Length) StorePart(TOperation.Of(LoadPart(x, i)), to, i);
    }

    private static void Map<TOperation>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> to) where TOperation : struct, IBinary
    {
        Same(x.Length, to.Length);
        Same(y.Length, to.Length);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes) Store(TOperation.Of(Load(x, i), Load(y, i)), to, i);
        if (i < to.Length) StorePart(TOperation.Of(LoadPart(x, i), LoadPart(y, i)), to, i);
    }

    private static void MapWith<TOperation>(ReadOnlySpan<float> x, float y, Span<float> to) where TOperation : struct, IBinary
    {
        Same(x.Length, to.Length);
        var second = Vector256.Create(y);
        var i = 0;
        for (; i <= to.Length - Lanes; i += Lanes) Store(TOperation.Of(Load(x, i), second), to, i);
        if (i < to.Length) StorePart(TOperation.Of(LoadPart(x, i), second), to, i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(ReadOnlySpan<float> from, int at) => Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(from), (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> value, Span<float> to, int at) => value.StoreUnsafe(ref MemoryMarshal.GetReference(to), (nuint)at);

    // The last elements, fewer than eight, with zeros after them.
    private static Vector256<float> LoadPart(ReadOnlySpan<float> from, int at)
    {
        Span<float> part = stackalloc float[Lanes];
        part.Clear();
        from[at..].CopyTo(part);
        return Vector256.Create((ReadOnlySpan<float>)part);
    }

    private static void StorePart(Vector256<float> value, Span<float> to, int at)
    {
        Span<float> part = stackalloc float[Lanes];
        value.CopyTo(part);
        part[..(to.Length - at)].CopyTo(to[at..]);
    }

    private static void Same(int length, int expected)
    {
        if (length != expected) throw new ArgumentException($"{length} elements beside {expected}");
    }
}
