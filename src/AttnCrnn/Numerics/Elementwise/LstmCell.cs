using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>
/// LSTM gates (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) in Keras order i, f, c, o,
/// and dropout masks, fused into one pass per time step over all clips. One pass per function would read and write the
/// same few thousand floats a dozen times.
/// </summary>
internal static unsafe class LstmCell
{
    private const int Gates = 4;

    /// <summary>One time step: c = f·c₋₁ + i·g, h = o·tanh c, with i, f, o = σ(z) and g = tanh(z).</summary>
    /// <param name="gates">[clips, 4 units], z without bias; overwritten with i, f, g, o.</param>
    /// <param name="bias">[1, 4 units].</param>
    /// <param name="cellsBefore">[clips, units], c₋₁.</param>
    /// <param name="cells">[clips, units], c.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="hidden">[clips, units], h.</param>
    public static void Forward(
        MatrixView gates,
        MatrixView bias,
        MatrixView cellsBefore,
        MatrixView cells,
        MatrixView cellTanhs,
        MatrixView hidden
    )
    {
        Check(gates, hidden, cellsBefore, cells, cellTanhs, bias);
        float** from = stackalloc float*[(2 * Gates) + 1];
        float** to = stackalloc float*[3];
        for (var row = 0; row < gates.Count; row++)
        {
            for (var gate = 0; gate < Gates; gate++)
            {
                from[gate] = RowStart(gates, row) + (gate * hidden.Width);
                from[Gates + gate] = bias.Start + (gate * hidden.Width);
            }
            from[2 * Gates] = RowStart(cellsBefore, row);
            to[0] = RowStart(cells, row);
            to[1] = RowStart(cellTanhs, row);
            to[2] = RowStart(hidden, row);
            LaneMap.Run<ForwardMap>(from, to, 0, hidden.Width);
        }
    }

    /// <summary>Backward pass of one time step.</summary>
    /// <param name="gates">[clips, 4 units], i, f, g, o.</param>
    /// <param name="cellsBefore">[clips, units], c₋₁.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="gradHidden">[clips, units], the gradient of h.</param>
    /// <param name="gradCells">[clips, units], the gradient of c from the next step; overwritten with that of
    /// c₋₁.</param>
    /// <param name="gradGates">[clips, 4 units], the gradient of z; may be the same memory as the gates.</param>
    public static void Backward(
        MatrixView gates,
        MatrixView cellsBefore,
        MatrixView cellTanhs,
        MatrixView gradHidden,
        MatrixView gradCells,
        MatrixView gradGates
    )
    {
        Check(gates, gradHidden, cellsBefore, cellTanhs, gradCells, gradGates);
        float** from = stackalloc float*[Gates + 3];
        float** to = stackalloc float*[Gates + 1];
        for (var row = 0; row < gates.Count; row++)
        {
            for (var gate = 0; gate < Gates; gate++)
            {
                from[gate] = RowStart(gates, row) + (gate * gradHidden.Width);
                to[gate] = RowStart(gradGates, row) + (gate * gradHidden.Width);
            }
            from[Gates] = RowStart(cellsBefore, row);
            from[Gates + 1] = RowStart(cellTanhs, row);
            from[Gates + 2] = RowStart(gradHidden, row);
            to[Gates] = RowStart(gradCells, row);
            LaneMap.Run<BackwardMap>(from, to, 0, gradHidden.Width);
        }
    }

    /// <summary>Applies dropout to the input of a gate: to = x ∘ the mask of the row's clip and gate.</summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], the clip of each row.</param>
    /// <param name="to">[rows, width].</param>
    public static void Mask(MatrixView x, MatrixView masks, ReadOnlySpan<int> clips, int gate, MatrixView to) =>
        MapMasked<MaskMap>(x, masks, clips, gate, to);

    /// <summary>Backward pass of <see cref="Mask"/>: to += gradient ∘ the mask of the row's clip and gate.</summary>
    /// <param name="gradient">[rows, width], the gradient of the gate's masked input.</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], the clip of each row.</param>
    /// <param name="to">[rows, width].</param>
    public static void MaskBackward(
        MatrixView gradient,
        MatrixView masks,
        ReadOnlySpan<int> clips,
        int gate,
        MatrixView to
    ) => MapMasked<MaskBackwardMap>(gradient, masks, clips, gate, to);

    private static void MapMasked<TMap>(
        MatrixView x,
        MatrixView masks,
        ReadOnlySpan<int> clips,
        int gate,
        MatrixView to
    )
        where TMap : struct, ILaneMap
    {
        float** from = stackalloc float*[2];
        float* target;
        for (var row = 0; row < x.Count; row++)
        {
            from[0] = RowStart(x, row);
            from[1] = RowStart(masks, (Gates * clips[row]) + gate);
            target = RowStart(to, row);
            LaneMap.Run<TMap>(from, &target, 0, x.Width);
        }
    }

    private readonly struct ForwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T>
        {
            T i = LaneMath.Sigmoid(T.Load(from[0] + at) + T.Load(from[4] + at)),
                f = LaneMath.Sigmoid(T.Load(from[1] + at) + T.Load(from[5] + at));
            T g = LaneMath.Tanh(T.Load(from[2] + at) + T.Load(from[6] + at)),
                o = LaneMath.Sigmoid(T.Load(from[3] + at) + T.Load(from[7] + at));
            var c = T.Fused(f, T.Load(from[8] + at), i * g);
            var squashed = LaneMath.Tanh(c);
            T.Store(i, from[0] + at);
            T.Store(f, from[1] + at);
            T.Store(g, from[2] + at);
            T.Store(o, from[3] + at);
            T.Store(c, to[0] + at);
            T.Store(squashed, to[1] + at);
            T.Store(o * squashed, to[2] + at);
        }
    }

    private readonly struct BackwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T>
        {
            T one = T.Broadcast(1),
                i = T.Load(from[0] + at),
                f = T.Load(from[1] + at),
                g = T.Load(from[2] + at),
                o = T.Load(from[3] + at);
            T squashed = T.Load(from[5] + at),
                gradH = T.Load(from[6] + at);
            var gradC = T.Fused(gradH * o, one - (squashed * squashed), T.Load(to[4] + at));
            T.Store(gradC * g * i * (one - i), to[0] + at);
            T.Store(gradC * T.Load(from[4] + at) * f * (one - f), to[1] + at);
            T.Store(gradC * i * (one - (g * g)), to[2] + at);
            T.Store(gradH * squashed * o * (one - o), to[3] + at);
            T.Store(gradC * f, to[4] + at);
        }
    }

    private readonly struct MaskMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T> => T.Store(T.Load(from[0] + at) * T.Load(from[1] + at), to[0] + at);
    }

    private readonly struct MaskBackwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** from, float** to, nint at, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(T.Fused(T.Load(from[0] + at), T.Load(from[1] + at), T.Load(to[0] + at)), to[0] + at);
    }

    private static float* RowStart(MatrixView rows, int row) => rows.Start + ((nint)row * rows.Stride);

    private static void Check(MatrixView gates, MatrixView states, params ReadOnlySpan<MatrixView> others)
    {
        if (gates.Width != Gates * states.Width || states.Count < gates.Count)
            throw new ArgumentException(
                $"gates [{gates.Count}, {gates.Width}] do not fit states [{states.Count}, {states.Width}]"
            );
        foreach (var rows in others)
            if (rows.Width != states.Width && rows.Width != gates.Width)
                throw new ArgumentException($"rows have width {rows.Width}, expected {states.Width} or {gates.Width}");
    }
}
