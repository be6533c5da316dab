using System.Text.Json;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>Recognizes the network in a graph of Keras layers, by connections and options and never by names.</summary>
internal sealed class KerasNetworkReader
{
    private readonly string file;
    private readonly KerasLayerCursor cursor;
    private readonly List<string> notices = [];
    private readonly List<(string Name, string Path)> tensors = [];

    private KerasNetworkReader(string file, KerasGraph graph)
    {
        this.file = file;
        cursor = new(file, graph);
    }

    /// <param name="file">File name for error messages.</param>
    /// <exception cref="InvalidFileException">
    /// The graph is a different network; the message names the first layer that does not match.
    /// </exception>
    public static KerasNetwork Read(string file, KerasGraph graph) => new KerasNetworkReader(file, graph).Run();

    private KerasNetwork Run()
    {
        var (fixedFrames, shape) = Input();
        var normalization = cursor.NextIs("Normalization") ? Normalization(shape) : null;
        if (shape.Length == 2)
            Mix(shape);
        var conv1 = Convolution("conv1d");
        var conv2 = Convolution("conv1d_1");
        var (units, lstmDropout, recurrentDropout) = Recurrent();
        var dropout = Dropout();
        var (attention, hasResidual) = cursor.TakeAttention();
        var hasScale = Attention(attention);
        var hasLayerNorm = cursor.NextIs("LayerNormalization");
        if (hasLayerNorm)
            LayerNorm();
        Options(cursor.Take("a GlobalAveragePooling1D", "GlobalAveragePooling1D"))
            .Require("data_format", "\"channels_last\"")
            .Require("keepdims", "false")
            .RejectUnknown();
        var hidden = cursor.Take("a Dense", "Dense");
        var (dense, activationName) = ReadDense(hidden, "dense");
        var hasBatchNorm = activationName.Length == 0 && cursor.NextIs("BatchNormalization");
        if (hasBatchNorm)
            BatchNorm();
        var activation = new KerasActivation(file, cursor, notices).Hidden(hidden, activationName);
        var headDropout = Dropout();
        var last = cursor.Take("a Dense", "Dense");
        var (classes, outputActivation) = ReadDense(last, "dense_1");
        new KerasActivation(file, cursor, notices).Softmax(last, outputActivation);
        cursor.End();
        var options = new NetworkOptions(shape[^1], classes)
        {
            Layers = shape.Length == 2 ? shape[0] : 1,
            Conv1Filters = conv1,
            Conv2Filters = conv2,
            LstmUnits = units,
            DenseUnits = dense,
            LstmDropout = lstmDropout,
            RecurrentDropout = recurrentDropout,
            Dropout = dropout,
            HeadDropout = headDropout,
            HasAttentionScale = hasScale,
            HasResidual = hasResidual,
            HasLayerNorm = hasLayerNorm,
            HasBatchNorm = hasBatchNorm,
            Activation = activation,
        };
        if (options.Errors().FirstOrDefault() is { } error)
            throw new InvalidFileException(file, null, error, "a network of a supported size", KerasGraph.Remedy);
        var paths = tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Path);
        return new(
            options,
            cursor.InputName,
            fixedFrames,
            normalization,
            [.. Parameters.Shapes(options).Select(shape => (shape.Name, paths[shape.Name]))],
            notices
        );
    }

    // [batch, frames, width], or [batch, frames, layers, width].
    private (int FixedFrames, int[] Shape) Input()
    {
        var options = Options(cursor.Current)
            .Require("sparse", "false")
            .Require("ragged", "false")
            .Require("optional", "false");
        var value = options.Raw("batch_shape");
        options.RejectUnknown();
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is not (3 or 4))
            throw options.UnsupportedOption("batch_shape", "[null, frames, width]");
        int[] sizes = [.. value.EnumerateArray().Select(Size)];
        if (sizes[0] != 0 || sizes.Contains(-1) || sizes.AsSpan(2).Contains(0))
            throw options.UnsupportedOption("batch_shape", "[null, frames or null, width]");
        if (sizes[1] is > 0 and < NetworkOptions.MinFrames or > NetworkOptions.MaxPadding)
            throw options.UnsupportedOption(
                "batch_shape",
                $"at least {NetworkOptions.MinFrames} frames, and at most {NetworkOptions.MaxPadding}"
            );
        return (sizes[1], sizes[2..]);
    }

    // 0 for any size (null), -1 if invalid.
    private static int Size(JsonElement value) =>
        value.ValueKind == JsonValueKind.Null ? 0
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var size) && size > 0 ? size
        : -1;

    private KerasLayer Normalization(int[] shape)
    {
        var layer = cursor.Take("a Normalization", "Normalization");
        var options = Options(layer)
            .Require("axis", shape.Length == 1 ? "[-1]|[2]|-1|2" : "[-2,-1]|[2,3]", missing: "-1")
            .Require("invert", "false");
        _ = (options.Raw("mean"), options.Raw("variance"));
        options.RejectUnknown();
        return layer;
    }

    private void Mix(int[] shape)
    {
        Options(cursor.Take("a Permute of layers and width", "Permute"))
            .Require("dims", "[1,3,2]", missing: "")
            .RejectUnknown();
        var mix = cursor.Take("a Dense that mixes the layers", "Dense");
        Options(mix)
            .Require("units", "1", missing: "")
            .Require("use_bias", "false", missing: "true")
            .Require("activation", "\"linear\"|null")
            .RejectUnknown();
        Tensors(mix, LayerMix.KernelName);
        Options(cursor.Take("a Reshape to frames", "Reshape"))
            .Require("target_shape", $"[-1,{shape[1]}]", missing: "")
            .RejectUnknown();
    }

    private int Convolution(string name)
    {
        var layer = cursor.Take("a Conv1D", "Conv1D");
        var options = Options(layer)
            .Require("kernel_size", $"[{ConvPool.Taps}]", missing: "")
            .Require("strides", "[1]|1")
            .Require("padding", "\"same\"", missing: "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .Require("dilation_rate", "[1]|1")
            .Require("groups", "1")
            .Require("use_bias", "true");
        var (filters, activation) = (options.PositiveInt("filters"), options.Text("activation"));
        options.RejectUnknown();
        new KerasActivation(file, cursor, notices).Rectifier(layer, activation);
        Tensors(layer, name + "/kernel", name + "/bias");
        Options(cursor.Take("a MaxPooling1D", "MaxPooling1D"))
            .Require("pool_size", "[2]|2")
            .Require("strides", "[2]|2|null")
            .Require("padding", "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .RejectUnknown();
        return filters;
    }

    private (int Units, double Dropout, double RecurrentDropout) Recurrent()
    {
        var layer = cursor.Take("a Bidirectional LSTM", "Bidirectional");
        var options = Options(layer).Require("merge_mode", "\"concat\"");
        var (forward, backward) = (
            Direction(layer, options, "layer", backwards: false),
            Direction(layer, options, "backward_layer", backwards: true)
        );
        options.RejectUnknown();
        if (forward != backward)
            throw options.UnsupportedOption("backward_layer", "the same units and dropouts in both directions");
        foreach (var direction in (string[])["forward", "backward"])
            Tensors(
                $"{layer.Folder}/{direction}_layer/cell",
                [
                    .. ((string[])["kernel", "recurrent_kernel", "bias"]).Select(tensor =>
                        $"bidirectional/{direction}_lstm/lstm_cell/{tensor}"
                    ),
                ]
            );
        return forward;
    }

    private (int Units, double Dropout, double RecurrentDropout) Direction(
        KerasLayer layer,
        KerasOptions kerasOptions,
        string name,
        bool backwards
    )
    {
        var value = kerasOptions.Raw(name);
        if (
            value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("class_name", out var kind)
            || kind.ValueKind != JsonValueKind.String
            || !kind.ValueEquals("LSTM")
            || !value.TryGetProperty("config", out var config)
            || config.ValueKind != JsonValueKind.Object
        )
            throw kerasOptions.UnsupportedOption(name, "an LSTM");
        var options = new KerasOptions(file, layer, config)
            .Require("return_sequences", "true", missing: "false")
            .Require("go_backwards", backwards ? "true" : "false", missing: "false")
            .Require("activation", "\"tanh\"")
            .Require("recurrent_activation", "\"sigmoid\"")
            .Require("use_bias", "true");
        var result = (
            options.PositiveInt("units"),
            options.UnitInterval("dropout"),
            options.UnitInterval("recurrent_dropout")
        );
        options.RejectUnknown();
        return result;
    }

    private double Dropout()
    {
        if (!cursor.NextIs("Dropout"))
            return 0;
        var options = Options(cursor.Take("a Dropout", "Dropout"));
        var rate = options.UnitInterval("rate");
        options.RejectUnknown();
        return rate;
    }

    private bool Attention(KerasLayer layer)
    {
        var options = Options(layer)
            .Require("score_mode", "\"dot\"")
            .Require("dropout", "0.0|0")
            .Require("use_scale", "true|false", missing: "false");
        var hasScale = options.Raw("use_scale").ValueKind == JsonValueKind.True;
        options.RejectUnknown();
        if (hasScale)
            Tensors(layer, "attention/scale");
        return hasScale;
    }

    private void LayerNorm()
    {
        var layer = cursor.Take("a LayerNormalization", "LayerNormalization");
        Options(layer)
            .Require("axis", "[-1]|-1|[2]|2")
            .Require("epsilon", "0.001")
            .Require("center", "true")
            .Require("scale", "true")
            .Require("rms_scaling", "false")
            .RejectUnknown();
        Tensors(layer, "layer_normalization/gamma", "layer_normalization/beta");
    }

    private void BatchNorm()
    {
        var layer = cursor.Take("a BatchNormalization", "BatchNormalization");
        Options(layer)
            .Require("axis", "-1|[-1]|1|[1]")
            .Require("epsilon", "0.001")
            .Require("momentum", "0.99")
            .Require("center", "true")
            .Require("scale", "true")
            .RejectUnknown();
        Tensors(
            layer,
            "batch_normalization/gamma",
            "batch_normalization/beta",
            "batch_normalization/moving_mean",
            "batch_normalization/moving_variance"
        );
    }

    private (int Units, string Activation) ReadDense(KerasLayer layer, string name)
    {
        var options = Options(layer).Require("use_bias", "true");
        var (units, activation) = (options.PositiveInt("units"), options.Text("activation"));
        options.RejectUnknown();
        Tensors(layer, name + "/kernel", name + "/bias");
        return (units, activation == "linear" ? "" : activation);
    }

    private KerasOptions Options(KerasLayer layer) => new(file, layer);

    private void Tensors(KerasLayer layer, params string[] names) => Tensors(layer.Folder, names);

    private void Tensors(string folder, string[] names) =>
        tensors.AddRange(names.Select((name, i) => (name, $"{folder}/vars/{i}")));
}
