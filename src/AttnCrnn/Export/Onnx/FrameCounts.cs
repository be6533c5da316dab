using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>Which frames of a padded batch are a clip's own: those before its length. Without lengths there is one clip, and all are.</summary>
/// <param name="lengths">[batch], whole numbers; default: none.</param>
internal readonly struct FrameCounts(GraphBuilder graph, GraphValue lengths)
{
    private const float Nothing = -3.4e38f; // a logit whose softmax is 0; and not infinity, whose difference to itself is NaN

    private bool AreAll => lengths.Name is null;

    /// <summary>[batch], as the LSTM takes them; default where all frames are real.</summary>
    public GraphValue Int32Lengths => AreAll ? default : graph.ToInt32(lengths);

    /// <summary>After pooling pairs, of which an odd last frame drops out.</summary>
    public FrameCounts Halved() => AreAll ? this : new(graph, graph.DivideInt64(lengths, 2));

    /// <summary>After shorter clips were made longer.</summary>
    public FrameCounts PadToLength(int frames) => AreAll ? this : new(graph, graph.Max(lengths, graph.Int64(frames)));

    /// <summary>Zeros in place of all other frames, whatever stood there.</summary>
    /// <param name="x">The batch along its first axis.</param>
    public GraphValue Only(GraphValue x, int timeAxis, int rank)
    {
        if (AreAll)
            return x;
        int[] others = [.. Enumerable.Range(1, rank - 1).Where(axis => axis != timeAxis)];
        return graph.Where(
            graph.Unsqueeze(Mask(x, timeAxis), others),
            x,
            graph.Constant(graph.Unique("nothing"), [0f])
        );
    }

    /// <summary>No weight for other frames than real ones.</summary>
    /// <param name="logits">[batch, query, key].</param>
    public GraphValue OnlyTheseWeigh(GraphValue logits) =>
        AreAll
            ? logits
            : graph.Where(
                graph.Unsqueeze(Mask(logits, 2), 1),
                logits,
                graph.Constant(graph.Unique("no weight"), [Nothing])
            );

    /// <summary>The mean over real frames.</summary>
    /// <param name="x">[batch, time, width].</param>
    /// <returns>[batch, width]; NaN for a clip without frames.</returns>
    public GraphValue Mean(GraphValue x) =>
        AreAll
            ? graph.Mean(x, 1)
            : graph.Divide(graph.Sum(Only(x, timeAxis: 1, rank: 3), 1), graph.Unsqueeze(graph.ToFloat32(lengths), 1));

    private GraphValue Mask(GraphValue x, int timeAxis) =>
        graph.Less(graph.Unsqueeze(graph.Range(graph.Length(x, timeAxis)), 0), graph.Unsqueeze(lengths, 1)); // [batch, time]
}
