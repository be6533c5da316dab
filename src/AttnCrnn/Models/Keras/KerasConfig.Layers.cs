using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;

namespace AttnCrnn.Models.Keras;

/// <summary>The layers, with the options that Keras writes.</summary>
internal static partial class KerasConfig
{
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

    private static void AddLayerWeighting(KerasGraphWriter graph, NetworkOptions network)
    {
        var frames = graph.Shape[1];
        graph.AddLayer(
            "Permute",
            $"{TensorNames.LayerMix}_permute",
            new() { ["dims"] = new JsonArray(1, 3, 2) },
            [null, frames, network.Width, network.EncoderLayers]
        );
        AddDense(graph, TensorNames.LayerMix, 1, "linear", hasBias: false);
        graph.AddLayer(
            "Reshape",
            $"{TensorNames.LayerMix}_reshape",
            new() { ["target_shape"] = new JsonArray(-1, network.Width) },
            [null, frames, network.Width],
            isBuilt: false
        );
    }

    private static void AddConvolution(KerasGraphWriter graph, int filters, string name, string poolName)
    {
        var frames = graph.Shape[1];
        graph.AddLayer(
            "Conv1D",
            name,
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
                ["kernel_initializer"] = KerasGraphWriter.CreateInitializer("GlorotUniform"),
                ["bias_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                ["kernel_regularizer"] = null,
                ["bias_regularizer"] = null,
                ["activity_regularizer"] = null,
                ["kernel_constraint"] = null,
                ["bias_constraint"] = null,
            },
            [null, frames, filters]
        );
        graph.AddLayer(
            "MaxPooling1D",
            poolName,
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

    private static void AddLstm(KerasGraphWriter graph, NetworkOptions network)
    {
        JsonObject CreateDirection(string name, bool backwards) =>
            graph.CreateNestedLayer(
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
                    ["kernel_initializer"] = KerasGraphWriter.CreateInitializer("GlorotUniform"),
                    ["recurrent_initializer"] = KerasGraphWriter.CreateInitializer("Orthogonal"),
                    ["bias_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                    ["unit_forget_bias"] = true,
                    ["kernel_regularizer"] = null,
                    ["recurrent_regularizer"] = null,
                    ["bias_regularizer"] = null,
                    ["activity_regularizer"] = null,
                    ["kernel_constraint"] = null,
                    ["recurrent_constraint"] = null,
                    ["bias_constraint"] = null,
                    ["dropout"] = KerasGraphWriter.CreateReal(network.LstmDropout),
                    ["recurrent_dropout"] = KerasGraphWriter.CreateReal(network.RecurrentDropout),
                    ["seed"] = null,
                }
            );
        graph.AddLayer(
            "Bidirectional",
            TensorNames.Bidirectional,
            new()
            {
                ["merge_mode"] = "concat",
                ["layer"] = CreateDirection(TensorNames.Forward, false),
                ["backward_layer"] = CreateDirection(TensorNames.Backward, true),
            },
            [null, graph.Shape[1], 2 * network.LstmUnits],
            call: new() { ["mask"] = null }
        );
    }

    private static void AddDropout(KerasGraphWriter graph, string name, double rate) =>
        graph.AddLayer(
            "Dropout",
            name,
            new()
            {
                ["rate"] = KerasGraphWriter.CreateReal(rate),
                ["seed"] = null,
                ["noise_shape"] = null,
            },
            isBuilt: false,
            call: new() { ["training"] = false }
        );

    private static void AddAttention(KerasGraphWriter graph, NetworkOptions network)
    {
        var input = graph.LastLayer;
        graph.AddMergeLayer(
            "Attention",
            TensorNames.Attention,
            new()
            {
                ["use_scale"] = network.HasAttentionScale,
                ["score_mode"] = "dot",
                ["dropout"] = KerasGraphWriter.CreateReal(0),
                ["seed"] = null,
            },
            input,
            input
        );
        if (network.HasResidual)
            graph.AddMergeLayer("Add", "add", [], graph.LastLayer, input);
        if (!network.HasLayerNorm)
            return;
        graph.AddLayer(
            "LayerNormalization",
            TensorNames.LayerNorm,
            new()
            {
                ["axis"] = new JsonArray(-1),
                ["epsilon"] = LayerNorm.Epsilon,
                ["center"] = true,
                ["scale"] = true,
                ["rms_scaling"] = false,
                ["beta_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                ["gamma_initializer"] = KerasGraphWriter.CreateInitializer("Ones"),
                ["beta_regularizer"] = null,
                ["gamma_regularizer"] = null,
                ["beta_constraint"] = null,
                ["gamma_constraint"] = null,
            }
        );
    }

    private static void AddHead(KerasGraphWriter graph, NetworkOptions network)
    {
        AddDense(graph, TensorNames.HiddenDense, network.DenseUnits, "linear");
        if (network.HasBatchNorm)
        {
            graph.AddLayer(
                "BatchNormalization",
                TensorNames.BatchNorm,
                new()
                {
                    ["axis"] = -1,
                    ["momentum"] = BatchNorm.Momentum,
                    ["epsilon"] = BatchNorm.Epsilon,
                    ["center"] = true,
                    ["scale"] = true,
                    ["beta_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                    ["gamma_initializer"] = KerasGraphWriter.CreateInitializer("Ones"),
                    ["moving_mean_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                    ["moving_variance_initializer"] = KerasGraphWriter.CreateInitializer("Ones"),
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
            graph.AddOperator("keras.src.ops.nn", "Gelu", "gelu", new() { ["approximate"] = true });
        else
            graph.AddLayer(
                "Activation",
                "activation",
                new() { ["activation"] = network.Activation == HeadActivation.Gelu ? "gelu" : "relu" },
                isBuilt: false
            );
        AddDropout(graph, "dropout_1", network.HeadDropout);
        AddDense(graph, TensorNames.OutputDense, network.Classes, "softmax");
    }

    private static void AddDense(
        KerasGraphWriter graph,
        string name,
        int units,
        string activation,
        bool hasBias = true
    ) =>
        graph.AddLayer(
            "Dense",
            name,
            new()
            {
                ["units"] = units,
                ["activation"] = activation,
                ["use_bias"] = hasBias,
                ["kernel_initializer"] = KerasGraphWriter.CreateInitializer("GlorotUniform"),
                ["bias_initializer"] = KerasGraphWriter.CreateInitializer("Zeros"),
                ["kernel_regularizer"] = null,
                ["bias_regularizer"] = null,
                ["kernel_constraint"] = null,
                ["bias_constraint"] = null,
                ["quantization_config"] = null,
            },
            [.. graph.Shape[..^1], units]
        );
}
