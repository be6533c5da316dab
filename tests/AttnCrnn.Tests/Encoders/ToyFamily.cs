using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Encoders;

/// <summary>
/// A family that the library does not list: everything that a family may do differently, in one file. Its checkpoints
/// have a <c>toy.ini</c> and <c>toy.safetensors</c>; a frame is a block of samples without the recording's mean, times
/// a matrix; the output has half the rate of the layers.
/// </summary>
internal sealed class ToyFamily : ISpeechFamily
{
    public const string Type = "toy";

    public string Name => "Toy";

    public string? DefaultLayersHelp => "0-1";

    public IReadOnlyList<string> ModelTypes { get; } = [Type];

    public ICheckpointLayout Layout { get; } = new ToyLayout();

    public bool SupportsInt8 => false;

    public string? FindModelType(CheckpointFolder folder) =>
        folder.Contains(ToyLayout.Config) && ToyLayout.ReadSettings(folder)["model"] == Type ? Type : null;

    public ISpeechNetwork Read(CheckpointFolder folder, SpeechOptions options)
    {
        var settings = ToyLayout.ReadSettings(folder);
        if (settings.TryGetValue("bias", out var bias))
            throw new InvalidFileException(
                folder.PathOf(ToyLayout.Config),
                null,
                $"bias {bias}",
                "no bias",
                "use another checkpoint"
            );
        return new ToyNetwork(
            int.Parse(settings["hop"], CultureInfo.InvariantCulture),
            int.Parse(settings["width"], CultureInfo.InvariantCulture)
        );
    }
}

/// <summary>toy.ini, lines of <c>name = value</c>, and toy.safetensors.</summary>
internal sealed class ToyLayout : ICheckpointLayout
{
    public const string Config = "toy.ini";
    public const string Weights = "toy.safetensors";

    public string ConfigFile => Config;

    public IReadOnlyList<string> HashedFiles { get; } = [Config];

    public async Task FetchAsync(HubSnapshot snapshot, CancellationToken cancellationToken)
    {
        await snapshot.GetAsync(Config, cancellationToken);
        await snapshot.AnnounceAsync([Weights], cancellationToken);
        await snapshot.GetAsync(Weights, cancellationToken);
    }

    public CheckpointFiles OpenWeights(CheckpointFolder folder) =>
        CheckpointFiles.Open(folder.Path, [Weights], folder.Checksums);

    public static Dictionary<string, string> ReadSettings(CheckpointFolder folder)
    {
        using var reader = new StreamReader(InputFile.Open(folder.PathOf(Config), "the settings of a toy"));
        return reader.ReadToEnd().Split('\n').Select(line => line.Split(" = ")).ToDictionary(x => x[0], x => x[1]);
    }
}

/// <summary>
/// State 0 is x A for each block x of hop samples, state 1 is relu(state 0 B); the output is every second frame of
/// state 1.
/// </summary>
internal sealed class ToyNetwork(int hop, int width) : ISpeechNetwork
{
    public string RequiredTensor => "a.weight";

    public int Layers => 1;

    public int Width => width;

    public int Hop => hop;

    public string DefaultLayers => "0-1";

    public double MaxSeconds => double.PositiveInfinity;

    public string RevisionSuffix => $"-{ToyFamily.Type}";

    public int CountFrames(int samples) => samples / hop;

    public int CountSamples(int frames) => frames * hop;

    public IFrameGrid GetGrid(LayerSelection layers) =>
        layers.Kind == LayerKind.Last ? new ToyNetwork(2 * hop, width) : this;

    public string? DescribeWarning(LayerSelection layers) => layers.First == 1 ? "is a toy" : null;

    public float[] PrepareSamples(ReadOnlySpan<float> waveform)
    {
        var samples = waveform.ToArray();
        var mean = samples.Length > 0 ? samples.Average() : 0;
        return Array.ConvertAll(samples, sample => sample - mean);
    }

