using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// wav2vec 2.0, HuBERT and WavLM as a graph, as transformers' Wav2Vec2Model, HubertModel and WavLMModel compute them,
/// up to the deepest selected layer: convolutions over the samples, a projection, convolutional position embeddings,
/// then the transformer layers.
/// </summary>
internal sealed class Wav2Vec2Graph
{
    private const float NormEpsilon = 1e-5f; // torch's default, which the configuration cannot change

    private readonly Wav2Vec2Config config;
    private readonly GraphBuilder graph;
    private readonly SpeechWeights weights;
    private GraphValue positionBias; // WavLM only, [heads, time, time]

    private readonly SpeechLayers layers;

    public Wav2Vec2Graph(GraphBuilder graph, Wav2Vec2Config config, SpeechWeights weights, bool quantizeInt8)
    {
        this.graph = graph;
        this.config = config;
        this.weights = weights;
        layers = new SpeechLayers(graph, weights, quantizeInt8);
    }

    /// <summary>The selected hidden states, each [time, hidden].</summary>
    /// <param name="samples">[1, 1, 1, samples].</param>
    public IReadOnlyList<GraphValue> SelectStates(LayerSelection choice, GraphValue samples)
    {
        var states = AddHiddenStates(choice, samples);
        if (choice.Kind == LayerKind.Last && config.StableLayerNorm)
            states[^1] = layers.AddNorm(states[^1], "encoder.layer_norm", config.Width, config.Epsilon);
        return states[choice.First..(choice.Last + 1)];
    }

    // [time, hidden] each: before the first layer, then after each layer up to the deepest selected.
    private List<GraphValue> AddHiddenStates(LayerSelection choice, GraphValue samples)
    {
        var x = AddConvolutions(samples); // [1, channels, 1, time]
        x = AddProjection(x); // [time, hidden]
        x = graph.Add(x, AddPositions(x));
        if (!config.StableLayerNorm)
            x = layers.AddNorm(x, "encoder.layer_norm", config.Width, config.Epsilon);
        if (config.Variant == Wav2Vec2Variant.WavLm && choice.Last > 0)
            positionBias = AddRelativePositions(x);
        List<GraphValue> states = [x];
        for (var layer = 0; layer < choice.Last; layer++)
            states.Add(x = AddLayer(x, $"encoder.layers.{layer}"));
        return states;
    }

    private GraphValue AddConvolutions(GraphValue x)
    {
        var channels = 1;
        foreach (var (convolution, i) in config.Convolutions.Select((convolution, i) => (convolution, i)))
        {
            var path = $"feature_extractor.conv_layers.{i}";
            var kernel = weights.AddTensor(
                $"{path}.conv.weight",
                [convolution.Channels, channels, convolution.Kernel],
                [convolution.Channels, channels, 1, convolution.Kernel]
            );
            x = graph.ConvolutionAlongTime(
                x,
                kernel,
                config.ConvolutionBias ? weights.AddTensor($"{path}.conv.bias", convolution.Channels) : default,
                convolution.Kernel,
                convolution.Stride
            );
            if (config.HasConvolutionLayerNorm)
            {
                x = graph.Transpose(x, 0, 2, 3, 1); // the norm is over channels
                x = graph.Transpose(
                    layers.AddNorm(x, $"{path}.layer_norm", convolution.Channels, NormEpsilon),
                    0,
                    3,
                    1,
                    2
                );
            }
            else if (i == 0)
                x = graph.InstanceNormalization(
                    x,
                    weights.AddTensor($"{path}.layer_norm.weight", convolution.Channels),
                    weights.AddTensor($"{path}.layer_norm.bias", convolution.Channels),
                    NormEpsilon
                );
            x = SpeechActivation.AddToGraph(graph, config.ConvolutionActivation, x);
            channels = convolution.Channels;
        }
        return x;
    }

    private GraphValue AddProjection(GraphValue x)
    {
        var channels = config.Convolutions[^1].Channels;
        x = graph.Reshape(graph.Transpose(x, 0, 2, 3, 1), -1, channels);
        if (config.HasProjectionNorm)
            x = layers.AddNorm(x, "feature_projection.layer_norm", channels, config.Epsilon);
        return graph.Gemm(
            x,
            weights.AddTensor("feature_projection.projection.weight", config.Width, channels),
            weights.AddTensor("feature_projection.projection.bias", config.Width),
            transposeB: true
        );
    }

    private GraphValue AddPositions(GraphValue x)
    {
        const string path = "encoder.pos_conv_embed.conv";
        var hidden = config.Width;
        var taps = config.PositionKernel;
        var channels = config.Width / config.PositionGroups;
        var kernel = graph.Constant(
            path,
            weights.ReadWeightNormalized(path, hidden, channels, taps),
            hidden,
            channels,
            1,
            taps
        );
        x = graph.Unsqueeze(graph.Transpose(x, 1, 0), 0, 2); // [1, hidden, 1, time]
        // An even kernel would produce one extra frame, which the reference drops at the end.
        x = graph.ConvolutionAlongTime(
            x,
            kernel,
            weights.AddTensor($"{path}.bias", hidden),
            taps,
            1,
            taps / 2,
            taps % 2 == 0 ? (taps / 2) - 1 : taps / 2,
            config.PositionGroups
        );
        x = SpeechActivation.AddToGraph(graph, config.ConvolutionActivation, x);
        return graph.Transpose(graph.Squeeze(x, 0, 2), 1, 0);
    }

