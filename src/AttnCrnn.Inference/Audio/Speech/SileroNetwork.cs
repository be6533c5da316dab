using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Audio.Speech;

/// <summary>
/// Silero VAD 6.2.3 for 16 kHz: the encoder of chunks, an LSTM over them, and a logit. Computed here and not by ONNX
/// Runtime, which takes four times as long: the model's graph has one chunk per call, and a process that needs the
/// runtime for nothing else would load it.
/// </summary>
internal sealed class SileroNetwork : IDisposable
{
    private const int Units = SileroWeights.Units;
    private const int MaxChunks = SileroEncoder.MaxChunks;

    private readonly SileroWeights weights = SileroWeights.Instance;
    private readonly Disposables parts = new();
    private readonly SileroEncoder encoder;
    private readonly AlignedBuffer gates;
    private readonly AlignedBuffer hidden; // [1 + chunks, units]: h before the block, then of each chunk
    private readonly AlignedBuffer cells; // c, and its tanh

    private SileroNetwork()
    {
        encoder = parts.Add(new SileroEncoder());
        gates = parts.Add(new AlignedBuffer(MaxChunks * 4 * Units));
        hidden = parts.Add(new AlignedBuffer((1 + MaxChunks) * Units));
        cells = parts.Add(new AlignedBuffer(2 * Units));
    }

    /// <summary>Reads the weights, which the first recording does otherwise.</summary>
    public static void Open() => _ = SileroWeights.Instance;

    /// <summary>The probability of speech in every chunk of a recording.</summary>
    /// <param name="samples">[samples], 16 kHz mono; the last chunk is padded with zeros.</param>
    /// <returns>[chunks].</returns>
    public static float[] Run(ReadOnlySpan<float> samples)
    {
        var probabilities = new float[(samples.Length + SileroEncoder.ChunkSamples - 1) / SileroEncoder.ChunkSamples];
        using var network = new SileroNetwork();
        for (var first = 0; first < probabilities.Length; first += MaxChunks)
        {
            var chunks = Math.Min(MaxChunks, probabilities.Length - first);
            network.RunLstm(network.encoder.Encode(samples, first, chunks));
            network.ComputeLogits(probabilities.AsSpan(first, chunks));
        }
        VectorMath.Sigmoid(probabilities, probabilities);
        return probabilities;
    }

    public void Dispose() => parts.Dispose();

    // inputs: [chunks, 128]; h and c go on from one block to the next.
    private void RunLstm(MatrixView inputs)
    {
        var z = gates.Rows(0, inputs.Count, 4 * Units);
        for (var i = 0; i < z.Count; i++)
            weights.InputBias.CopyTo(z[i]);
        MatrixProduct.Multiply(inputs, weights.Input, z, accumulate: true);
        var h = hidden.Rows(0, 1 + inputs.Count, Units);
        var bias = weights.RecurrentBias.Rows(0, 1, 4 * Units);
        var c = cells.Rows(0, 1, Units);
        var tanhC = cells.Rows(Units, 1, Units);
        for (var i = 0; i < inputs.Count; i++)
        {
            MatrixProduct.Multiply(h.Slice(i, 1), weights.Recurrent, z.Slice(i, 1), accumulate: true);
            LstmCell.Forward(z.Slice(i, 1), bias, c, c, tanhC, h.Slice(i + 1, 1));
        }
    }

    private void ComputeLogits(Span<float> logits)
    {
        var h = hidden.Rows(0, 1 + logits.Length, Units);
        h[logits.Length].CopyTo(h[0]);
        for (var i = 0; i < logits.Length; i++)
        {
            VectorMath.Relu(h[i + 1], h[i + 1]);
            logits[i] = VectorMath.Dot(h[i + 1], weights.Output) + weights.OutputBias;
        }
    }
}
