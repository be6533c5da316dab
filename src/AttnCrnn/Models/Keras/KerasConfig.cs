using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;

namespace AttnCrnn.Models.Keras;

/// <summary>The network as Keras' own layers: the config.json of an archive that Keras loads in its safe mode.</summary>
internal static class KerasConfig
{
    /// <summary>The input's name where frames come already normalised by their speaker: all that is left of it when Keras saves the archive again.</summary>
    public const string NormalizedInput = "normalised_features";

    /// <summary>Its name where each clip is to be padded with zeros first, as the original's were.</summary>
    public const string PaddedInput = "padded_features";

    /// <param name="optimizer">How it was trained; null: the model is not compiled.</param>
    public static byte[] Write(TrainedModelInfo model, OptimizerState? optimizer)
    {
        var (graph, network) = (new KerasGraphWriter(), model.Network);
        int? frames = model.IsFixedLength ? model.Padding : null;
        // Neither speakers nor zeros are in the graph: who uses it must know what was done to frames before, and a name is what everybody sees.
        var input =
            model.Normalization.Kind == "speaker" ? NormalizedInput
            : model is { Padding: > 0, IsFixedLength: false } ? PaddedInput
            : "features";
        graph.Input(
            input,
            network.Layers == 1 ? [null, frames, network.Width] : [null, frames, network.Layers, network.Width]
        );
        if (model.Normalization.Kind == "corpus")
            Normalize(graph);
        if (network.Layers > 1)
            Mix(graph, network);
        Convolution(graph, network.Conv1Filters, "");
        Convolution(graph, network.Conv2Filters, "_1");
        Recurrent(graph, network);
        Dropout(graph, "dropout", network.Dropout);
        Attend(graph, network);
        graph.Layer(
            "GlobalAveragePooling1D",
            "global_average_pooling1d",
            new() { ["data_format"] = "channels_last", ["keepdims"] = false },
            [null, 2 * network.LstmUnits],
            isBuilt: false,
            call: new() { ["mask"] = null }
        );
        Head(graph, network);
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
                ["output_layers"] = new JsonArray(graph.At, 0, 0),
            },
            ["registered_name"] = "Functional",
            ["build_config"] = new JsonObject { ["input_shape"] = null },
        };
        if (optimizer is not null)
            config["compile_config"] = Compilation(optimizer);
        return Encoding.UTF8.GetBytes(config.ToJsonString());
    }

    // Mean and variance are weights of the layer, as after its adapt().
    private static void Normalize(KerasGraphWriter graph) =>
        graph.Layer(
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

    private static void Mix(KerasGraphWriter graph, NetworkOptions network)
    {
        var frames = graph.Shape[1];
        graph.Layer(
            "Permute",
            "layer_mix_permute",
            new() { ["dims"] = new JsonArray(1, 3, 2) },
            [null, frames, network.Width, network.Layers]
        );
        Dense(graph, "layer_mix", 1, "linear", hasBias: false);
        graph.Layer(
            "Reshape",
            "layer_mix_reshape",
            new() { ["target_shape"] = new JsonArray(-1, network.Width) },
            [null, frames, network.Width],
            isBuilt: false
        );
    }

    private static void Convolution(KerasGraphWriter graph, int filters, string suffix)
    {
        var frames = graph.Shape[1];
        graph.Layer(
            "Conv1D",
            "conv1d" + suffix,
            new()
            {
                ["filters"] = filters,
                ["kernel_size"] = new JsonArray(ConvPool.Taps),
                ["strides"] = new JsonArray(1),
                ["padding"] = "same",
                ["data_format"] = "channels_last",
                ["dilation_rate"] = new JsonArray(1),
                ["groups"] = 1,
                ["activation"] = "relu",
                ["use_bias"] = true,
                ["kernel_initializer"] = KerasGraphWriter.Initializer("GlorotUniform"),
                ["bias_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                ["kernel_regularizer"] = null,
                ["bias_regularizer"] = null,
                ["activity_regularizer"] = null,
                ["kernel_constraint"] = null,
                ["bias_constraint"] = null,
            },
            [null, frames, filters]
        );
        graph.Layer(
            "MaxPooling1D",
            "max_pooling1d" + suffix,
            new()
            {
                ["pool_size"] = new JsonArray(2),
                ["padding"] = "valid",
                ["strides"] = new JsonArray(2),
                ["data_format"] = "channels_last",
            },
            [null, frames / 2, filters],
            isBuilt: false
        );
    }

    private static void Recurrent(KerasGraphWriter graph, NetworkOptions network)
    {
        JsonObject Direction(string name, bool backwards) =>
            graph.Inner(
                "LSTM",
                name,
                new()
                {
                    ["return_sequences"] = true,
                    ["return_state"] = false,
                    ["go_backwards"] = backwards,
                    ["stateful"] = false,
                    ["unroll"] = false,
                    ["zero_output_for_mask"] = true,
                    ["units"] = network.LstmUnits,
                    ["activation"] = "tanh",
                    ["recurrent_activation"] = "sigmoid",
                    ["use_bias"] = true,
                    ["kernel_initializer"] = KerasGraphWriter.Initializer("GlorotUniform"),
                    ["recurrent_initializer"] = KerasGraphWriter.Initializer("Orthogonal"),
                    ["bias_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                    ["unit_forget_bias"] = true,
                    ["kernel_regularizer"] = null,
                    ["recurrent_regularizer"] = null,
                    ["bias_regularizer"] = null,
                    ["activity_regularizer"] = null,
                    ["kernel_constraint"] = null,
                    ["recurrent_constraint"] = null,
                    ["bias_constraint"] = null,
                    ["dropout"] = KerasGraphWriter.Real(network.LstmDropout),
                    ["recurrent_dropout"] = KerasGraphWriter.Real(network.RecurrentDropout),
                    ["seed"] = null,
                }
            );
        graph.Layer(
            "Bidirectional",
            "bidirectional",
            new()
            {
                ["merge_mode"] = "concat",
                ["layer"] = Direction("forward_lstm", false),
                ["backward_layer"] = Direction("backward_lstm", true),
            },
            [null, graph.Shape[1], 2 * network.LstmUnits],
            call: new() { ["mask"] = null }
        );
    }

    private static void Dropout(KerasGraphWriter graph, string name, double rate) =>
        graph.Layer(
            "Dropout",
            name,
            new()
            {
                ["rate"] = KerasGraphWriter.Real(rate),
                ["seed"] = null,
                ["noise_shape"] = null,
            },
            isBuilt: false,
            call: new() { ["training"] = false }
        );

    private static void Attend(KerasGraphWriter graph, NetworkOptions network)
    {
        var from = graph.At;
        graph.CreateLayer(
            "Attention",
            "attention",
            new()
            {
                ["use_scale"] = network.HasAttentionScale,
                ["score_mode"] = "dot",
                ["dropout"] = KerasGraphWriter.Real(0),
                ["seed"] = null,
            },
            from,
            from
        );
        if (network.HasResidual)
            graph.CreateLayer("Add", "add", [], graph.At, from);
        if (!network.HasLayerNorm)
            return;
        graph.Layer(
            "LayerNormalization",
            "layer_normalization",
            new()
            {
                ["axis"] = new JsonArray(-1),
                ["epsilon"] = 0.001,
                ["center"] = true,
                ["scale"] = true,
                ["rms_scaling"] = false,
                ["beta_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                ["gamma_initializer"] = KerasGraphWriter.Initializer("Ones"),
                ["beta_regularizer"] = null,
                ["gamma_regularizer"] = null,
                ["beta_constraint"] = null,
                ["gamma_constraint"] = null,
            }
        );
    }

    private static void Head(KerasGraphWriter graph, NetworkOptions network)
    {
        Dense(graph, "dense", network.DenseUnits, "linear");
        if (network.HasBatchNorm)
        {
            graph.Layer(
                "BatchNormalization",
                "batch_normalization",
                new()
                {
                    ["axis"] = -1,
                    ["momentum"] = 0.99,
                    ["epsilon"] = 0.001,
                    ["center"] = true,
                    ["scale"] = true,
                    ["beta_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                    ["gamma_initializer"] = KerasGraphWriter.Initializer("Ones"),
                    ["moving_mean_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                    ["moving_variance_initializer"] = KerasGraphWriter.Initializer("Ones"),
                    ["beta_regularizer"] = null,
                    ["gamma_regularizer"] = null,
                    ["beta_constraint"] = null,
                    ["gamma_constraint"] = null,
                    ["synchronized"] = false,
                    ["renorm"] = false,
                    ["renorm_clipping"] = null,
                    ["renorm_momentum"] = 0.99,
                },
                call: new() { ["mask"] = null }
            );
        }
        // Keras' activation named gelu is the exact one; that by tanh is an operator of keras.ops.
        if (network.Activation == HeadActivation.GeluTanh)
            graph.Operator("keras.src.ops.nn", "Gelu", "gelu", new() { ["approximate"] = true });
        else
            graph.Layer(
                "Activation",
                "activation",
                new() { ["activation"] = network.Activation == HeadActivation.Gelu ? "gelu" : "relu" },
                isBuilt: false
            );
        Dropout(graph, "dropout_1", network.HeadDropout);
        Dense(graph, "dense_1", network.Classes, "softmax");
    }

    private static void Dense(KerasGraphWriter graph, string name, int units, string activation, bool hasBias = true) =>
        graph.Layer(
            "Dense",
            name,
            new()
            {
                ["units"] = units,
                ["activation"] = activation,
                ["use_bias"] = hasBias,
                ["kernel_initializer"] = KerasGraphWriter.Initializer("GlorotUniform"),
                ["bias_initializer"] = KerasGraphWriter.Initializer("Zeros"),
                ["kernel_regularizer"] = null,
                ["bias_regularizer"] = null,
                ["kernel_constraint"] = null,
                ["bias_constraint"] = null,
                ["quantization_config"] = null,
            },
            [.. graph.Shape[..^1], units]
        );

    private static JsonObject Compilation(OptimizerState optimizer) =>
        new()
        {
            ["optimizer"] = new JsonObject
            {
                ["module"] = "keras.optimizers",
                ["class_name"] = "Adam",
                ["config"] = new JsonObject
                {
                    ["name"] = "adam",
                    ["learning_rate"] = KerasGraphWriter.Real(optimizer.LearningRate),
                    ["weight_decay"] = null,
                    ["clipnorm"] = null,
                    ["global_clipnorm"] = null,
                    ["clipvalue"] = null,
                    ["use_ema"] = false,
                    ["ema_momentum"] = 0.99,
                    ["ema_overwrite_frequency"] = null,
                    ["loss_scale_factor"] = null,
                    ["gradient_accumulation_steps"] = null,
                    ["beta_1"] = KerasGraphWriter.Real(optimizer.Beta1),
                    ["beta_2"] = KerasGraphWriter.Real(optimizer.Beta2),
                    ["epsilon"] = KerasGraphWriter.Real(optimizer.Epsilon),
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