    public (float[] Values, int[] Shape) CreateInput(ReadOnlySpan<float> samples)
    {
        var frames = samples.Length / hop;
        return (samples[..(frames * hop)].ToArray(), [frames, hop]);
    }

    public GraphValue CreateInput(GraphBuilder graph, string name) => graph.AddInput(name, -1, hop);

    public GraphValue AddPreprocessing(GraphBuilder graph, GraphValue samples)
    {
        var centered = graph.Subtract(samples, graph.Mean(samples, 0));
        var frames = graph.DivideInt64(graph.Length(samples, 0), hop);
        var end = graph.Multiply(frames, graph.Int64(hop));
        return graph.Reshape(graph.Gather(centered, graph.Range(end), 0), -1, hop);
    }

    public IReadOnlyList<GraphValue> AddHiddenStates(
        GraphBuilder graph,
        SpeechWeights weights,
        LayerSelection layers,
        bool quantizeInt8,
        GraphValue input
    )
    {
        var linear = new SpeechLayers(graph, weights, quantizeInt8);
        List<GraphValue> states = [linear.AddLinear(input, "a", hop, width, hasBias: false)];
        if (layers.Last == 1)
            states.Add(graph.Relu(linear.AddLinear(states[0], "b", width, width, hasBias: false)));
        if (layers.Kind != LayerKind.Last)
            return states[layers.First..];
        var half = graph.Range(graph.DivideInt64(graph.Length(states[1], 0), 2));
        return [graph.Gather(states[1], graph.Multiply(half, graph.Int64(2)), 0)];
    }
}

/// <summary>A checkpoint of the family in a temporary folder, and what its network computes.</summary>
internal sealed class ToyCheckpoint : IDisposable
{
    public const int Hop = 128;
    public const int Width = 3;

    private readonly TempFolder folder = new();
    private readonly float[] a = CreateWeights(Width * Hop); // [width, hop]
    private readonly float[] b = CreateWeights(Width * Width); // [width, width]

    /// <param name="settings">Lines that follow those of the shape.</param>
    public ToyCheckpoint(string model = ToyFamily.Type, params string[] settings)
    {
        string[] lines = [$"model = {model}", $"hop = {Hop}", $"width = {Width}", .. settings];
        File.WriteAllText(folder.PathOf(ToyLayout.Config), string.Join('\n', lines));
        using var stream = File.Create(folder.PathOf(ToyLayout.Weights));
        SafetensorsWriter.Write(
            stream,
            new Dictionary<string, string>(),
            [Entry("net.a.weight", Hop, a), Entry("net.b.weight", Width, b)]
        );
    }

    public string Folder => folder.Path;

    public static EncoderFamilies Families { get; } = new([.. EncoderFamilies.BuiltIn.All, new ToyFamily()]);

    public void Dispose() => folder.Dispose();

    /// <summary>The hidden states of a recording, in float64: [layer][frame, width].</summary>
    public double[][] ComputeStates(float[] waveform)
    {
        var mean = waveform.Average(sample => (double)sample);
        var centered = waveform[..(waveform.Length / Hop * Hop)].Select(sample => sample - mean).ToArray();
        var first = Multiply(centered, a, Hop);
        return [first, [.. Multiply(first, b, Width).Select(value => Math.Max(0, value))]];
    }

    // [frames, inputs] times the transpose of [width, inputs].
    private static double[] Multiply(double[] x, float[] matrix, int inputs)
    {
        var product = new double[x.Length / inputs * Width];
        for (var i = 0; i < product.Length; i++)
        for (var input = 0; input < inputs; input++)
            product[i] += x[(i / Width * inputs) + input] * matrix[(i % Width * inputs) + input];
        return product;
    }

    private static float[] CreateWeights(int count) =>
        [.. Enumerable.Range(1, count).Select(i => MathF.Sin(7 * i * i))];

    private static (string, string, IReadOnlyList<long>, long, Action<Stream>) Entry(
        string name,
        int inputs,
        float[] values
    ) =>
        (name, "F32", [Width, inputs], sizeof(float) * values.Length, stream =>
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan()))
        );
}
