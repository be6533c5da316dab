using System.Text.Json;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

/// <summary>Finds the network in a graph of Keras' layers: by what feeds what and with which options, never by names.</summary>
internal sealed class KerasMatch
{
    private readonly string file;
    private readonly KerasWalk walk;
    private readonly List<string> notices = [];
    private readonly List<(string Name, string Path)> tensors = [];

    private KerasMatch(string file, KerasGraph graph) => (this.file, walk) = (file, new(file, graph));

    /// <param name="file">For messages.</param>
    /// <exception cref="BadFileException">It is another network; the message names the first layer that does not fit.</exception>
    public static KerasNetwork Of(string file, KerasGraph graph) => new KerasMatch(file, graph).Run();

    private KerasNetwork Run()
    {
        var (fixedFrames, shape) = Input();
        var normalisation = walk.NextIs("Normalization") ? Normalisation(shape) : null;
        if (shape.Length == 2) Mix(shape);
        var conv1 = Convolution("conv1d");
        var conv2 = Convolution("conv1d_1");
        var (units, lstmDropout, recurrentDropout) = Recurrent();
        var dropout = Dropout();
        var (attention, hasResidual) = walk.TakeAttention();
        var hasScale = Attention(attention);
        var hasLayerNorm = walk.NextIs("LayerNormalization");
        if (hasLayerNorm) LayerNorm();
        Options(walk.Take("a GlobalAveragePooling1D", "GlobalAveragePooling1D")).Is("data_format", "\"channels_last\"").Is("keepdims", "false").Done();
        var hidden = walk.Take("a Dense", "Dense");
        var (dense, given) = DenseOf(hidden, "dense");
        var hasBatchNorm = given.Length == 0 && walk.NextIs("BatchNormalization");
        if (hasBatchNorm) BatchNorm();
        var activation = new KerasActivation(file, walk, notices).Hidden(hidden, given);
        var headDropout = Dropout();
        var last = walk.Take("a Dense", "Dense");
        var (classes, ending) = DenseOf(last, "dense_1");
        new KerasActivation(file, walk, notices).Softmax(last, ending);
        walk.End();
        var options = new NetworkOptions(shape[^1], classes)
        {
            Layers = shape.Length == 2 ? shape[0] : 1, Conv1 = conv1, Conv2 = conv2, LstmUnits = units, Dense = dense, LstmDropout = lstmDropout, RecurrentDropout = recurrentDropout,
            Dropout = dropout, HeadDropout = headDropout, HasScale = hasScale, HasResidual = hasResidual, HasLayerNorm = hasLayerNorm, HasBatchNorm = hasBatchNorm, Activation = activation,
        };
        if (options.Errors().FirstOrDefault() is { } error) throw new BadFileException(file, null, error, "a network of a size that can be computed", KerasGraph.Remedy);
        var paths = tensors.ToDictionary(of => of.Name, of => of.Path);
        return new(options, walk.InputName, fixedFrames, normalisation, [.. Parameters.Shapes(options).Select(of => (of.Name, paths[of.Name]))], notices);
    }

