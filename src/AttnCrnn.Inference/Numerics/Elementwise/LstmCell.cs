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
    /// <param name="previousCells">[clips, units], c₋₁.</param>
    /// <param name="cells">[clips, units], c.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="hidden">[clips, units], h.</param>
    public static void Forward(
        MatrixView gates,
        MatrixView bias,
        MatrixView previousCells,
        MatrixView cells,
        MatrixView cellTanhs,
        MatrixView hidden
    )
    {
        RequireShapes(gates, hidden, previousCells, cells, cellTanhs, bias);
        float** source = stackalloc float*[(2 * Gates) + 1];
        float** destination = stackalloc float*[3];
        for (var row = 0; row < gates.Count; row++)
        {
            for (var gate = 0; gate < Gates; gate++)
            {
                source[gate] = GetRow(gates, row) + (gate * hidden.Width);
                source[Gates + gate] = bias.Start + (gate * hidden.Width);
            }
            source[2 * Gates] = GetRow(previousCells, row);
            destination[0] = GetRow(cells, row);
            destination[1] = GetRow(cellTanhs, row);
            destination[2] = GetRow(hidden, row);
            LaneMap.Run<ForwardMap>(source, destination, 0, hidden.Width);
        }
    }

    /// <summary>Backward pass of one time step.</summary>
    /// <param name="gates">[clips, 4 units], i, f, g, o.</param>
    /// <param name="previousCells">[clips, units], c₋₁.</param>
    /// <param name="cellTanhs">[clips, units], tanh c.</param>
    /// <param name="gradHidden">[clips, units], the gradient of h.</param>
    /// <param name="gradCells">[clips, units], the gradient of c from the next step; overwritten with the gradient of
    /// c₋₁.</param>
    /// <param name="gradGates">[clips, 4 units], the gradient of z; may be the same memory as the gates.</param>
    public static void Backward(
        MatrixView gates,
        MatrixView previousCells,
        MatrixView cellTanhs,
        MatrixView gradHidden,
        MatrixView gradCells,
        MatrixView gradGates
    )
    {
        RequireShapes(gates, gradHidden, previousCells, cellTanhs, gradCells, gradGates);
        float** source = stackalloc float*[Gates + 3];
        float** destination = stackalloc float*[Gates + 1];
        for (var row = 0; row < gates.Count; row++)
        {
            for (var gate = 0; gate < Gates; gate++)
            {
                source[gate] = GetRow(gates, row) + (gate * gradHidden.Width);
                destination[gate] = GetRow(gradGates, row) + (gate * gradHidden.Width);
            }
            source[Gates] = GetRow(previousCells, row);
            source[Gates + 1] = GetRow(cellTanhs, row);
            source[Gates + 2] = GetRow(gradHidden, row);
            destination[Gates] = GetRow(gradCells, row);
            LaneMap.Run<BackwardMap>(source, destination, 0, gradHidden.Width);
        }
    }

    /// <summary>
    /// Applies dropout to the input of a gate: destination = x ∘ the mask of the row's clip and gate.
    /// </summary>
    /// <param name="x">[rows, width].</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], the clip of each row.</param>
    /// <param name="destination">[rows, width].</param>
    public static void Mask(
        MatrixView x,
        MatrixView masks,
        ReadOnlySpan<int> clips,
        int gate,
        MatrixView destination
    ) => MapMasked<MaskMap>(x, masks, clips, gate, destination);

    /// <summary>
    /// Backward pass of <see cref="Mask"/>: destination += gradient ∘ the mask of the row's clip and gate.
    /// </summary>
    /// <param name="gradient">[rows, width], the gradient of the gate's masked input.</param>
    /// <param name="masks">[4 · clips, width].</param>
    /// <param name="clips">[rows], the clip of each row.</param>
    /// <param name="destination">[rows, width].</param>
    public static void MaskBackward(
        MatrixView gradient,
        MatrixView masks,
        ReadOnlySpan<int> clips,
        int gate,
        MatrixView destination
    ) => MapMasked<MaskBackwardMap>(gradient, masks, clips, gate, destination);

    private static void MapMasked<TMap>(
        MatrixView x,
        MatrixView masks,
        ReadOnlySpan<int> clips,
        int gate,
        MatrixView destination
    )
        where TMap : struct, ILaneMap
    {
        float** source = stackalloc float*[2];
        float* destinationRow;
        for (var row = 0; row < x.Count; row++)
        {
            source[0] = GetRow(x, row);
            source[1] = GetRow(masks, (Gates * clips[row]) + gate);
            destinationRow = GetRow(destination, row);
            LaneMap.Run<TMap>(source, &destinationRow, 0, x.Width);
        }
    }

    private readonly struct ForwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T i = LaneMath.Sigmoid(T.Load(source[0] + index) + T.Load(source[4] + index)),
                f = LaneMath.Sigmoid(T.Load(source[1] + index) + T.Load(source[5] + index));
            T g = LaneMath.Tanh(T.Load(source[2] + index) + T.Load(source[6] + index)),
                o = LaneMath.Sigmoid(T.Load(source[3] + index) + T.Load(source[7] + index));
            var c = T.MultiplyAdd(f, T.Load(source[8] + index), i * g);
            var tanhC = LaneMath.Tanh(c);
            T.Store(i, source[0] + index);
            T.Store(f, source[1] + index);
            T.Store(g, source[2] + index);
            T.Store(o, source[3] + index);
            T.Store(c, destination[0] + index);
            T.Store(tanhC, destination[1] + index);
            T.Store(o * tanhC, destination[2] + index);
        }
    }

    private readonly struct BackwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T one = T.Broadcast(1),
                i = T.Load(source[0] + index),
                f = T.Load(source[1] + index),
                g = T.Load(source[2] + index),
                o = T.Load(source[3] + index);
            T tanhC = T.Load(source[5] + index),
                gradH = T.Load(source[6] + index);
            var gradC = T.MultiplyAdd(gradH * o, one - (tanhC * tanhC), T.Load(destination[4] + index));
            T.Store(gradC * g * i * (one - i), destination[0] + index);
            T.Store(gradC * T.Load(source[4] + index) * f * (one - f), destination[1] + index);
            T.Store(gradC * i * (one - (g * g)), destination[2] + index);
            T.Store(gradH * tanhC * o * (one - o), destination[3] + index);
            T.Store(gradC * f, destination[4] + index);
        }
    }

    private readonly struct MaskMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(T.Load(source[0] + index) * T.Load(source[1] + index), destination[0] + index);
    }

    private readonly struct MaskBackwardMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T> =>
            T.Store(
                T.MultiplyAdd(T.Load(source[0] + index), T.Load(source[1] + index), T.Load(destination[0] + index)),
                destination[0] + index
            );
    }

    private static float* GetRow(MatrixView rows, int row) => rows.Start + ((nint)row * rows.Stride);

    private static void RequireShapes(MatrixView gates, MatrixView states, params ReadOnlySpan<MatrixView> matrices)
    {
        if (gates.Width != Gates * states.Width || states.Count < gates.Count)
            throw new ArgumentException(
                $"gates [{gates.Count}, {gates.Width}] do not fit states [{states.Count}, {states.Width}]"
            );
        foreach (var rows in matrices)
            if (rows.Width != states.Width && rows.Width != gates.Width)
                throw new ArgumentException($"rows have width {rows.Width}, expected {states.Width} or {gates.Width}");
    }
}
