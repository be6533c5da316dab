using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models.Keras;

/// <summary>Writes mean and standard deviation over time as <see cref="KerasStatistics"/> reads them.</summary>
internal sealed class KerasStatisticsWriter(KerasGraphWriter graph)
{
    private const string Module = "keras.src.ops.numpy";

    // The names are those that Keras gives to such operators; "add" is the residual connection of the attention.
    public void Write()
    {
        var input = graph.LastLayer;
        var frames = graph.Shape;
        int?[] vector = [null, frames[^1]];
        int?[] row = [null, 1, frames[^1]];
        var average = new JsonObject
        {
            ["axis"] = 1,

            ["keepdims"] = false,
        };
        graph.AddOperator(Module, "Mean", "mean", average, vector, (input, frames));
        graph.AddOperator(Module, "ExpandDims", "expand_dims", new() { ["axis"] = 1 }, row, ("mean", vector));
        graph.AddOperator(Module, "Subtract", "subtract", [], frames, (input, frames), ("expand_dims", row));
        graph.AddOperator(Module, "Square", "square", [], frames, ("subtract", frames));
        graph.AddOperator(Module, "Mean", "mean_1", average, vector, ("square", frames));
        graph.AddOperator(
            Module,
            "Add",
            "add_1",
            [],
            vector,
            KerasGraphWriter.CreateReal(StatisticsOverTime.Epsilon),
            ("mean_1", vector)
        );
        graph.AddOperator(Module, "Sqrt", "sqrt", [], vector, ("add_1", vector));
        graph.AddMergeLayer(
            "Concatenate",
            "concatenate",
            new() { ["axis"] = -1 },
            [null, 2 * frames[^1]],
            "mean",
            "sqrt"
        );
    }
}
