using AttnCrnn.Onnx;

namespace AttnCrnn.Audio.Speech;

/// <summary>
/// Silero VAD (models/silero-vad), embedded in the assembly. The process has one session, which is opened once; thread
/// safe.
/// </summary>
internal static class SileroNetwork
{
    /// <summary>Samples of a chunk, 32 ms.</summary>
    public const int ChunkSamples = 512;

    private const string Resource = "silero_vad_16k_op15.onnx";
    private const int ContextSamples = 64; // of the chunk before
    private const int StateSize = 2 * 128;

    private static readonly Lazy<OnnxSession> Session = new(() => new OnnxSession(ReadModel(), threads: 1));

    /// <summary>Opens the session, which the first recording does otherwise.</summary>
    public static void Open() => _ = Session.Value;

    /// <summary>The probability of speech in every chunk of a recording.</summary>
    /// <param name="samples">[samples], 16 kHz mono; the last chunk is padded with zeros.</param>
    /// <returns>[chunks].</returns>
    public static float[] Run(ReadOnlySpan<float> samples)
    {
        var probabilities = new float[(samples.Length + ChunkSamples - 1) / ChunkSamples];
        if (probabilities.Length == 0)
            return probabilities;
        var input = new float[ContextSamples + ChunkSamples];
        var state = new float[StateSize];
        var nextState = new float[StateSize];
        var output = new float[1];
        using var run = Session.Value.CreateBoundRun();
        run.BindInput("input", input, 1, input.Length);
        run.BindInput("state", state, 2, 1, StateSize / 2);
        run.BindInput("sr", new long[] { Waveform.SampleRateHz });
        run.BindOutput("output", output, 1, 1);
        run.BindOutput("stateN", nextState, 2, 1, StateSize / 2);
        for (var chunk = 0; chunk < probabilities.Length; chunk++)
        {
            input.AsSpan(ChunkSamples).CopyTo(input); // the context
            var next = samples[(chunk * ChunkSamples)..];
            next = next[..Math.Min(ChunkSamples, next.Length)];
            next.CopyTo(input.AsSpan(ContextSamples));
            input.AsSpan(ContextSamples + next.Length).Clear();
            run.Run();
            probabilities[chunk] = output[0];
            nextState.CopyTo(state, 0);
        }
        return probabilities;
    }

    private static byte[] ReadModel()
    {
        using var stream = typeof(SileroNetwork).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
