using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>A tiny checkpoint, and what transformers computed from it (fixtures/encoders/whisper).</summary>
internal sealed class WhisperFixture(string checkpoint)
{
    /// <summary>Recordings of both lengths: an even and an odd number of mel frames.</summary>
    public static readonly string[] Clips = ["two_and_a_half_seconds", "odd_length"];

    private readonly IReadOnlyDictionary<string, NpyArray> padded = Read(checkpoint, "expected.npz");
    private readonly IReadOnlyDictionary<string, NpyArray> unpadded = Read(checkpoint, "expected_clip.npz");

    public string Folder { get; } = Fixtures.Path("encoders", "whisper", checkpoint);

    public float[] Waveform(string clip) => padded[$"{clip}/waveform"].ToSingles();

    /// <summary>[bands, mel frames].</summary>
    public NpyArray LogMel(string clip, EncoderContext context) =>
        context == EncoderContext.Padded ? padded[$"{clip}/input_features"] : unpadded[$"{clip}/log_mel"];

    /// <summary>[layers + 1, frames, width] before the final norm; if padded, only <see cref="KeptFrames"/>.</summary>
    public NpyArray HiddenStates(string clip, EncoderContext context) => ReadExpected(context)[$"{clip}/hidden_states"];

    /// <summary>[frames, width] after the final norm; if padded, only <see cref="KeptFrames"/>.</summary>
    public NpyArray LastHiddenState(string clip, EncoderContext context) =>
        ReadExpected(context)[$"{clip}/last_hidden_state"];

    /// <summary>Indices of the stored frames of a window; the clip's frames come first.</summary>
    public int[] KeptFrames(string clip, EncoderContext context) =>
        context == EncoderContext.Padded
            ? [.. padded[$"{clip}/kept_frames"].ToInt64s().Select(frame => (int)frame)]
            : [.. Enumerable.Range(0, LastHiddenState(clip, context).Shape[0])];

    /// <summary>Number of frames of the clip, without the padding.</summary>
    public int RealFrames(string clip, EncoderContext context) =>
        context == EncoderContext.Padded
            ? (int)padded[$"{clip}/real_frames"].ToInt64s()[0]
            : LastHiddenState(clip, context).Shape[0];

    /// <summary>
    /// [layers + 2, 2]: mean and mean square over all 1500 frames of the padded window; last_hidden_state comes last.
    /// </summary>
    public double[] MeanAndMeanSquare(string clip) => padded[$"{clip}/mean_and_mean_square"].ToDoubles();

    public SpeechEncoder OpenEncoder(EncoderContext context, string layers) =>
        new(Folder, checkpoint, null, new(layers) { Context = context });

    /// <summary>The network's input, [mel frames, bands], as the program computes it.</summary>
    public float[] Features(string clip, EncoderContext context) =>
        SpeechCheckpoint.Open(Folder).ReadNetwork(new() { Context = context }).CreateInput(Waveform(clip)).Values;

    /// <summary>Runs the network alone: hidden states of a log-mel spectrogram.</summary>
    /// <param name="logMel">[bands, mel frames].</param>
    /// <returns>[frames, width] for each requested layer.</returns>
    public float[][] Run(NpyArray logMel, string layers)
    {
        var network = SpeechCheckpoint.Open(Folder).ReadNetwork(new());
        using var files = CheckpointFiles.Open(Folder);
        var graph = new GraphBuilder("encoder");
        var weights = new SpeechWeights(
            files,
            graph,
            WeightsLocation.Embedded,
            network.RequiredTensor,
            HuggingFaceLayout.Config
        );
        var input = network.CreateInput(graph, "log_mel");
        var choice = LayerSelection.Parse(layers, network.Layers);
        var states = network.AddHiddenStates(graph, weights, choice, quantizeInt8: false, input);
        for (var i = 0; i < states.Count; i++)
            graph.AddOutput($"state_{i}", states[i], -1, network.Width);
        weights.ThrowIfIncomplete();
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        int[] shape = [logMel.Shape[1], logMel.Shape[0]];
        return session.RunAll(shrinkArena: false, ("log_mel", Transpose(logMel), shape));
    }

    /// <summary>Transposes [rows, columns] to [columns, rows].</summary>
    public static float[] Transpose(NpyArray array)
    {
        var (values, rows, columns) = (array.ToSingles(), array.Shape[0], array.Shape[1]);
        var transposed = new float[values.Length];
        for (var row = 0; row < rows; row++)
        for (var column = 0; column < columns; column++)
            transposed[(column * rows) + row] = values[(row * columns) + column];
        return transposed;
    }

    private IReadOnlyDictionary<string, NpyArray> ReadExpected(EncoderContext context) =>
        context == EncoderContext.Padded ? padded : unpadded;

    private static IReadOnlyDictionary<string, NpyArray> Read(string checkpoint, string file) =>
        NpzFile.Read(Path.Combine(Fixtures.Path("encoders", "whisper", checkpoint), file));
}