    private GraphValue AddLayer(GraphValue x, string path)
    {
        GraphValue Attend(GraphValue value) => AddAttention(value, $"{path}.attention");
        GraphValue AddFirstNorm(GraphValue value) =>
            layers.AddNorm(value, $"{path}.layer_norm", config.Width, config.Epsilon);
        GraphValue AddSecondNorm(GraphValue value) =>
            layers.AddNorm(value, $"{path}.final_layer_norm", config.Width, config.Epsilon);
        if (config.StableLayerNorm)
        {
            x = graph.Add(x, Attend(AddFirstNorm(x)));
            return graph.Add(x, AddFeedForward(AddSecondNorm(x), $"{path}.feed_forward"));
        }
        x = AddFirstNorm(graph.Add(x, Attend(x)));
        return AddSecondNorm(graph.Add(x, AddFeedForward(x, $"{path}.feed_forward")));
    }

    private GraphValue AddAttention(GraphValue x, string path)
    {
        GraphValue Project(string name) =>
            graph.Unsqueeze(layers.AddLinear(x, $"{path}.{name}", config.Width, config.Width), 0); // [1, time, hidden]
        var bias =
            config.Variant == Wav2Vec2Variant.WavLm ? graph.Unsqueeze(AddGatedPositionBias(x, path), 0) : default;
        var attended = graph.MultiHeadAttention(
            Project("q_proj"),
            Project("k_proj"),
            Project("v_proj"),
            config.Heads,
            bias
        );
        return layers.AddLinear(graph.Squeeze(attended, 0), $"{path}.out_proj", config.Width, config.Width);
    }

    private GraphValue AddFeedForward(GraphValue x, string path)
    {
        x = layers.AddLinear(x, $"{path}.intermediate_dense", config.Width, config.FeedForwardWidth);
        return layers.AddLinear(
            SpeechActivation.AddToGraph(graph, config.Activation, x),
            $"{path}.output_dense",
            config.FeedForwardWidth,
            config.Width
        );
    }

    // The bias of each head for each pair of frames by distance, from a table of the first layer shared by all layers.
    private GraphValue AddRelativePositions(GraphValue x)
    {
        var heads = config.Heads;
        var farthest = config.MaxBucketDistance;
        var embedding = weights.ReadValues("encoder.layers.0.attention.rel_attn_embed.weight", config.Buckets, heads);
        var table = new float[heads * ((2 * farthest) + 1)];
        for (var distance = -farthest; distance <= farthest; distance++)
        for (var head = 0; head < heads; head++)
            table[(head * ((2 * farthest) + 1)) + distance + farthest] = embedding[
                (WavLmBuckets.Compute(distance, config.Buckets, farthest) * heads) + head
            ];
        var frames = graph.Range(graph.Length(x, 0));
        // Key minus query, [time, time].
        var distances = graph.Subtract(graph.Unsqueeze(frames, 0), graph.Unsqueeze(frames, 1));
        return graph.Gather(
            graph.Constant("relative positions", table, heads, (2 * farthest) + 1),
            graph.AddInt64(graph.Clip(distances, -farthest, farthest), farthest),
            1
        );
    }

    // Each query gates the bias: (a (b c - 1) + 2) · bias, (a, b) = σ of eight rows summed in fours; the sums are
    // folded into the weights here.
    private GraphValue AddGatedPositionBias(GraphValue x, string path)
    {
        var heads = config.Heads;
        var depth = config.Width / config.Heads;
        var rows = weights.ReadValues($"{path}.gru_rel_pos_linear.weight", 8, depth);
        var offsets = weights.ReadValues($"{path}.gru_rel_pos_linear.bias", 8);
        var summed = new float[2 * depth];
        var bias = new float[2];
        for (var row = 0; row < 8; row++)
        {
            bias[row / 4] += offsets[row];
            for (var i = 0; i < depth; i++)
                summed[(row / 4 * depth) + i] += rows[(row * depth) + i];
        }
        var gates = graph.Gemm(
            graph.Reshape(x, -1, depth),
            graph.Constant($"{path}.gates", summed, 2, depth),
            graph.Constant($"{path}.gate bias", bias, 2),
            transposeB: true
        );
        gates = graph.Transpose(graph.Reshape(graph.Sigmoid(gates), -1, heads, 2), 1, 0, 2); // [heads, time, 2]
        var a = graph.Slice(gates, 2, 0, 1);
        var b = graph.Slice(gates, 2, 1, 2);
        var constant = weights.AddTensor($"{path}.gru_rel_pos_const", [1, heads, 1, 1], [heads, 1, 1]);
        // [heads, time, 1].
        var gate = graph.AddConstant(graph.Multiply(a, graph.AddConstant(graph.Multiply(b, constant), -1)), 2);
        return graph.Multiply(gate, positionBias);
    }
}
