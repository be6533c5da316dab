using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Random;

/// <summary>
/// A counter-based random stream: seed, epoch, step, stream, index and position determine a value, regardless of call
/// order and machine. The words come from <see cref="Philox"/> with the seed as key.
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

    private RandomStream(ulong seed, uint index, uint step, uint epochAndStream)
    {
        this.seed = seed;
        this.index = index;
        this.step = step;
        this.epochAndStream = epochAndStream;
    }

    /// <summary>The stream of one training step.</summary>
    /// <param name="epoch">Up to 16777215.</param>
    public RandomStream AtStep(uint epoch, uint step)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, 0xFFFFFFu);
        return new(seed, index, step, (epoch << 8) | (epochAndStream & 0xFF));
    }

    /// <summary>The stream for one purpose and, within it, for one clip or direction, for example.</summary>
    public RandomStream ForStream(RandomStreamId stream, uint index = 0) =>
        new(seed, index, step, (epochAndStream & ~0xFFu) | (uint)stream);

    /// <summary>A 32-bit word.</summary>
    /// <param name="position">Below 2³⁴.</param>
    public uint UInt32(ulong position)
    {
        Span<uint> words = stackalloc uint[4];
        Philox.Block(words, Block(position), index, step, epochAndStream, seed);
        return words[(int)(position & 3)];
    }

    /// <summary>A uniform number in [0, 1), with 24 bits.</summary>
    public float Uniform(ulong position) => (UInt32(position) >> 8) * TwoToMinus24;

    /// <summary>A uniform number in [0, 1), with 53 bits: the words 2·position and 2·position + 1.</summary>
    public double UniformDouble(ulong position)
    {
        var low = UInt32(2 * position);
        var high = UInt32((2 * position) + 1);
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A uniform integer below a bound, with a bias of at most bound / 2³².</summary>
    public uint Below(uint bound, ulong position)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        return (uint)(((ulong)UInt32(position) * bound) >> 32);
    }

    /// <summary>A Beta(a, b) variate, from two Gamma variates. It uses the words from 64·position on.</summary>
    /// <param name="a">Positive.</param>
    /// <param name="b">Positive.</param>
    public double Beta(double a, double b, ulong position) => GammaSampler.Beta(this, a, b, position);

    /// <summary>Shuffles uniformly (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var other = (int)Below((uint)i + 1, (ulong)i);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }

    /// <summary>Fills with <see cref="Uniform"/> at positions 0, 1, …</summary>
    public void FillUniform(Span<float> to) => Fill<UniformMap>(to, default);

    /// <summary>
    /// Fills with standard normal values at positions 0, 1, …, by the quantile of a uniform number; at most 5.4 in
    /// magnitude.
    /// </summary>
    public void FillNormal(Span<float> to) => Fill<NormalMap>(to, default);

    /// <summary>to += scale · the values of <see cref="FillNormal"/>, fused.</summary>
    public void AddNormal(float scale, Span<float> to) => Fill<AddNormalMap>(to, (scale, 0));

    /// <summary>Fills a dropout mask: 0 where <see cref="Uniform"/> is below the rate, else the scale.</summary>
    public void FillMask(float rate, float scale, Span<float> to) => Fill<MaskMap>(to, (rate, scale));

    // Random words are generated in chunks and converted while they are still in the L1 cache.
    private unsafe void Fill<TMap>(Span<float> to, (float First, float Second) settings)
        where TMap : struct, IWordMap
    {
        var words = stackalloc uint[ChunkWords];
        fixed (float* start = to)
            for (var at = 0; at < to.Length; at += ChunkWords)
            {
                Philox.Fill(new Span<uint>(words, ChunkWords), Block((ulong)at), index, step, epochAndStream, seed);
                var count = Math.Min(ChunkWords, to.Length - at);
                var i = 0;
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

    private static uint Block(ulong position) =>
        position >> 2 <= uint.MaxValue
            ? (uint)(position >> 2)
            : throw new ArgumentOutOfRangeException(nameof(position), $"{position}: expected less than 2^34");
}
