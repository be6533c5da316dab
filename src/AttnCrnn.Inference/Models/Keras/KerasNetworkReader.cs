using AttnCrnn.IO;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Recognizes a network in a graph of Keras layers, by connections and options and never by names: the layers of each
/// version are taken from the graph, in order.
/// </summary>
internal sealed class KerasNetworkReader
{
    private readonly string file;
    private readonly KerasGraph graph;
    private readonly KerasLayerCursor cursor;
    private readonly List<string> notices = [];

    private KerasNetworkReader(string file, KerasGraph graph)
    {
        this.file = file;
        this.graph = graph;
        cursor = new(file, graph);
    }

    /// <param name="file">File name for error messages.</param>
    /// <exception cref="InvalidFileException">
    /// The graph is a different network; the message names the first layer that does not match the version that
    /// matches most.
    /// </exception>
    public static KerasNetwork Read(string file, KerasGraph graph)
    {
        InvalidFileException? error = null;
        var maxTaken = -1;
        foreach (var (version, pooling) in NetworkVersions.ListStructures())
        {
            var reader = new KerasNetworkReader(file, graph);
            try
            {
                return reader.Run(version, pooling);
            }
            catch (InvalidFileException exception)
            {
                if (reader.cursor.Taken > maxTaken)
                    error = exception;
                maxTaken = Math.Max(maxTaken, reader.cursor.Taken);
            }
        }
        throw error!;
    }

    private KerasNetwork Run(NetworkVersion version, TemporalPooling pooling)
    {
        var (fixedFrames, shape) = ReadInput();
        var normalization = cursor.NextIs("Normalization") ? ReadNormalization(shape) : null;
        var expected = new NetworkOptions(shape[^1], Classes: 1)
        {
            Version = version,
            Pooling = pooling,
            EncoderLayers = shape.Length == 2 ? shape[0] : 1,
        };
        var layers = new KerasLayerReader(cursor, notices, expected);
        expected.Declare().Accept(layers);
        var temperature = layers.ReadSoftmax();
        cursor.RequireEnd();
        var options = NetworkVersions.Canonicalize(layers.Options);
        if (options.Errors().FirstOrDefault() is { } error)
            throw new InvalidFileException(file, null, error, "a network of a supported size", KerasGraph.Remedy);
        var paths = ListTensors(options).ToDictionary(tensor => tensor.Name, tensor => tensor.Path);
        return new(
            options,
            cursor.InputName,
            fixedFrames,
            normalization,
            [.. Parameters.ListShapes(options).Select(shape => (shape.Name, paths[shape.Name]))],
            notices
        )
        {
            Temperature = temperature,
        };
    }

    // Their names count the layers of a kind: they are known once all layers are.
    private IReadOnlyList<(string Name, string Path)> ListTensors(NetworkOptions options)
    {
        var found = new KerasNetworkReader(file, graph);
        found.ReadInput();
        if (found.cursor.NextIs("Normalization"))
            found.cursor.Take("a Normalization", "Normalization");
        var layers = new KerasLayerReader(found.cursor, found.notices, options);
        options.Declare().Accept(layers);
        return layers.Tensors;
    }

    // [batch, frames, width], or [batch, frames, layers, width].
    private (int FixedFrames, int[] Shape) ReadInput()
    {
        var options = ReadOptions(cursor.Current)
            .Require("sparse", "false")
            .Require("ragged", "false")
            .Require("optional", "false");
        var name = options.GetRaw("batch_input_shape") is null ? "batch_shape" : "batch_input_shape"; // of Keras 2
        var value = options.GetRaw(name);
        options.RejectUnknown();
        if (value is not { IsArray: true, Count: 3 or 4 })
            throw options.CreateUnsupportedOptionError(name, "[null, frames, width]");
        int[] sizes = [.. value.Items.Select(ReadSize)];
        if (sizes[0] != 0 || sizes.Contains(-1) || sizes.AsSpan(2).Contains(0))
            throw options.CreateUnsupportedOptionError(name, "[null, frames or null, width]");
        if (sizes[1] is > 0 and < NetworkOptions.MinFrames or > NetworkOptions.MaxPadding)
            throw options.CreateUnsupportedOptionError(
                name,
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

    private static KerasOptions ReadOptions(KerasLayer layer) => new(layer);
}
