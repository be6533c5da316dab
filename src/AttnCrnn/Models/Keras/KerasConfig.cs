using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Models.Keras.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>Writes the network as Keras layers: the config.json of an archive that Keras loads in safe mode.</summary>
internal static class KerasConfig
{
    /// <param name="optimizer">The state of Adam or AdamW; null: the model is not compiled.</param>
    public static byte[] Write(TrainedModelInfo model, OptimizerState? optimizer)
    {
        var graph = new KerasGraphWriter();
        var network = model.Network;
        int? frames = model.IsFixedLength ? model.Padding : null;
        // Speaker normalization and padding are not in the graph; the input's name tells users of the graph to apply
        // them.
        var input =
            model.Normalization.Kind == NormalizationMode.Speaker ? KerasInputNames.Normalized
            : model is { Padding: > 0, IsFixedLength: false } ? KerasInputNames.Padded
            : "features";
        graph.AddInput(
            input,
            network.EncoderLayers == 1
                ? [null, frames, network.Width]
                : [null, frames, network.EncoderLayers, network.Width]
        );
        if (model.Normalization.Kind == NormalizationMode.Corpus)
            AddNormalization(graph);
        var declaration = network.Declare();
        declaration.Accept(new KerasLayerWriter(graph, network.Width, declaration.Layers[^1].Name, model.Temperature));
        var config = new JsonObject
        {
            ["module"] = "keras.src.models.functional",
            ["class_name"] = "Functional",
            ["config"] = new JsonObject
            {
                ["name"] = $"attn_crnn_{NetworkVersions.Format(network.Version)}",
                ["trainable"] = true,
                ["layers"] = graph.Layers,
                ["input_layers"] = new JsonArray(input, 0, 0),
                ["output_layers"] = new JsonArray(graph.LastLayer, 0, 0),
            },
            ["registered_name"] = "Functional",
            ["build_config"] = new JsonObject { ["input_shape"] = null },
        };
        if (optimizer is not null)
            config["compile_config"] = CreateCompilation(optimizer);
        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    // Mean and variance are weights of the layer, as after its adapt().
    private static void AddNormalization(KerasGraphWriter graph) =>
        graph.AddLayer(
            "Normalization",
            "normalization",
            new()
            {
                ["axis"] = graph.Shape.Length == 3 ? new JsonArray(-1) : new JsonArray(-2, -1),
                ["invert"] = false,
                ["mean"] = null,
                ["variance"] = null,
            }
        );

    private static JsonObject CreateCompilation(OptimizerState optimizer) =>
        new()
        {
            ["optimizer"] = new JsonObject
            {
                ["module"] = "keras.optimizers",
                ["class_name"] = KerasOptimizer.GetClassName(optimizer),
                ["config"] = new JsonObject
                {
                    ["name"] = KerasOptimizer.GetName(optimizer),
                    ["learning_rate"] = KerasGraphWriter.CreateReal(optimizer.LearningRate),
                    ["weight_decay"] = CreateOptionalReal(optimizer.WeightDecay),
                    ["clipnorm"] = null,
                    ["global_clipnorm"] = CreateOptionalReal(optimizer.GlobalClipNorm),
                    ["clipvalue"] = null,
                    ["use_ema"] = false,
                    ["ema_momentum"] = 0.99,
                    ["ema_overwrite_frequency"] = null,
                    ["loss_scale_factor"] = null,
                    ["gradient_accumulation_steps"] = null,
                    ["beta_1"] = KerasGraphWriter.CreateReal(optimizer.Beta1),
                    ["beta_2"] = KerasGraphWriter.CreateReal(optimizer.Beta2),
                    ["epsilon"] = KerasGraphWriter.CreateReal(optimizer.Epsilon),
                    ["amsgrad"] = false,
                },
                ["registered_name"] = null,
            },
            ["loss"] = "categorical_crossentropy", // of val_loss; Keras gets other losses from its caller
            ["loss_weights"] = null,
            ["metrics"] = new JsonArray("accuracy"),
            ["weighted_metrics"] = null,
            ["run_eagerly"] = false,
            ["steps_per_execution"] = 1,
            ["jit_compile"] = false,
        };

    private static JsonNode? CreateOptionalReal(double? value) =>
        value is { } number ? KerasGraphWriter.CreateReal(number) : null;
}
