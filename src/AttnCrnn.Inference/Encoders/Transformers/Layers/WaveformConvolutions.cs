using AttnCrnn.Audio;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Layers;

/// <summary>One convolution over the samples, without padding.</summary>
/// <param name="Channels">Filters.</param>
internal sealed record WaveformConvolution(int Channels, int Kernel, int Stride);

/// <summary>
/// The convolutions over the samples with which wav2vec 2.0 and its relatives begin. They define when frames are.
/// </summary>
/// <param name="Items">The convolutions, at least one.</param>
/// <param name="HasBias">Whether the convolutions have a bias.</param>
/// <param name="HasLayerNorm">
/// Whether every convolution is followed by a layer norm, or only the first by a group norm with one channel per group.
/// The statistics of a group norm are computed over the whole input: chunks and padding change the frames.
/// </param>
/// <param name="Activation">After each convolution.</param>
internal sealed record WaveformConvolutions(
    IReadOnlyList<WaveformConvolution> Items,
    bool HasBias,
    bool HasLayerNorm,
    string Activation
) : IFrameGrid
{
    private const float NormEpsilon = 1e-5f; // torch's default, which the configuration cannot change
    private const int MaxSize = 1 << 16;

    /// <summary>
    /// Maximum of the samples of one frame, and of those between two: 1 s, 40 times as many as any published network
    /// has. Larger ones leave no frame in a chunk, and take minutes to count.
    /// </summary>
    public const int MaxFrameSamples = Waveform.SampleRateHz;

    private static readonly int[] DefaultChannels = [512, 512, 512, 512, 512, 512, 512];
    private static readonly int[] DefaultKernels = [10, 3, 3, 3, 3, 2, 2];
    private static readonly int[] DefaultStrides = [5, 2, 2, 2, 2, 2, 2];

    /// <summary>Names of the convolutions in the checkpoint, by index.</summary>
    public Func<int, string> ConvolutionPath { get; init; } = i => $"feature_extractor.conv_layers.{i}.conv";

    /// <summary>Names of the norms in the checkpoint, by index.</summary>
    public Func<int, string> NormPath { get; init; } = i => $"feature_extractor.conv_layers.{i}.layer_norm";

    /// <summary>Feature dimension after the last convolution.</summary>
    public int Channels => Items[^1].Channels;

    /// <summary>Samples from one frame to the next.</summary>
    public int Hop => Items.Aggregate(1, (hop, convolution) => hop * convolution.Stride);

    /// <summary>Receptive field of one frame, in samples.</summary>
    public int ReceptiveField =>
        Items
            .Reverse()
            .Aggregate(1, (samples, convolution) => ((samples - 1) * convolution.Stride) + convolution.Kernel);

    public int CountFrames(int samples) =>
        Items.Aggregate(samples, (length, convolution) =>
            length < convolution.Kernel ? 0 : ((length - convolution.Kernel) / convolution.Stride) + 1
        );

    public int CountSamples(int frames) => ((frames - 1) * Hop) + ReceptiveField;

    /// <summary>Reads the settings of a config.json, under transformers' names.</summary>
    /// <param name="hasDefaults">Whether missing convolutions are those of wav2vec 2.0, as in most families.</param>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static WaveformConvolutions Read(JsonCursor json, bool hasDefaults = true)
    {
        var items = ReadItems(json, hasDefaults);
        var norm = json.GetString("feat_extract_norm", "group");
        if (norm is not ("group" or "layer"))
            throw json.Error($"feat_extract_norm '{norm}'", "group or layer", "use another checkpoint");
        return new(
            items,
            json.GetBoolean("conv_bias", false),
            norm == "layer",
            SpeechActivation.Read(json, "feat_extract_activation")
        );
    }

    /// <summary>Requires that a frame is short.</summary>
    /// <param name="json">The section of the settings.</param>
    /// <param name="keys">The settings of the convolutions.</param>
    /// <returns>The convolutions.</returns>
    /// <exception cref="InvalidFileException">It is longer than <see cref="MaxFrameSamples"/>.</exception>
    public static IReadOnlyList<WaveformConvolution> RequireShortFrames(
        JsonCursor json,
        string keys,
        IReadOnlyList<WaveformConvolution> items
    )
    {
        long hop = 1;
        long field = 1;
        foreach (var item in items)
        {
            field += (item.Kernel - 1) * hop;
            hop *= item.Stride;
            if (hop > MaxFrameSamples || field > MaxFrameSamples)
                throw json.Error(
                    $"{keys} with frames of more than 1 s",
                    $"at most {MaxFrameSamples} samples per frame, and from one frame to the next",
                    "download the file again, or use another checkpoint"
                );
        }
        return items;
    }

    /// <summary>Adds the convolutions to a graph.</summary>
    /// <param name="x">[1, 1, 1, samples].</param>
    /// <returns>[frames, channels].</returns>
    public GraphValue AddToGraph(GraphBuilder graph, SpeechWeights weights, SpeechLayers layers, GraphValue x)
    {
        var channels = 1;
        for (var i = 0; i < Items.Count; i++)
        {
            x = AddConvolution(graph, weights, x, ConvolutionPath(i), Items[i], channels);
            channels = Items[i].Channels;
            if (HasLayerNorm)
            {
                x = graph.Transpose(x, 0, 2, 3, 1); // the norm is over channels
                x = graph.Transpose(layers.AddNorm(x, NormPath(i), channels, NormEpsilon), 0, 3, 1, 2);
            }
            else if (i == 0)
                x = graph.InstanceNormalization(
                    x,
                    weights.AddTensor($"{NormPath(i)}.weight", channels),
                    weights.AddTensor($"{NormPath(i)}.bias", channels),
                    NormEpsilon
                );
            x = SpeechActivation.AddToGraph(graph, Activation, x);
        }
        return graph.Reshape(graph.Transpose(x, 0, 2, 3, 1), -1, channels);
    }

    private GraphValue AddConvolution(
        GraphBuilder graph,
        SpeechWeights weights,
        GraphValue x,
        string path,
        WaveformConvolution convolution,
        int channels
    )
    {
        var kernel = weights.AddTensor(
            $"{path}.weight",
            [convolution.Channels, channels, convolution.Kernel],
            [convolution.Channels, channels, 1, convolution.Kernel]
        );
        return graph.ConvolutionAlongTime(
            x,
            kernel,
            HasBias ? weights.AddTensor($"{path}.bias", convolution.Channels) : default,
            convolution.Kernel,
            convolution.Stride
        );
    }

    private static IReadOnlyList<WaveformConvolution> ReadItems(JsonCursor json, bool hasDefaults)
    {
        IReadOnlyList<int> Read(string key, IReadOnlyList<int> defaults) =>
            hasDefaults && !json.Contains(key) ? TakeDefault(key, defaults) : json.GetInt32s(key, 1, MaxSize);
        IReadOnlyList<int> TakeDefault(string key, IReadOnlyList<int> defaults)
        {
            json.TakeDefault(key, $"[{string.Join(", ", defaults)}]");
            return defaults;
        }
        var channels = Read("conv_dim", DefaultChannels);
        var kernels = Read("conv_kernel", DefaultKernels);
        var strides = Read("conv_stride", DefaultStrides);
        if (channels.Count != kernels.Count || channels.Count != strides.Count || channels.Count == 0)
            throw json.Error(
                $"{channels.Count} conv_dim, {kernels.Count} conv_kernel and {strides.Count} conv_stride",
                "equally many of each, at least one",
                "download the file again"
            );
        return RequireShortFrames(
            json,
            "conv_kernel and conv_stride",
            [.. channels.Select((value, i) => new WaveformConvolution(value, kernels[i], strides[i]))]
        );
    }
}
