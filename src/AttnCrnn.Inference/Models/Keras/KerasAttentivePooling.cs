namespace AttnCrnn.Models.Keras;

/// <summary>
/// Takes attentive pooling from a graph: Dot(Softmax(Dense(x)), x), each over time, and a Reshape to one vector.
/// </summary>
internal sealed class KerasAttentivePooling(KerasLayerCursor cursor)
{
    private const string Expected =
        "attentive pooling: Dense with one unit, Softmax over time, Dot with the frames, Reshape";

    /// <returns>The Dense with the weights.</returns>
    /// <exception cref="InvalidFileException">The next layers are others.</exception>
    public KerasLayer Read()
    {
        var input = cursor.Current;
        var dense = Find(input, "Dense", 2, input);
        var softmax = Find(dense, "Softmax", 1, dense);
        var dot = Find(softmax, "Dot", 1, softmax, input);
        var reshape = Find(dot, "Reshape", 1, dot);
        cursor.Skip(dense, softmax, dot, reshape);
        cursor.RequirePlainCalls(dense, softmax, dot, reshape);
        new KerasOptions(dense)
            .Require("units", "1", defaultValue: "")
            .Require("use_bias", "false", defaultValue: "true")
            .Require("activation", "\"linear\"|null")
            .RejectUnknown();
        new KerasOptions(softmax).Require("axis", "1|[1]", defaultValue: "-1").RejectUnknown();
        new KerasOptions(dot)
            .Require("axes", "1|[1,1]", defaultValue: "")
            .Require("normalize", "false")
            .RejectUnknown();
        new KerasOptions(reshape).Require("target_shape", "[-1]", defaultValue: "").RejectUnknown();
        return dense;
    }

    private KerasLayer Find(
        KerasLayer source,
        string className,
        int consumers,
        params ReadOnlySpan<KerasLayer> inputs
    ) => cursor.FindConsumer(Expected, source, className, isOperator: false, consumers, inputs);
}
