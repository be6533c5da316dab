using System.Text;
using System.Text.Json.Nodes;

namespace AttnCrnn.Models.Keras;

/// <summary>Writes the network as Keras layers: the config.json of an archive that Keras loads in safe mode.</summary>
internal static partial class KerasConfig
{
    /// <summary>
    /// Input name of models whose frames are normalized per speaker; only this name survives when Keras saves the
    /// archive again.
    /// </summary>
    public const string NormalizedInput = "normalised_features";

    /// <summary>
    /// Input name of models whose clips must be zero-padded first, as in the reference Keras implementation.
    /// </summary>
    public const string PaddedInput = "padded_features";

    /// <param name="optimizer">Adam's state; null: the model is not compiled.</param>
    public static byte[] Write(TrainedModelInfo model, OptimizerState? optimizer)
    {
        var graph = new KerasGraphWriter();
        var network = model.Network;
        int? frames = model.IsFixedLength ? model.Padding : null;
        // Speaker normalization and padding are not in the graph; the input's name tells users of the graph to apply
        // them.
        var input =
            model.Normalization.Kind == "speaker" ? NormalizedInput
            : model is { Padding: > 0, IsFixedLength: false } ? PaddedInput
            : "features";
        graph.AddInput(
            input,
            network.EncoderLayers == 1
                ? [null, frames, network.Width]
                : [null, frames, network.EncoderLayers, network.Width]
        );
        if (model.Normalization.Kind == "corpus")
            AddNormalization(graph);
        if (network.EncoderLayers > 1)
            AddLayerWeighting(graph, network);
        AddConvolution(graph, network.Conv1Filters, TensorNames.Conv1, "max_pooling1d");
        AddConvolution(graph, network.Conv2Filters, TensorNames.Conv2, "max_pooling1d_1");
        AddLstm(graph, network);
        AddDropout(graph, "dropout", network.Dropout);
        AddAttention(graph, network);
        graph.AddLayer(
            "GlobalAveragePooling1D",
            "global_average_pooling1d",
            new()
            {
                ["data_format"] = "channels_last",

                ["keepdims"] = false,
            },
            [null, 2 * network.LstmUnits],
            isBuilt: false,
            call: new() { ["mask"] = null }
        );
        AddHead(graph, network);
        var config = new JsonObject
        {
            ["module"] = "keras.src.models.functional",
            ["class_name"] = "Functional",
            ["config"] = new JsonObject
            {
                ["name"] = $"attn_crnn_{network.Version}",
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

    private static JsonObject CreateCompilation(OptimizerState optimizer) =>
        new()
        {
            ["optimizer"] = new JsonObject
            {
                ["module"] = "keras.optimizers",
                ["class_name"] = "Adam",
                ["config"] = new JsonObject
                {
                    ["name"] = "adam",
                    ["learning_rate"] = KerasGraphWriter.CreateReal(optimizer.LearningRate),
                    ["weight_decay"] = null,
                    ["clipnorm"] = null,
                    ["global_clipnorm"] = null,
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
            ["loss"] = "categorical_crossentropy",
            ["loss_weights"] = null,
            ["metrics"] = new JsonArray("accuracy"),
            ["weighted_metrics"] = null,
            ["run_eagerly"] = false,
            ["steps_per_execution"] = 1,
            ["jit_compile"] = false,
        };
}
