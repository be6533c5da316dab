using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Takes the layers of a network from a graph of Keras layers, with their sizes and the paths of their tensors.
/// </summary>
/// <param name="notices">Receives warnings.</param>
/// <param name="options">The version, and the shape of the input.</param>
internal sealed class KerasLayerReader(KerasLayerCursor cursor, List<string> notices, NetworkOptions options)
    : ILayerVisitor
{
    private readonly List<(string Name, string Path)> tensors = [];
    private KerasLayer? dense; // the last one, whose activation is its own or a layer after it
    private string denseActivation = "";

    /// <summary>The options with the sizes that were read.</summary>
    public NetworkOptions Options => options;

    /// <summary>Path of each tensor in model.weights.h5.</summary>
    public IReadOnlyList<(string Name, string Path)> Tensors => tensors;

    /// <inheritdoc/>
    public void Visit(LayerWeightingDeclaration layer, string name)
    {
        ReadOptions(cursor.Take("a Permute of layers and width", "Permute"))
            .Require("dims", "[1,3,2]", defaultValue: "")
            .RejectUnknown();
        var weightingLayer = cursor.Take("a Dense that computes the weighted sum of the layers", "Dense");
        ReadOptions(weightingLayer)
            .Require("units", "1", defaultValue: "")
            .Require("use_bias", "false", defaultValue: "true")
            .Require("activation", "\"linear\"|null")
            .RejectUnknown();
        AddTensors(weightingLayer, name, TensorNames.KernelPart);
        ReadOptions(cursor.Take("a Reshape to frames", "Reshape"))
            .Require("target_shape", $"[-1,{options.Width}]", defaultValue: "")
            .RejectUnknown();
    }

    /// <inheritdoc/>
    public void Visit(ConvPoolDeclaration layer, string name)
    {
        var convolution = cursor.Take("a Conv1D", "Conv1D");
        var kerasOptions = ReadOptions(convolution)
            .Require("kernel_size", $"[{ConvPool.Taps}]", defaultValue: "")
            .Require("strides", "[1]|1")
            .Require("padding", "\"same\"", defaultValue: "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .Require("dilation_rate", "[1]|1")
            .Require("groups", "1")
            .Require("use_bias", "true");
        var filters = kerasOptions.GetPositiveInt32("filters");
        var activation = kerasOptions.GetString("activation");
        kerasOptions.RejectUnknown();
        new KerasActivation(cursor, notices).ReadRectifier(convolution, activation);
        AddTensors(convolution, name, TensorNames.KernelPart, TensorNames.BiasPart);
        ReadOptions(cursor.Take("a MaxPooling1D", "MaxPooling1D"))
            .Require("pool_size", "[2]|2")
            .Require("strides", "[2]|2|null")
            .Require("padding", "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .RejectUnknown();
        options =
            name == layer.BaseName ? options with { Conv1Filters = filters } : options with { Conv2Filters = filters };
    }

    /// <inheritdoc/>
    public void Visit(BidirectionalLstmDeclaration layer, string name)
    {
        var recurrent = cursor.Take("a Bidirectional LSTM", "Bidirectional");
        var kerasOptions = ReadOptions(recurrent).Require("merge_mode", "\"concat\"");
        var forward = ReadDirection(recurrent, kerasOptions, "layer", backwards: false);
        // Keras 2 writes the backward layer only if it is not a copy of the forward one.
        var backward = kerasOptions.GetRaw("backward_layer") is { IsNull: false }
            ? ReadDirection(recurrent, kerasOptions, "backward_layer", backwards: true)
            : forward;
        kerasOptions.RejectUnknown();
        if (forward != backward)
            throw kerasOptions.CreateUnsupportedOptionError(
                "backward_layer",
                "the same units and dropouts in both directions"
            );
        AddCell(KerasPaths.Forward, TensorNames.ForwardCellPart);
        AddCell(KerasPaths.Backward, TensorNames.BackwardCellPart);
        options = options with
        {
            LstmUnits = forward.Units,
            LstmDropout = forward.InputDropout,
            RecurrentDropout = forward.RecurrentDropout,
        };

        void AddCell(string direction, string part) =>
            AddTensors(
                KerasPaths.GetCell(recurrent.Folder, direction),
                $"{name}/{part}",
                [TensorNames.KernelPart, TensorNames.RecurrentKernelPart, TensorNames.BiasPart]
            );
    }

    /// <inheritdoc/>
    public void Visit(DropoutDeclaration layer, string name)
    {
        var rate = 0.0;
        if (cursor.NextIs("Dropout"))
        {
            var kerasOptions = ReadOptions(cursor.Take("a Dropout", "Dropout"));
            rate = kerasOptions.GetRate("rate");
            kerasOptions.RejectUnknown();
        }
        options = name == layer.BaseName ? options with { Dropout = rate } : options with { HeadDropout = rate };
    }

    /// <inheritdoc/>
    public void Visit(SelfAttentionDeclaration layer, string name)
    {
        var (attention, hasResidual) = cursor.TakeAttention();
        var kerasOptions = ReadOptions(attention)
            .Require("score_mode", "\"dot\"")
            .Require("dropout", "0")
            .Require("use_scale", "true|false", defaultValue: "false");
        var hasScale = kerasOptions.GetRaw("use_scale")?.AsBoolean() == true;
        kerasOptions.RejectUnknown();
        if (hasScale)
            AddTensors(attention, name, TensorNames.ScalePart);
        options = options with
        {
            HasAttentionScale = hasScale,

            HasResidual = hasResidual,
        };
    }

    /// <inheritdoc/>
    public void Visit(LayerNormDeclaration layer, string name)
    {
        options = options with { HasLayerNorm = cursor.NextIs("LayerNormalization") };
        if (!options.HasLayerNorm)
            return;
        ReadLayerNorm(name);
    }

    /// <inheritdoc/>
    public void Visit(MeanOverTimeDeclaration layer, string name) =>
        ReadOptions(cursor.Take("a GlobalAveragePooling1D", "GlobalAveragePooling1D"))
            .Require("data_format", "\"channels_last\"")
            .Require("keepdims", "false")
            .RejectUnknown();

    /// <inheritdoc/>
    public void Visit(StatisticsOverTimeDeclaration layer, string name) => new KerasStatistics(cursor).Read();

    /// <inheritdoc/>
    public void Visit(AttentivePoolingDeclaration layer, string name) =>
        AddTensors(new KerasAttentivePooling(cursor).Read(), name, TensorNames.KernelPart);

    /// <inheritdoc/>
    public void Visit(DenseDeclaration layer, string name)
    {
        dense = cursor.Take("a Dense", "Dense");
        var kerasOptions = ReadOptions(dense).Require("use_bias", "true");
        var units = kerasOptions.GetPositiveInt32("units");
        var activation = kerasOptions.GetString("activation");
        kerasOptions.RejectUnknown();
        AddTensors(dense, name, TensorNames.KernelPart, TensorNames.BiasPart);
        denseActivation = activation == "linear" ? "" : activation;
        options = name == layer.BaseName ? options with { DenseUnits = units } : options with { Classes = units };
    }

    /// <inheritdoc/>
    public void Visit(BatchNormDeclaration layer, string name)
    {
        var normalization =
            denseActivation.Length > 0 ? HeadNormalization.None
            : cursor.NextIs("BatchNormalization") ? HeadNormalization.Batch
            : cursor.NextIs("LayerNormalization") ? HeadNormalization.Layer
            : HeadNormalization.None;
        options = options with { HeadNormalization = normalization };
        if (normalization == HeadNormalization.Layer)
            ReadLayerNorm(name);
        if (normalization != HeadNormalization.Batch)
            return;
        var norm = cursor.Take("a BatchNormalization", "BatchNormalization");
        ReadOptions(norm)
            .Require("axis", "-1|[-1]|1|[1]")
            .Require("epsilon", KerasOptions.FormatNumber(BatchNorm.Epsilon))
            .Require("momentum", KerasOptions.FormatNumber(BatchNorm.Momentum))
            .Require("center", "true")
            .Require("scale", "true")
            .RejectUnknown();
        AddTensors(
            norm,
            name,
            TensorNames.GammaPart,
            TensorNames.BetaPart,
            TensorNames.MeanPart,
            TensorNames.VariancePart
        );
    }

    /// <inheritdoc/>
    public void Visit(ActivationDeclaration layer, string name) =>
        options = options with
        {
            Activation = new KerasActivation(cursor, notices).ReadHidden(dense!, denseActivation),
        };

    /// <summary>Takes the softmax after the last layer, or as its activation, and a temperature before it.</summary>
    /// <returns>The temperature; null if the graph has none.</returns>
    public double? ReadSoftmax() => new KerasActivation(cursor, notices).ReadSoftmax(dense!, denseActivation);

    private static (int Units, double InputDropout, double RecurrentDropout) ReadDirection(
        KerasLayer layer,
        KerasOptions layerOptions,
        string name,
        bool backwards
    )
    {
        var value = layerOptions.GetRaw(name);
        if (value?.Find("class_name")?.AsString() != "LSTM" || value.Find("config") is not { IsObject: true } config)
            throw layerOptions.CreateUnsupportedOptionError(name, "an LSTM");
        var kerasOptions = new KerasOptions(layer, config)
            .Require("return_sequences", "true", defaultValue: "false")
            .Require("go_backwards", backwards ? "true" : "false", defaultValue: "false")
            .Require("activation", "\"tanh\"")
            .Require("recurrent_activation", "\"sigmoid\"")
            .Require("implementation", "1|2|0") // how, not what it computes
            .Require("time_major", "false")
            .Require("use_bias", "true");
        var result = (
            kerasOptions.GetPositiveInt32("units"),
            kerasOptions.GetRate("dropout"),
            kerasOptions.GetRate("recurrent_dropout")
        );
        kerasOptions.RejectUnknown();
        return result;
    }

    // Of frames, [batch, time, width], or after the first Dense, [batch, width].
    private void ReadLayerNorm(string name)
    {
        var norm = cursor.Take("a LayerNormalization", "LayerNormalization");
        ReadOptions(norm)
            .Require("axis", dense is null ? "[-1]|-1|[2]|2" : "[-1]|-1|[1]|1")
            .Require("epsilon", KerasOptions.FormatNumber(LayerNorm.Epsilon))
            .Require("center", "true")
            .Require("scale", "true")
            .Require("rms_scaling", "false")
            .RejectUnknown();
        AddTensors(norm, name, TensorNames.GammaPart, TensorNames.BetaPart);
    }

    private static KerasOptions ReadOptions(KerasLayer layer) => new(layer);

    private void AddTensors(KerasLayer layer, string name, params string[] parts) =>
        AddTensors(layer.Folder, name, parts);

    private void AddTensors(string folder, string name, string[] parts) =>
        tensors.AddRange(parts.Select((part, i) => ($"{name}/{part}", KerasPaths.GetVariable(folder, i))));
}
