using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>
/// The convolutional position embedding of wav2vec 2.0 and its relatives: a weight-normalized convolution over the
/// frames, then the activation.
/// </summary>
/// <param name="Activation">After the convolution.</param>
/// <param name="Stride">Frames of the input per frame of the output.</param>
internal sealed record PositionConvolution(int Width, int Kernel, int Groups, string Activation, int Stride = 1)
{
    private const int MaxWidth = 1 << 16;

    /// <summary>Reads the settings of a config.json, under transformers' names.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static PositionConvolution Read(JsonCursor json, int width, string activation)
    {
        if (json.GetBoolean("conv_pos_batch_norm", false))
            throw json.Error(
                "conv_pos_batch_norm",
                "a weight-normalized position convolution",
                "use another checkpoint"
            );
        return new(
            width,
            json.GetInt32("num_conv_pos_embeddings", 1, MaxWidth, 128),
            ReadGroups(json, width),
            activation
        );
    }

    /// <summary>Reads the number of groups of a position convolution.</summary>
    /// <exception cref="InvalidFileException">It does not divide the width.</exception>
    public static int ReadGroups(JsonCursor json, int width)
    {
        var groups = json.GetInt32("num_conv_pos_embedding_groups", 1, MaxWidth, 16);
        return width % groups == 0
            ? groups
            : throw json.Error(
                $"hidden_size {width} and num_conv_pos_embedding_groups {groups}",
                "groups that divide the width",
                "download the file again"
            );
    }

    /// <summary>Adds the embedding to a graph.</summary>
    /// <param name="x">[frames, width].</param>
    /// <returns>[frames / stride, width], rounded up.</returns>
    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, GraphValue x)
    {
        const string path = "encoder.pos_conv_embed.conv";
        var channels = Width / Groups;
        var kernel = graph.Constant(
            path,
            weights.ReadWeightNormalized(path, Width, channels, Kernel),
            Width,
            channels,
            1,
            Kernel
        );
        x = FrameConvolution.ToChannels(graph, x);
        var bias = weights.AddTensor($"{path}.bias", Width);
        x = FrameConvolution.AddPadded(graph, x, kernel, bias, Kernel, Stride, Groups);
        x = SpeechActivation.AddToGraph(graph, Activation, x);
        return FrameConvolution.ToFrames(graph, x);
    }
}
