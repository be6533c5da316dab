using AttnCrnn.Numerics.Gemm;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Onnx;

namespace AttnCrnn.Audio.Speech;

/// <summary>
/// The weights of Silero VAD (models/silero-vad), which is embedded in the assembly, as operands of matrix products;
/// read once per process and kept.
/// </summary>
internal sealed class SileroWeights
{
    /// <summary>Samples of a window of the spectrum.</summary>
    public const int WindowSamples = 256;

    /// <summary>Bins of the spectrum.</summary>
    public const int Bins = (WindowSamples / 2) + 1;

    /// <summary>Units of the LSTM.</summary>
    public const int Units = 128;

    private const int Gates = 4;
    private const int Taps = SileroFrames.Taps;
    private const string Resource = "silero_vad_16k_op15.onnx";

    private static readonly Lazy<SileroWeights> Weights = new(() => new(new Initializers(ReadModel())));

    private SileroWeights(Initializers model)
    {
        Spectrum = Pack(model.Read("model.stft.forward_basis_buffer", 2 * Bins * WindowSamples), 2 * Bins);
        Convolutions =
        [
            ReadConvolution(model, 0, Bins, filters: 128),
            ReadConvolution(model, 1, 128, filters: 64),
            ReadConvolution(model, 2, 64, filters: 64),
            ReadConvolution(model, 3, 64, filters: Units),
        ];
        Input = Pack(model.Read("model.decoder.rnn.weight_ih", Gates * Units * Units), Gates * Units);
        Recurrent = Pack(model.Read("model.decoder.rnn.weight_hh", Gates * Units * Units), Gates * Units);
        InputBias = model.Read("model.decoder.rnn.bias_ih", Gates * Units);
        RecurrentBias = new(Gates * Units);
        model.Read("model.decoder.rnn.bias_hh", Gates * Units).CopyTo(RecurrentBias.Span);
        Output = model.Read("model.decoder.decoder.2.weight", Units);
        OutputBias = model.Read("model.decoder.decoder.2.bias", 1)[0];
    }

    /// <summary>The weights; the first call reads them.</summary>
    public static SileroWeights Instance => Weights.Value;

    /// <summary>[256, 2 · 129]: windowed cosines, then sines.</summary>
    public PackedRight Spectrum { get; }

    /// <summary>The convolutions over frames: [3 · channels, filters], and the bias [filters].</summary>
    public IReadOnlyList<(PackedRight Kernel, float[] Bias)> Convolutions { get; }

    /// <summary>[128, 4 · 128]: from the input to the gates i, f, g, o of the LSTM.</summary>
    public PackedRight Input { get; }

    /// <summary>[4 · 128].</summary>
    public float[] InputBias { get; }

    /// <summary>[128, 4 · 128]: from the state to the gates.</summary>
    public PackedRight Recurrent { get; }

    /// <summary>[4 · 128].</summary>
    public AlignedBuffer RecurrentBias { get; }

    /// <summary>[128]: from the state to the logit.</summary>
    public float[] Output { get; }

    /// <summary>Bias of the logit.</summary>
    public float OutputBias { get; }

    // [filters, channels, taps] becomes [filters, taps · channels], the layout of consecutive frames.
    private static (PackedRight Kernel, float[] Bias) ReadConvolution(
        Initializers model,
        int index,
        int channels,
        int filters
    )
    {
        var name = $"model.encoder.{index}.reparam_conv";
        var kernel = model.Read($"{name}.weight", filters * channels * Taps);
        var byFrame = new float[kernel.Length];
        for (var filter = 0; filter < filters; filter++)
        for (var channel = 0; channel < channels; channel++)
        for (var tap = 0; tap < Taps; tap++)
            byFrame[(((filter * Taps) + tap) * channels) + channel] = kernel[
                (((filter * channels) + channel) * Taps) + tap
            ];
        return (Pack(byFrame, filters), model.Read($"{name}.bias", filters));
    }

    // [columns, depth] becomes a right operand [depth, columns].
    private static PackedRight Pack(float[] weights, int columns)
    {
        var depth = weights.Length / columns;
        using var buffer = new AlignedBuffer(weights.Length);
        weights.CopyTo(buffer.Span);
        var packed = new PackedRight(depth, columns);
        packed.PackTransposed(buffer.Rows(0, columns, depth));
        return packed;
    }

    private static byte[] ReadModel()
    {
        using var stream = typeof(SileroWeights).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
