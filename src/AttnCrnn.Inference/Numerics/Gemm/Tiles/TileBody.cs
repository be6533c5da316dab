using System.Runtime.CompilerServices;

namespace AttnCrnn.Numerics.Gemm.Tiles;

/// <summary>
/// The body of every tile, for any register width and height. The sums are one value: a <see cref="Row"/> is two
/// vectors, <see cref="Stacked{TUpper, TLower}"/> combines rows, and the type determines their number.
/// </summary>
/// <remarks>
/// The JIT inlines the complete body and keeps every sum in a register. This requires that every member has the
/// inlining attribute (a single call in the loop, even of a constant getter, spills all sums to the stack), and that
/// sums are updated in place (if returned as a new value, half of them are computed in another register and moved).
/// <c>DOTNET_JitDisasm='Multiply*'</c> prints the machine code.
/// </remarks>
internal static unsafe class TileBody<TVector, TOperations>
    where TVector : struct
    where TOperations : struct, IVectorOperations<TVector>
{
    /// <summary>The sums of some rows of a tile.</summary>
    public interface ISums
    {
        /// <summary>Number of rows.</summary>
        static abstract int Height { get; }

        /// <summary>Starts from 0, and sets where the rows of the left operand start.</summary>
        void Start(float* a, nint stride);

        /// <summary>Starts from the values in c.</summary>
        void Load(float* c, nint stride);

        /// <summary>Adds the products of one k.</summary>
        /// <param name="first">Index of the first row in the tile.</param>
        /// <param name="left">The left half of b's row.</param>
        /// <param name="right">The right half of b's row.</param>
        void MultiplyAdd<TLeft>(float* a, int first, nint k, TVector left, TVector right)
            where TLeft : struct, ILeftOperand;

        /// <summary>Writes the sums to c.</summary>
        void Store(float* c, nint stride);
    }

    /// <summary>Columns of c per tile.</summary>
    public static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TOperations.Count;
    }

    /// <inheritdoc cref="ITile.Multiply"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TSums, TLeft>(
        float* a,
        nint aStride,
        float* b,
        int depth,
        float* c,
        nint cStride,
        bool overwrite
    )
        where TSums : struct, ISums
        where TLeft : struct, ILeftOperand
    {
        TSums sums = default;
        sums.Start(a, aStride);
        if (!overwrite)
            sums.Load(c, cStride);
        for (nint k = 0; k < depth; k++)
        {
            sums.MultiplyAdd<TLeft>(a, 0, k, TOperations.Load(b), TOperations.Load(b + TOperations.Count));
            b += Columns;
            a += TLeft.GetStep(TSums.Height);
        }
        sums.Store(c, cStride);
    }

    /// <summary>One row: two vectors of sums.</summary>
    public struct Row : ISums
    {
        private float* start;
        private TVector leftSums;
        private TVector rightSums;

        public static int Height
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => 1;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Start(float* a, nint stride)
        {
            start = a;
            leftSums = default;
            rightSums = default;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load(float* c, nint stride)
        {
            leftSums = TOperations.Load(c);
            rightSums = TOperations.Load(c + TOperations.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void MultiplyAdd<TLeft>(float* a, int first, nint k, TVector left, TVector right)
            where TLeft : struct, ILeftOperand
        {
            var x = TOperations.Broadcast(TLeft.GetElement(a, first, start, k));
            leftSums = TOperations.MultiplyAdd(x, left, leftSums);
            rightSums = TOperations.MultiplyAdd(x, right, rightSums);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store(float* c, nint stride)
        {
            TOperations.Store(leftSums, c);
            TOperations.Store(rightSums, c + TOperations.Count);
        }
    }

    /// <summary>Rows above other rows.</summary>
    public struct Stacked<TUpper, TLower> : ISums
        where TUpper : struct, ISums
        where TLower : struct, ISums
    {
        private TUpper upper;
        private TLower lower;

        public static int Height
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => TUpper.Height + TLower.Height;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Start(float* a, nint stride)
        {
            upper = default;
            lower = default;
            upper.Start(a, stride);
            lower.Start(a + (TUpper.Height * stride), stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load(float* c, nint stride)
        {
            upper.Load(c, stride);
            lower.Load(c + (TUpper.Height * stride), stride);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void MultiplyAdd<TLeft>(float* a, int first, nint k, TVector left, TVector right)
            where TLeft : struct, ILeftOperand
        {
            upper.MultiplyAdd<TLeft>(a, first, k, left, right);
            lower.MultiplyAdd<TLeft>(a, first + TUpper.Height, k, left, right);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(float* c, nint stride)
        {
            upper.Store(c, stride);
            lower.Store(c + (TUpper.Height * stride), stride);
        }
    }
}
