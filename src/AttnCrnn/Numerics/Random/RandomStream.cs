using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// Chance as a function of its place: the same seed, epoch, step, purpose, index and place give the same draw, whoever asks, in whatever
/// order, on whatever machine. The words come from <see cref="Philox"/> with the seed as key.
/// </summary>
internal readonly record struct RandomStream
{
    private const int ChunkWords = 256;
    private const float TwoToMinus24 = 1f / (1 << 24);

    private readonly ulong seed;
    private readonly uint index;
    private readonly uint step;
    private readonly uint epochAndStream;

    public RandomStream(ulong seed) => this.seed = seed;

    private RandomStream(ulong seed, uint index, uint step, uint epochAndPurpose)
    {
        this.seed = seed;
        this.index = index;
        this.step = step;
        this.epochAndStream = epochAndPurpose;
    }

    /// <summary>The draws of one step of training.</summary>
    /// <param name="epoch">Up to 16777215.</param>
    public RandomStream AtStep(uint epoch, uint step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, 0xFFFFFFu);
        return new(seed, index, step, (epoch << 8) | (epochAndStream & 0xFF));
    }

    /// <summary>The draws for one purpose, and within it for one clip, say, or one direction.</summary>
    public RandomStream ForStream(RandomStreamId purpose, uint index = 0) =>
        new(seed, index, step, (epochAndStream & ~0xFFu) | (uint)purpose);

    /// <summary>32 bits.</summary>
    /// <param name="place">Below 2³⁴.</param>
    public uint UInt32(ulong place)
    {
        Span<uint> words = stackalloc uint[4];
        Philox.Block(words, Block(place), index, step, epochAndStream, seed);
        return words[(int)(place & 3)];
    }

    /// <summary>A number from 0 up to, not including, 1, of 24 bits.</summary>
    public float Uniform(ulong place) => (UInt32(place) >> 8) * TwoToMinus24;

    /// <summary>A number from 0 up to, not including, 1, of 53 bits: the words 2·place and 2·place + 1.</summary>
    public double UniformDouble(ulong place)
    {
        var (low, high) = (UInt32(2 * place), UInt32((2 * place) + 1));
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A whole number below a bound. Its bias is at most bound / 2³².</summary>
    public uint Below(uint bound, ulong place)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        return (uint)(((ulong)UInt32(place) * bound) >> 32);
    }

    /// <summary>A number of Beta(a, b): the share of one Gamma draw in two. It uses the words from 64·place on.</summary>
    /// <param name="a">More than 0.</param>
    /// <param name="b">More than 0.</param>
    public double Beta(double a, double b, ulong place) => GammaSampler.Beta(this, a, b, place);

    /// <summary>Every order is as likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = (int)Below((uint)i + 1, (ulong)i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>[places 0, 1, …] what <see cref="Uniform"/> gives.</summary>
    public void FillUniform(Span<float> to) => Fill<UniformMap>(to, default);

    /// <summary>[places 0, 1, …] standard normal numbers, up to 5.4 deviations: the quantile of a uniform number.</summary>
    public void FillNormal(Span<float> to) => Fill<NormalMap>(to, default);

    /// <summary>to += scale · what <see cref="FillNormal"/> gives, fused.</summary>
    public void AddNormal(float scale, Span<float> to) => Fill<AddNormalMap>(to, (scale, 0));

    /// <summary>[places 0, 1, …] 0 where <see cref="Uniform"/> is less than a share, else what is kept.</summary>
    public void FillMask(float dropped, float kept, Span<float> to) => Fill<MaskMap>(to, (dropped, kept));

    // Words of a chunk are drawn, and while they lie in the first cache turned into what is wanted.
    private unsafe void Fill<TMap>(Span<float> to, (float First, float Second) settings)
        where TMap : struct, IWordMap
    {
        var words = stackalloc uint[ChunkWords];
        fixed (float* start = to)
            for (var at = 0; at < to.Length; at += ChunkWords)
            {
                Philox.Fill(new Span<uint>(words, ChunkWords), Block((ulong)at), index, step, epochAndStream, seed);
                var (count, i) = (Math.Min(ChunkWords, to.Length - at), 0);
                if (Vector512.IsHardwareAccelerated)
                    for (; i <= count - 16; i += 16)
                        TMap.Apply<Lanes16>(words + i, start + at + i, settings);
                for (; i <= count - 8; i += 8)
                    TMap.Apply<Lanes8>(words + i, start + at + i, settings);
                for (; i < count; i++)
                    TMap.Apply<Lane>(words + i, start + at + i, settings);
            }
    }

    private unsafe interface IWordMap
    {
        static abstract void Apply<T>(uint* words, float* to, (float First, float Second) settings)
            where T : struct, ILanes<T>;
    }

    private readonly unsafe struct UniformMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* to, (float First, float Second) settings)
            where T : struct, ILanes<T> => T.Store(T.FromUpperBits(words) * T.Broadcast(TwoToMinus24), to);
    }

    private readonly unsafe struct NormalMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* to, (float First, float Second) settings)
            where T : struct, ILanes<T> => T.Store(NormalQuantile.Compute<T>(words), to);
    }

    private readonly unsafe struct AddNormalMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* to, (float First, float Second) settings)
            where T : struct, ILanes<T> =>
            T.Store(T.Fused(NormalQuantile.Compute<T>(words), T.Broadcast(settings.First), T.Load(to)), to);
    }

    private readonly unsafe struct MaskMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* to, (float First, float Second) settings)
            where T : struct, ILanes<T> =>
            T.Store(
                T.WhereLess(
                    T.FromUpperBits(words) * T.Broadcast(TwoToMinus24),
                    T.Broadcast(settings.First),
                    T.Broadcast(0),
                    T.Broadcast(settings.Second)
                ),
                to
            );
    }

    private static uint Block(ulong place) =>
        place >> 2 <= uint.MaxValue
            ? (uint)(place >> 2)
            : throw new ArgumentOutOfRangeException(nameof(place), $"{place}: expected less than 2^34");
}
