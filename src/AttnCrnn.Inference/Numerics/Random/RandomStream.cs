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
    public uint GetUInt32(ulong position)
    {
        Span<uint> words = stackalloc uint[4];
        Philox.FillBlock(words, GetCounter(position), index, step, epochAndStream, seed);
        return words[(int)(position & 3)];
    }

    /// <summary>A uniform number in [0, 1), with 24 bits.</summary>
    public float SampleUniform(ulong position) => (GetUInt32(position) >> 8) * TwoToMinus24;

    /// <summary>A uniform number in [0, 1), with 53 bits: the words 2·position and 2·position + 1.</summary>
    public double SampleUniformDouble(ulong position)
    {
        var low = GetUInt32(2 * position);
        var high = GetUInt32((2 * position) + 1);
        return ((((ulong)high << 32) | low) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A uniform integer below a bound, with a bias of at most bound / 2³².</summary>
    public uint SampleBelow(uint bound, ulong position)
    {
        ArgumentOutOfRangeException.ThrowIfZero(bound);
        return (uint)(((ulong)GetUInt32(position) * bound) >> 32);
    }

    /// <summary>A Beta(a, b) variate, from two Gamma variates. It uses the words from 64·position on.</summary>
    /// <param name="a">Positive.</param>
    /// <param name="b">Positive.</param>
    public double SampleBeta(double a, double b, ulong position) => GammaSampler.SampleBeta(this, a, b, position);

    /// <summary>Shuffles uniformly (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var swapIndex = (int)SampleBelow((uint)i + 1, (ulong)i);
            (items[i], items[swapIndex]) = (items[swapIndex], items[i]);
        }
    }

    /// <summary>Fills with <see cref="SampleUniform"/> at positions 0, 1, …</summary>
    public void FillUniform(Span<float> destination) => Fill<UniformMap>(destination, default);

    /// <summary>
    /// Fills with standard normal values at positions 0, 1, …, by the quantile of a uniform number; at most 5.4 in
    /// magnitude.
    /// </summary>
    public void FillNormal(Span<float> destination) => Fill<NormalMap>(destination, default);

    /// <summary>destination += scale · the values of <see cref="FillNormal"/>, fused.</summary>
    public void AddNormal(float scale, Span<float> destination) => Fill<AddNormalMap>(destination, new(Rate: 0, scale));

    /// <summary>Fills a dropout mask: 0 where <see cref="SampleUniform"/> is below the rate, else the scale.</summary>
    public void FillMask(float rate, float scale, Span<float> destination) =>
        Fill<MaskMap>(destination, new(rate, scale));

    // Random words are generated in chunks and converted while they are still in the L1 cache.
    private unsafe void Fill<TMap>(Span<float> destination, MapParameters parameters)
        where TMap : struct, IWordMap
    {
        var words = stackalloc uint[ChunkWords];
        fixed (float* start = destination)
            for (var offset = 0; offset < destination.Length; offset += ChunkWords)
            {
                Philox.Fill(
                    new Span<uint>(words, ChunkWords),
                    GetCounter((ulong)offset),
                    index,
                    step,
                    epochAndStream,
                    seed
                );
                var count = Math.Min(ChunkWords, destination.Length - offset);
                var i = 0;
                if (Vector512.IsHardwareAccelerated)
                    i = ApplyInPairs<TMap, Lanes16>(words, start + offset, i, count, parameters);
                i = ApplyInPairs<TMap, Lanes8>(words, start + offset, i, count, parameters);
                for (; i < count; i++)
                    TMap.Apply<Lane>(words + i, start + offset + i, parameters);
            }
    }

    // Not inlined: the JIT compiler inlines only so much into one method.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static unsafe int ApplyInPairs<TMap, T>(
        uint* words,
        float* destination,
        int first,
        int count,
        MapParameters parameters
    )
        where TMap : struct, IWordMap
        where T : struct, ILanes<T>
    {
        var i = first;
        for (; i <= count - (2 * T.Count); i += 2 * T.Count)
            TMap.ApplyPair<T>(words + i, destination + i, parameters);
        return i;
    }

    // Parameters of a map; a map may ignore them.
    private readonly record struct MapParameters(float Rate, float Scale);

    private unsafe interface IWordMap
    {
        static abstract void Apply<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>;

        // Two vectors.
        static abstract void ApplyPair<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>;
    }

    private readonly unsafe struct UniformMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T> => T.Store(T.FromUpperBits(words) * T.Broadcast(TwoToMinus24), destination);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void ApplyPair<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>
        {
            Apply<T>(words, destination, parameters);
            Apply<T>(words + T.Count, destination + T.Count, parameters);
        }
    }

    private readonly unsafe struct NormalMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T> => T.Store(NormalQuantile.Compute<T>(words), destination);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void ApplyPair<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>
        {
            NormalQuantile.ComputePair<T>(words, words + T.Count, out var normal0, out var normal1);
            T.Store(normal0, destination);
            T.Store(normal1, destination + T.Count);
        }
    }

    private readonly unsafe struct AddNormalMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T> => Add(NormalQuantile.Compute<T>(words), parameters.Scale, destination);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void ApplyPair<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>
        {
            NormalQuantile.ComputePair<T>(words, words + T.Count, out var normal0, out var normal1);
            Add(normal0, parameters.Scale, destination);
            Add(normal1, parameters.Scale, destination + T.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<T>(T normal, float scale, float* destination)
            where T : struct, ILanes<T> =>
            T.Store(T.MultiplyAdd(normal, T.Broadcast(scale), T.Load(destination)), destination);
    }

    private readonly unsafe struct MaskMap : IWordMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T> =>
            T.Store(
                T.SelectLess(
                    T.FromUpperBits(words) * T.Broadcast(TwoToMinus24),
                    T.Broadcast(parameters.Rate),
                    T.Broadcast(0),
                    T.Broadcast(parameters.Scale)
                ),
                destination
            );

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void ApplyPair<T>(uint* words, float* destination, MapParameters parameters)
            where T : struct, ILanes<T>
        {
            Apply<T>(words, destination, parameters);
            Apply<T>(words + T.Count, destination + T.Count, parameters);
        }
    }

    private static uint GetCounter(ulong position) =>
        position >> 2 <= uint.MaxValue
            ? (uint)(position >> 2)
            : throw new ArgumentOutOfRangeException(nameof(position), $"{position}: expected less than 2^34");
}
