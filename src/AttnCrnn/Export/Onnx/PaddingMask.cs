using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// Masks the padding of a batch: the frames at and after a clip's length are padding. Without lengths there is one clip
/// and no padding.
/// </summary>
/// <param name="lengths">[batch], int64; default: none.</param>
internal readonly struct PaddingMask(GraphBuilder graph, GraphValue lengths)
{
    private const float MaskedLogit = -3.4e38f; // softmax gives 0; not -infinity, since infinity - infinity is NaN

    private bool HasNoPadding => lengths.Name is null;

    /// <summary>[batch], int32, for the LSTM; default without padding.</summary>
    public GraphValue Int32Lengths => HasNoPadding ? default : graph.ToInt32(lengths);

    /// <summary>The counts after max pooling of size 2, which drops an odd last frame.</summary>
    public PaddingMask Halve() => HasNoPadding ? this : new(graph, graph.DivideInt64(lengths, 2));

    /// <summary>The counts after padding to a minimum length.</summary>
    public PaddingMask PadToLength(int frames) =>
        HasNoPadding ? this : new(graph, graph.Max(lengths, graph.Int64(frames)));

    /// <summary>Sets the padding to zero, whatever its values.</summary>
    /// <param name="x">[batch, …].</param>
    public GraphValue ZeroPadding(GraphValue x, int timeAxis, int rank)
    {
        if (HasNoPadding)
            return x;
        int[] otherAxes = [.. Enumerable.Range(1, rank - 1).Where(axis => axis != timeAxis)];
        return graph.Where(
            graph.Unsqueeze(CreateMask(x, timeAxis), otherAxes),
            x,
            graph.Constant(graph.CreateName("nothing"), [0f])
        );
    }

    /// <summary>Masks attention logits, so that padding has weight 0.</summary>
    /// <param name="logits">[batch, query, key].</param>
    public GraphValue MaskPadding(GraphValue logits) =>
        HasNoPadding
            ? logits
            : graph.Where(
                graph.Unsqueeze(CreateMask(logits, 2), 1),
                logits,
                graph.Constant(graph.CreateName("no weight"), [MaskedLogit])
            );

    /// <summary>The mean over a clip's frames.</summary>
    /// <param name="x">[batch, time, width].</param>
    /// <returns>[batch, width]; NaN for a clip without frames.</returns>
    public GraphValue ComputeMean(GraphValue x) =>
        HasNoPadding
            ? graph.Mean(x, 1)
            : graph.Divide(
                graph.Sum(ZeroPadding(x, timeAxis: 1, rank: 3), 1),
                graph.Unsqueeze(graph.ToFloat32(lengths), 1)
            );

    private GraphValue CreateMask(GraphValue x, int timeAxis) =>
        // [batch, time]
        graph.Less(graph.Unsqueeze(graph.Range(graph.Length(x, timeAxis)), 0), graph.Unsqueeze(lengths, 1));
}
