using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Keras;

/// <summary>Writes the layers of a network with the options that Keras writes.</summary>
/// <param name="encoderWidth">Feature dimension per encoder layer.</param>
/// <param name="outputName">Name of the last layer, which is written with the softmax.</param>
internal sealed partial class KerasLayerWriter(
    KerasGraphWriter graph,
    int encoderWidth,
    string outputName,
    double temperature
) : ILayerVisitor
{
    /// <inheritdoc/>
    public void Visit(LayerWeightingDeclaration layer, string name)
    {
        var frames = graph.Shape[1];
        graph.AddLayer(
            "Permute",
            $"{name}_permute",
            new() { ["dims"] = new JsonArray(1, 3, 2) },
            [null, frames, encoderWidth, layer.Layers]
        );
        AddDense(name, 1, "linear", hasBias: false);
        graph.AddLayer(
            "Reshape",
            $"{name}_reshape",
            new() { ["target_shape"] = new JsonArray(-1, encoderWidth) },
            [null, frames, encoderWidth],
            isBuilt: false
        );
    }

    /// <inheritdoc/>
    public void Visit(ConvPoolDeclaration layer, string name)
    {
        var filters = layer.Filters;
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
            name.Replace(layer.BaseName, "max_pooling1d", StringComparison.Ordinal),
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

    /// <inheritdoc/>
    public void Visit(BidirectionalLstmDeclaration layer, string name)
    {
        JsonObject CreateDirection(string direction, bool backwards) =>
            graph.CreateNestedLayer(
                "LSTM",
                direction,
                new()
                {
                    ["return_sequences"] = true,
                    ["return_state"] = false,
                    ["go_backwards"] = backwards,
                    ["stateful"] = false,
                    ["unroll"] = false,
                    ["zero_output_for_mask"] = true,
                    ["units"] = layer.Units,
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
                    ["dropout"] = KerasGraphWriter.CreateReal(layer.InputDropout),
                    ["recurrent_dropout"] = KerasGraphWriter.CreateReal(layer.RecurrentDropout),
                    ["seed"] = null,
                }
            );
        graph.AddLayer(
            "Bidirectional",
            name,
            new()
            {
                ["merge_mode"] = "concat",
                ["layer"] = CreateDirection(TensorNames.Forward, false),
                ["backward_layer"] = CreateDirection(TensorNames.Backward, true),
            },
            [null, graph.Shape[1], 2 * layer.Units],
            call: WithoutMask
        );
    }

    /// <inheritdoc/>
    public void Visit(DropoutDeclaration layer, string name) =>
        graph.AddLayer(
            "Dropout",
            name,
            new()
            {
                ["rate"] = KerasGraphWriter.CreateReal(layer.Rate),
                ["seed"] = null,
                ["noise_shape"] = null,
            },
            isBuilt: false,
            call: new() { ["training"] = false }
        );

    /// <inheritdoc/>
    public void Visit(SelfAttentionDeclaration layer, string name)
    {
        var input = graph.LastLayer;
        graph.AddMergeLayer(
            "Attention",
            name,
            new()
            {
                ["use_scale"] = layer.HasScale,
                ["score_mode"] = "dot",
                ["dropout"] = KerasGraphWriter.CreateReal(0),
                ["seed"] = null,
            },
            input,
            input
        );
        if (layer.HasResidual)
            graph.AddMergeLayer("Add", "add", [], graph.LastLayer, input);
    }

    /// <inheritdoc/>
    public void Visit(LayerNormDeclaration layer, string name) =>
        graph.AddLayer(
            "LayerNormalization",
            name,
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

    /// <inheritdoc/>
    public void Visit(DenseDeclaration layer, string name)
    {
        if (name == outputName)
            AddOutput(layer.Units);
        else
            AddDense(name, layer.Units, "linear");
    }

    /// <inheritdoc/>
    public void Visit(BatchNormDeclaration layer, string name)
    {
        graph.AddLayer(
            "BatchNormalization",
            name,
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
            call: WithoutMask
        );
    }

    /// <inheritdoc/>
    public void Visit(ActivationDeclaration layer, string name)
    {
        // Keras' activation named gelu is the exact one; the tanh approximation is an operator of keras.ops.
        if (layer.Kind == HeadActivation.GeluTanh)
            graph.AddOperator("keras.src.ops.nn", "Gelu", "gelu", new() { ["approximate"] = true });
        else
            graph.AddLayer(
                "Activation",
                name,
                new()
                {
                    ["activation"] = layer.Kind switch
                    {
                        HeadActivation.Gelu => "gelu",
                        HeadActivation.Relu => "relu",
                        var other => throw new InvalidOperationException($"unsupported activation {other}"),
                    },
                },
                isBuilt: false
            );
    }

    private static JsonObject WithoutMask => new() { ["mask"] = null };

    // The temperature is a layer, not divided into the weights: these stay as they were trained, for this program and
    // for Keras' optimizer. The names are those that Keras gives to such layers.
    private void AddOutput(int classes)
    {
        if (temperature == 1)
        {
            AddDense(outputName, classes, "softmax");
            return;
        }
        AddDense(outputName, classes, "linear");
        graph.AddLayer(
            "Rescaling",
            "rescaling",
            new()
            {
                ["scale"] = KerasGraphWriter.CreateReal(KerasTemperature.GetScale(temperature)),
                ["offset"] = KerasGraphWriter.CreateReal(0),
            }
        );
        graph.AddLayer("Softmax", "softmax", new() { ["axis"] = -1 }, isBuilt: false, call: WithoutMask);
    }

    private void AddDense(string name, int units, string activation, bool hasBias = true) =>
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
