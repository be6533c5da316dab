using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;

namespace AttnCrnn.Models.Keras;

/// <summary>The layers, with the options that Keras writes.</summary>
internal static partial class KerasConfig
{
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
        var input = graph.LastLayer;
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
            input,
            input
        );
        if (network.HasResidual)
            graph.CreateLayer("Add", "add", [], graph.LastLayer, input);
        if (!network.HasLayerNorm)
            return;
        graph.Layer(
            "LayerNormalization",
            "layer_normalization",
            new()
            {
                ["axis"] = new JsonArray(-1),
                ["epsilon"] = LayerNorm.Epsilon,
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
                    ["momentum"] = BatchNorm.Momentum,
                    ["epsilon"] = BatchNorm.Epsilon,
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
        // Keras' activation named gelu is the exact one; the tanh approximation is an operator of keras.ops.
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
}
