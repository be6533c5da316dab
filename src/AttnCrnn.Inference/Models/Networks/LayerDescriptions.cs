using System.Text.Json.Nodes;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Networks;

/// <summary>Describes the layers of a network as JSON, each with the names of its tensors (docs/models.md).</summary>
internal sealed class LayerDescriptions : ILayerVisitor
{
    private readonly List<JsonNode> layers = [];

    /// <summary>The layers so far.</summary>
    public IReadOnlyList<JsonNode> All => layers;

    /// <summary>Creates the description of a layer.</summary>
    public static JsonObject Create(string type, params (string Key, JsonNode? Value)[] fields) =>
        CreateObject([("type", type), .. fields]);

    /// <summary>Adds a step that is no layer of the network.</summary>
    public void Add(JsonNode layer) => layers.Add(layer);

    /// <inheritdoc/>
    public void Visit(LayerWeightingDeclaration layer, string name) =>
        Add("encoder_layer_sum", ("encoder_layers", layer.Layers), Name("kernel", name, TensorNames.KernelPart));

    /// <inheritdoc/>
    public void Visit(ConvPoolDeclaration layer, string name)
    {
        Add(
            "conv1d",
            ("filters", layer.Filters),
            ("taps", ConvPool.Taps),
            Name("kernel", name, TensorNames.KernelPart),
            Name("bias", name, TensorNames.BiasPart)
        );
        AddActivation(HeadActivation.Relu);
        Add("max_pooling1d", ("size", 2));
    }

    /// <inheritdoc/>
    public void Visit(BidirectionalLstmDeclaration layer, string name) =>
        Add(
            "bidirectional_lstm",
            ("units", layer.Units),
            ("dropout", layer.InputDropout),
            ("recurrent_dropout", layer.RecurrentDropout),
            ("forward", CreateCell($"{name}/{TensorNames.ForwardCellPart}")),
            ("backward", CreateCell($"{name}/{TensorNames.BackwardCellPart}"))
        );

    /// <inheritdoc/>
    public void Visit(DropoutDeclaration layer, string name) => Add("dropout", ("rate", layer.Rate));

    /// <inheritdoc/>
    public void Visit(SelfAttentionDeclaration layer, string name) =>
        Add(
            "self_attention",
            ("scale", layer.HasScale ? $"{name}/{TensorNames.ScalePart}" : null),
            ("residual", layer.HasResidual)
        );

    /// <inheritdoc/>
    public void Visit(LayerNormDeclaration layer, string name) =>
        Add(
            "layer_normalization",
            ("epsilon", LayerNorm.Epsilon),
            Name("gamma", name, TensorNames.GammaPart),
            Name("beta", name, TensorNames.BetaPart)
        );

    /// <inheritdoc/>
    public void Visit(MeanOverTimeDeclaration layer, string name) => Add("mean_over_time");

    /// <inheritdoc/>
    public void Visit(StatisticsOverTimeDeclaration layer, string name) =>
        Add("statistics_over_time", ("epsilon", StatisticsOverTime.Epsilon));

    /// <inheritdoc/>
    public void Visit(AttentivePoolingDeclaration layer, string name) =>
        Add("attentive_pooling", Name("kernel", name, TensorNames.KernelPart));

    /// <inheritdoc/>
    public void Visit(DenseDeclaration layer, string name) =>
        Add(
            "dense",
            ("units", layer.Units),
            Name("kernel", name, TensorNames.KernelPart),
            Name("bias", name, TensorNames.BiasPart)
        );

    /// <inheritdoc/>
    public void Visit(BatchNormDeclaration layer, string name) =>
        Add(
            "batch_normalization",
            ("epsilon", BatchNorm.Epsilon),
            Name("gamma", name, TensorNames.GammaPart),
            Name("beta", name, TensorNames.BetaPart),
            Name("moving_mean", name, TensorNames.MeanPart),
            Name("moving_variance", name, TensorNames.VariancePart)
        );

    /// <inheritdoc/>
    public void Visit(ActivationDeclaration layer, string name) => AddActivation(layer.Kind);

    private void Add(string type, params (string Key, JsonNode? Value)[] fields) => Add(Create(type, fields));

    private void AddActivation(HeadActivation activation) => Add(HeadActivations.Format(activation));

    private static JsonObject CreateCell(string path) =>
        CreateObject(
            Name("kernel", path, TensorNames.KernelPart),
            Name("recurrent_kernel", path, TensorNames.RecurrentKernelPart),
            Name("bias", path, TensorNames.BiasPart)
        );

    private static (string Key, JsonNode? Value) Name(string key, string layer, string part) =>
        (key, $"{layer}/{part}");

    private static JsonObject CreateObject(params (string Key, JsonNode? Value)[] fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Key, field.Value)));
}
