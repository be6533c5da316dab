using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models.Keras;

/// <content>Poolings over time.</content>
internal sealed partial class KerasLayerWriter
{
    /// <inheritdoc/>
    public void Visit(MeanOverTimeDeclaration layer, string name) =>
        graph.AddLayer(
            "GlobalAveragePooling1D",
            name,
            new()
            {
                ["data_format"] = "channels_last",

                ["keepdims"] = false,
            },
            [null, graph.Shape[^1]],
            isBuilt: false,
            call: WithoutMask
        );

    /// <inheritdoc/>
    public void Visit(StatisticsOverTimeDeclaration layer, string name) => new KerasStatisticsWriter(graph).Write();

    /// <inheritdoc/>
    public void Visit(AttentivePoolingDeclaration layer, string name)
    {
        var input = graph.LastLayer;
        var frames = graph.Shape;
        int?[] column = [null, frames[1], 1];
        AddDense(name, 1, "linear", hasBias: false);
        graph.AddLayer("Softmax", $"{name}_softmax", new() { ["axis"] = 1 }, isBuilt: false, call: WithoutMask);
        graph.AddMergeLayer(
            "Dot",
            $"{name}_dot",
            new()
            {
                ["axes"] = 1,

                ["normalize"] = false,
            },
            [null, 1, frames[^1]],
            (graph.LastLayer, column),
            (input, frames)
        );
        graph.AddLayer(
            "Reshape",
            $"{name}_reshape",
            new() { ["target_shape"] = new JsonArray(-1) },
            [null, frames[^1]],
            isBuilt: false
        );
    }
}