    // [batch, frames, width], or [batch, frames, layers, width].
    private (int FixedFrames, int[] Shape) Input()
    {
        var options = Options(walk.At).Is("sparse", "false").Is("ragged", "false").Is("optional", "false");
        var value = options.Any("batch_shape");
        options.Done();
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is not (3 or 4)) throw options.Wrong("batch_shape", "[null, frames, width]");
        int[] sizes = [.. value.EnumerateArray().Select(Size)];
        if (sizes[0] != 0 || sizes.Contains(-1) || sizes.AsSpan(2).Contains(0)) throw options.Wrong("batch_shape", "[null, frames or null, width]");
        if (sizes[1] is > 0 and < NetworkOptions.LeastFrames or > NetworkOptions.MostPadding) throw options.Wrong("batch_shape", $"at least {NetworkOptions.LeastFrames} frames, and at most {NetworkOptions.MostPadding}");
        return (sizes[1], sizes[2..]);
    }

    // 0 where any will do, -1 where it is none.
    private static int Size(JsonElement item) =>
        item.ValueKind == JsonValueKind.Null ? 0 : item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out var size) && size > 0 ? size : -1;

    private KerasLayer Normalisation(int[] shape)
    {
        var layer = walk.Take("a Normalization", "Normalization");
        var options = Options(layer).Is("axis", shape.Length == 1 ? "[-1]|[2]|-1|2" : "[-2,-1]|[2,3]", missing: "-1").Is("invert", "false");
        _ = (options.Any("mean"), options.Any("variance"));
        options.Done();
        return layer;
    }

    private void Mix(int[] shape)
    {
        Options(walk.Take("a Permute of layers and width", "Permute")).Is("dims", "[1,3,2]", missing: "").Done();
        var mix = walk.Take("a Dense that mixes the layers", "Dense");
        Options(mix).Is("units", "1", missing: "").Is("use_bias", "false", missing: "true").Is("activation", "\"linear\"|null").Done();
        Tensors(mix, LayerMix.KernelName);
        Options(walk.Take("a Reshape to frames", "Reshape")).Is("target_shape", $"[-1,{shape[1]}]", missing: "").Done();
    }

    private int Convolution(string name)
    {
        var layer = walk.Take("a Conv1D", "Conv1D");
        var options = Options(layer)
            .Is("kernel_size", $"[{ConvPool.Taps}]", missing: "").Is("strides", "[1]|1").Is("padding", "\"same\"", missing: "\"valid\"").Is("data_format", "\"channels_last\"")
            .Is("dilation_rate", "[1]|1").Is("groups", "1").Is("use_bias", "true");
        var (filters, activation) = (options.Count("filters"), options.Text("activation"));
        options.Done();
        new KerasActivation(file, walk, notices).Rectifier(layer, activation);
        Tensors(layer, name + "/kernel", name + "/bias");
        Options(walk.Take("a MaxPooling1D", "MaxPooling1D")).Is("pool_size", "[2]|2").Is("strides", "[2]|2|null").Is("padding", "\"valid\"").Is("data_format", "\"channels_last\"").Done();
        return filters;
    }

    private (int Units, double Dropout, double RecurrentDropout) Recurrent()
    {
        var layer = walk.Take("a Bidirectional LSTM", "Bidirectional");
        var options = Options(layer).Is("merge_mode", "\"concat\"");
        var (forward, backward) = (Direction(layer, options, "layer", backwards: false), Direction(layer, options, "backward_layer", backwards: true));
        options.Done();
        if (forward != backward) throw options.Wrong("backward_layer", "the same units and dropouts in both directions");
        foreach (var direction in (string[])["forward", "backward"])
            Tensors($"{layer.Folder}/{direction}_layer/cell", [.. ((string[])["kernel", "recurrent_kernel", "bias"]).Select(tensor => $"bidirectional/{direction}_lstm/lstm_cell/{tensor}")]);
        return forward;
    }

    private (int Units, double Dropout, double RecurrentDropout) Direction(KerasLayer layer, KerasOptions of, string name, bool backwards)
    {
        var value = of.Any(name);
        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("class_name", out var kind) || kind.ValueKind != JsonValueKind.String || !kind.ValueEquals("LSTM")
            || !value.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object)
            throw of.Wrong(name, "an LSTM");
        var options = new KerasOptions(file, layer, config)
            .Is("return_sequences", "true", missing: "false").Is("go_backwards", backwards ? "true" : "false", missing: "false")
            .Is("activation", "\"tanh\"").Is("recurrent_activation", "\"sigmoid\"").Is("use_bias", "true");
        var result = (options.Count("units"), options.Share("dropout"), options.Share("recurrent_dropout"));
        options.Done();
        return result;
    }

    private double Dropout()
    {
        if (!walk.NextIs("Dropout")) return 0;
        var options = Options(walk.Take("a Dropout", "Dropout"));
        var rate = options.Share("rate");
        options.Done();
        return rate;
    }

    private bool Attention(KerasLayer layer)
    {
        var options = Options(layer).Is("score_mode", "\"dot\"").Is("dropout", "0.0|0").Is("use_scale", "true|false", missing: "false");
        var hasScale = options.Any("use_scale").ValueKind == JsonValueKind.True;
        options.Done();
        if (hasScale) Tensors(layer, "attention/scale");
        return hasScale;
    }

    private void LayerNorm()
    {
        var layer = walk.Take("a LayerNormalization", "LayerNormalization");
        Options(layer).Is("axis", "[-1]|-1|[2]|2").Is("epsilon", "0.001").Is("center", "true").Is("scale", "true").Is("rms_scaling", "false").Done();
        Tensors(layer, "layer_normalization/gamma", "layer_normalization/beta");
    }

    private void BatchNorm()
    {
        var layer = walk.Take("a BatchNormalization", "BatchNormalization");
        Options(layer).Is("axis", "-1|[-1]|1|[1]").Is("epsilon", "0.001").Is("momentum", "0.99").Is("center", "true").Is("scale", "true").Done();
        Tensors(layer, "batch_normalization/gamma", "batch_normalization/beta", "batch_normalization/moving_mean", "batch_normalization/moving_variance");
    }

    private (int Units, string Activation) DenseOf(KerasLayer layer, string name)
    {
        var options = Options(layer).Is("use_bias", "true");
        var (units, activation) = (options.Count("units"), options.Text("activation"));
        options.Done();
        Tensors(layer, name + "/kernel", name + "/bias");
        return (units, activation == "linear" ? "" : activation);
    }

    private KerasOptions Options(KerasLayer layer) => new(file, layer);

    private void Tensors(KerasLayer layer, params string[] names) => Tensors(layer.Folder, names);

    private void Tensors(string folder, string[] names) => tensors.AddRange(names.Select((name, i) => (name, $"{folder}/vars/{i}")));
}
