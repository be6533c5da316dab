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
        var (fixedFrames, shape) = ReadInput();
        var normalization = cursor.NextIs("Normalization") ? ReadNormalization(shape) : null;
        if (shape.Length == 2)
            ReadLayerWeighting(shape);
        var conv1 = ReadConvolution(TensorNames.Conv1);
        var conv2 = ReadConvolution(TensorNames.Conv2);
        var (units, lstmDropout, recurrentDropout) = ReadLstm();
        var dropout = ReadDropout();
        var (attention, hasResidual) = cursor.TakeAttention();
        var hasScale = ReadAttention(attention);
        var hasLayerNorm = cursor.NextIs("LayerNormalization");
        if (hasLayerNorm)
            ReadLayerNorm();
        ReadOptions(cursor.Take("a GlobalAveragePooling1D", "GlobalAveragePooling1D"))
            .Require("data_format", "\"channels_last\"")
            .Require("keepdims", "false")
            .RejectUnknown();
        var hiddenLayer = cursor.Take("a Dense", "Dense");
        var (dense, activationName) = ReadDense(hiddenLayer, TensorNames.HiddenDense);
        var hasBatchNorm = activationName.Length == 0 && cursor.NextIs("BatchNormalization");
        if (hasBatchNorm)
            ReadBatchNorm();
        var activation = new KerasActivation(cursor, notices).ReadHidden(hiddenLayer, activationName);
        var headDropout = ReadDropout();
        var outputLayer = cursor.Take("a Dense", "Dense");
        var (classes, outputActivation) = ReadDense(outputLayer, TensorNames.OutputDense);
        new KerasActivation(cursor, notices).ReadSoftmax(outputLayer, outputActivation);
        cursor.RequireEnd();
        var options = new NetworkOptions(shape[^1], classes)
        {
            EncoderLayers = shape.Length == 2 ? shape[0] : 1,
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
            [.. Parameters.ListShapes(options).Select(shape => (shape.Name, paths[shape.Name]))],
            notices
        );
    }

    // [batch, frames, width], or [batch, frames, layers, width].
    private (int FixedFrames, int[] Shape) ReadInput()
    {
        var options = ReadOptions(cursor.Current)
            .Require("sparse", "false")
            .Require("ragged", "false")
            .Require("optional", "false");
        var value = options.GetRaw("batch_shape");
        options.RejectUnknown();
        if (value is not { IsArray: true, Count: 3 or 4 })
            throw options.CreateUnsupportedOptionError("batch_shape", "[null, frames, width]");
        int[] sizes = [.. value.Items.Select(ReadSize)];
        if (sizes[0] != 0 || sizes.Contains(-1) || sizes.AsSpan(2).Contains(0))
            throw options.CreateUnsupportedOptionError("batch_shape", "[null, frames or null, width]");
        if (sizes[1] is > 0 and < NetworkOptions.MinFrames or > NetworkOptions.MaxPadding)
            throw options.CreateUnsupportedOptionError(
                "batch_shape",
                $"at least {NetworkOptions.MinFrames} frames, and at most {NetworkOptions.MaxPadding}"
            );
        return (sizes[1], sizes[2..]);
    }

    // 0 for any size (null), -1 if invalid.
    private static int ReadSize(JsonCursor value) =>
        value.IsNull ? 0
        : value.AsInt32() is { } size and > 0 ? size
        : -1;

    private KerasLayer ReadNormalization(int[] shape)
    {
        var layer = cursor.Take("a Normalization", "Normalization");
        var options = ReadOptions(layer)
            .Require("axis", shape.Length == 1 ? "[-1]|[2]|-1|2" : "[-2,-1]|[2,3]", defaultValue: "-1")
            .Require("invert", "false");
        _ = (options.GetRaw("mean"), options.GetRaw("variance"));
        options.RejectUnknown();
        return layer;
    }

    private void ReadLayerWeighting(int[] shape)
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
        AddTensors(weightingLayer, TensorNames.LayerWeightingKernel);
        ReadOptions(cursor.Take("a Reshape to frames", "Reshape"))
            .Require("target_shape", $"[-1,{shape[1]}]", defaultValue: "")
            .RejectUnknown();
    }

    private int ReadConvolution(string name)
    {
        var layer = cursor.Take("a Conv1D", "Conv1D");
        var options = ReadOptions(layer)
            .Require("kernel_size", $"[{ConvPool.Taps}]", defaultValue: "")
            .Require("strides", "[1]|1")
            .Require("padding", "\"same\"", defaultValue: "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .Require("dilation_rate", "[1]|1")
            .Require("groups", "1")
            .Require("use_bias", "true");
        var filters = options.GetPositiveInt32("filters");
        var activation = options.GetString("activation");
        options.RejectUnknown();
        new KerasActivation(cursor, notices).ReadRectifier(layer, activation);
        AddTensors(layer, TensorNames.GetKernelName(name), TensorNames.GetBiasName(name));
        ReadOptions(cursor.Take("a MaxPooling1D", "MaxPooling1D"))
            .Require("pool_size", "[2]|2")
            .Require("strides", "[2]|2|null")
            .Require("padding", "\"valid\"")
            .Require("data_format", "\"channels_last\"")
            .RejectUnknown();
        return filters;
    }

    private (int Units, double Dropout, double RecurrentDropout) ReadLstm()
    {
        var layer = cursor.Take("a Bidirectional LSTM", "Bidirectional");
        var options = ReadOptions(layer).Require("merge_mode", "\"concat\"");
        var forward = ReadDirection(layer, options, "layer", backwards: false);
        var backward = ReadDirection(layer, options, "backward_layer", backwards: true);
        options.RejectUnknown();
        if (forward != backward)
            throw options.CreateUnsupportedOptionError(
                "backward_layer",
                "the same units and dropouts in both directions"
            );
        AddCell(KerasPaths.GetCell(layer.Folder, KerasPaths.Forward), TensorNames.ForwardCell);
        AddCell(KerasPaths.GetCell(layer.Folder, KerasPaths.Backward), TensorNames.BackwardCell);
        return forward;

        void AddCell(string folder, string name) =>
            AddTensors(
                folder,
                [
                    TensorNames.GetKernelName(name),
                    TensorNames.GetRecurrentKernelName(name),
                    TensorNames.GetBiasName(name),
                ]
            );
    }

    private static (int Units, double Dropout, double RecurrentDropout) ReadDirection(
        KerasLayer layer,
        KerasOptions kerasOptions,
        string name,
        bool backwards
    )
    {
        var value = kerasOptions.GetRaw(name);
        if (value?.Find("class_name")?.AsString() != "LSTM" || value.Find("config") is not { IsObject: true } config)
            throw kerasOptions.CreateUnsupportedOptionError(name, "an LSTM");
        var options = new KerasOptions(layer, config)
            .Require("return_sequences", "true", defaultValue: "false")
            .Require("go_backwards", backwards ? "true" : "false", defaultValue: "false")
            .Require("activation", "\"tanh\"")
            .Require("recurrent_activation", "\"sigmoid\"")
            .Require("use_bias", "true");
        var result = (
            options.GetPositiveInt32("units"),
            options.GetRate("dropout"),
            options.GetRate("recurrent_dropout")
        );
        options.RejectUnknown();
        return result;
    }

    private double ReadDropout()
    {
        if (!cursor.NextIs("Dropout"))
            return 0;
        var options = ReadOptions(cursor.Take("a Dropout", "Dropout"));
        var rate = options.GetRate("rate");
        options.RejectUnknown();
        return rate;
    }

    private bool ReadAttention(KerasLayer layer)
    {
        var options = ReadOptions(layer)
            .Require("score_mode", "\"dot\"")
            .Require("dropout", "0")
            .Require("use_scale", "true|false", defaultValue: "false");
        var hasScale = options.GetRaw("use_scale")?.AsBoolean() == true;
        options.RejectUnknown();
        if (hasScale)
            AddTensors(layer, TensorNames.AttentionScale);
        return hasScale;
    }

    private void ReadLayerNorm()
    {
        var layer = cursor.Take("a LayerNormalization", "LayerNormalization");
        ReadOptions(layer)
            .Require("axis", "[-1]|-1|[2]|2")
            .Require("epsilon", KerasOptions.FormatNumber(Layers.LayerNorm.Epsilon))
            .Require("center", "true")
            .Require("scale", "true")
            .Require("rms_scaling", "false")
            .RejectUnknown();
        AddTensors(layer, TensorNames.LayerNormGamma, TensorNames.LayerNormBeta);
    }

    private void ReadBatchNorm()
    {
        var layer = cursor.Take("a BatchNormalization", "BatchNormalization");
        ReadOptions(layer)
            .Require("axis", "-1|[-1]|1|[1]")
            .Require("epsilon", KerasOptions.FormatNumber(Layers.BatchNorm.Epsilon))
            .Require("momentum", KerasOptions.FormatNumber(Layers.BatchNorm.Momentum))
            .Require("center", "true")
            .Require("scale", "true")
            .RejectUnknown();
        AddTensors(
            layer,
            TensorNames.BatchNormGamma,
            TensorNames.BatchNormBeta,
            TensorNames.BatchNormMean,
            TensorNames.BatchNormVariance
        );
    }

    private (int Units, string Activation) ReadDense(KerasLayer layer, string name)
    {
        var options = ReadOptions(layer).Require("use_bias", "true");
        var units = options.GetPositiveInt32("units");
        var activation = options.GetString("activation");
        options.RejectUnknown();
        AddTensors(layer, TensorNames.GetKernelName(name), TensorNames.GetBiasName(name));
        return (units, activation == "linear" ? "" : activation);
    }

    private static KerasOptions ReadOptions(KerasLayer layer) => new(layer);

    private void AddTensors(KerasLayer layer, params string[] names) => AddTensors(layer.Folder, names);

    private void AddTensors(string folder, string[] names) =>
        tensors.AddRange(names.Select((name, i) => (name, KerasPaths.GetVariable(folder, i))));
}
