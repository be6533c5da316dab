using AttnCrnn.IO;
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
        var conv1 = Convolution(TensorNames.Conv1);
        var conv2 = Convolution(TensorNames.Conv2);
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
        var (dense, activationName) = ReadDense(hidden, TensorNames.HiddenDense);
        var hasBatchNorm = activationName.Length == 0 && cursor.NextIs("BatchNormalization");
        if (hasBatchNorm)
            BatchNorm();
        var activation = new KerasActivation(cursor, notices).Hidden(hidden, activationName);
        var headDropout = Dropout();
        var last = cursor.Take("a Dense", "Dense");
        var (classes, outputActivation) = ReadDense(last, TensorNames.OutputDense);
        new KerasActivation(cursor, notices).Softmax(last, outputActivation);
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
        if (value is not { IsArray: true, Count: 3 or 4 })
            throw options.UnsupportedOption("batch_shape", "[null, frames, width]");
        int[] sizes = [.. value.Items.Select(Size)];
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
    private static int Size(JsonCursor value) =>
        value.IsNull ? 0
        : value.AsInt32() is { } size and > 0 ? size
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
        Tensors(mix, TensorNames.MixKernel);
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
        new KerasActivation(cursor, notices).Rectifier(layer, activation);
        Tensors(layer, TensorNames.Kernel(name), TensorNames.Bias(name));
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
        Cell(KerasPaths.Cell(layer.Folder, KerasPaths.Forward), TensorNames.ForwardCell);
        Cell(KerasPaths.Cell(layer.Folder, KerasPaths.Backward), TensorNames.BackwardCell);
        return forward;

        void Cell(string folder, string name) =>
            Tensors(folder, [TensorNames.Kernel(name), TensorNames.RecurrentKernel(name), TensorNames.Bias(name)]);
    }

    private static (int Units, double Dropout, double RecurrentDropout) Direction(
        KerasLayer layer,
        KerasOptions kerasOptions,
        string name,
        bool backwards
    )
    {
        var value = kerasOptions.Raw(name);
        if (value?.Find("class_name")?.AsString() != "LSTM" || value.Find("config") is not { IsObject: true } config)
            throw kerasOptions.UnsupportedOption(name, "an LSTM");
        var options = new KerasOptions(layer, config)
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
            .Require("dropout", "0")
            .Require("use_scale", "true|false", missing: "false");
        var hasScale = options.Raw("use_scale")?.AsBoolean() == true;
        options.RejectUnknown();
        if (hasScale)
            Tensors(layer, TensorNames.AttentionScale);
        return hasScale;
    }

    private void LayerNorm()
    {
        var layer = cursor.Take("a LayerNormalization", "LayerNormalization");
        Options(layer)
            .Require("axis", "[-1]|-1|[2]|2")
            .Require("epsilon", KerasOptions.Json(Layers.LayerNorm.Epsilon))
            .Require("center", "true")
            .Require("scale", "true")
            .Require("rms_scaling", "false")
            .RejectUnknown();
        Tensors(layer, TensorNames.LayerNormGamma, TensorNames.LayerNormBeta);
    }

    private void BatchNorm()
    {
        var layer = cursor.Take("a BatchNormalization", "BatchNormalization");
        Options(layer)
            .Require("axis", "-1|[-1]|1|[1]")
            .Require("epsilon", KerasOptions.Json(Layers.BatchNorm.Epsilon))
            .Require("momentum", KerasOptions.Json(Layers.BatchNorm.Momentum))
            .Require("center", "true")
            .Require("scale", "true")
            .RejectUnknown();
        Tensors(
            layer,
            TensorNames.BatchNormGamma,
            TensorNames.BatchNormBeta,
            TensorNames.BatchNormMean,
            TensorNames.BatchNormVariance
        );
    }

    private (int Units, string Activation) ReadDense(KerasLayer layer, string name)
    {
        var options = Options(layer).Require("use_bias", "true");
        var (units, activation) = (options.PositiveInt("units"), options.Text("activation"));
        options.RejectUnknown();
        Tensors(layer, TensorNames.Kernel(name), TensorNames.Bias(name));
        return (units, activation == "linear" ? "" : activation);
    }

    private static KerasOptions Options(KerasLayer layer) => new(layer);

    private void Tensors(KerasLayer layer, params string[] names) => Tensors(layer.Folder, names);

    private void Tensors(string folder, string[] names) =>
        tensors.AddRange(names.Select((name, i) => (name, KerasPaths.Variable(folder, i))));
}
