using AttnCrnn.Encoders;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Options;

namespace AttnCrnn.Prediction;

/// <summary>
/// Predicts with a saved model. Thread-safe: as many calls as was said at loading run at the same time; further ones
/// wait. The bits of a result depend neither on other calls nor on the number of threads. Dispose it after the last
/// call.
/// </summary>
public sealed partial class Predictor : IDisposable
{
    private const int MaxClips = 32;
    private const int MaxRows = 1 << 15; // frames per batch; a longer clip is a batch of its own
    private const int MaxFrames = 1 << 16; // per clip: the time of attention grows with the square
    private const int MaxValues = 1 << 25; // per batch: frames of all layers are large

    private readonly string path;
    private readonly NetworkPool networks;

    private Predictor(string path, TrainedModel content, int threads, bool exactConvolution, int concurrency)
    {
        this.path = path;
        Info = content.Info;
        Notices = content.Notices;
        LayerWeights = content
            .Tensors.FirstOrDefault(tensor => tensor.Name == TensorNames.LayerWeightingKernel)
            ?.Values;
        var options = exactConvolution ? Info.Network with { ExactConvolution = true } : Info.Network;
        networks = new NetworkPool(options, content.Tensors, threads, concurrency);
    }

    /// <summary>Labels, encoder, normalization and origin of the model.</summary>
    public TrainedModelInfo Info { get; }

    /// <summary>Notices for the user about a model saved by another program, one line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>[layers], weights of the encoder layers; null if the model has a single encoder layer.</summary>
    public float[]? LayerWeights { get; }

    /// <summary>Loads a model.</summary>
    /// <param name="path">Model file.</param>
    /// <param name="threads">Number of threads of a call, at least 1.</param>
    /// <param name="exactConvolution">Use direct convolution even if the model was trained with Winograd's.</param>
    /// <param name="labels">[classes], for a Keras archive without labels.</param>
    /// <param name="concurrency">
    /// Number of calls that run at the same time, at least 1, each with its own threads and memory; further ones wait.
    /// </param>
    /// <exception cref="InvalidInputException">The file is not a model, or its labels are unknown.</exception>
    public static Predictor Load(
        string path,
        int threads,
        bool exactConvolution = false,
        IReadOnlyList<string>? labels = null,
        int concurrency = 1
    ) => new(path, ModelFile.Read(path, labels), threads, exactConvolution, concurrency);

    /// <summary>Predicts probabilities of clips; a clip's probabilities are bit-identical in any call.</summary>
    /// <param name="clips">Each [frames, width], at least 4 frames of the model's encoder.</param>
    /// <param name="speakerNormalizations">
    /// [clips], normalization of each clip from <see cref="SpeakerStatistics"/>, for a model trained with
    /// speaker normalization; null to use the model's.
    /// </param>
    /// <returns>[clips][classes], scaled by the model's temperature.</returns>
    /// <exception cref="InvalidInputException">
    /// A clip is too short, too long (for a model with fixed input length, or for memory), of the wrong feature
    /// dimension, or its probabilities are NaN.
    /// </exception>
    /// <exception cref="ArgumentException">The numbers of clips and normalizations differ.</exception>
    public IReadOnlyList<double[]> Predict(
        IReadOnlyList<FrameMatrix> clips,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations = null
    )
    {
        if (speakerNormalizations is not null && speakerNormalizations.Count != clips.Count)
            throw new ArgumentException(
                $"{speakerNormalizations.Count} normalizations for {clips.Count} clips",
                nameof(speakerNormalizations)
            );
        return networks.Run(network => PredictBatches(clips, speakerNormalizations, network));
    }

    /// <summary>Describes why frames of another encoder do not fit the model; null if they do.</summary>
    public string? DescribeMismatch(EncoderDescription frames) =>
        frames == Info.Encoder
        || ((frames.IsUnknown || Info.Encoder.IsUnknown) && frames.FrameWidth == Info.Encoder.FrameWidth)
            ? null
            : $"{path} expects frames of {Info.Encoder}, not of {frames}";

    /// <inheritdoc/>
    public void Dispose() => networks.Dispose();

    private List<double[]> PredictBatches(
        IReadOnlyList<FrameMatrix> clips,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations,
        NetworkSlot network
    )
    {
        var result = new List<double[]>();
        foreach (var batch in SplitIntoBatches(clips))
        {
            var normalizations = Enumerable
                .Range(0, clips.Count)
                .Take(batch)
                .Select(clip => speakerNormalizations?[clip] ?? Info.Normalization);
            result.AddRange(PredictBatch([.. clips.Take(batch)], [.. normalizations], network));
        }
        return result;
    }

    private int GetPaddedLength(FrameMatrix clip)
    {
        if (clip.Width * clip.Layers != Info.Encoder.FrameWidth)
            throw new InvalidInputException(
                $"feature dimension {clip.Width * clip.Layers}: the model expects {Info.Encoder.FrameWidth} "
                    + $"({Info.Encoder})"
            );
        if (DescribeLengthError(clip.Count) is { } error)
            throw new InvalidInputException(error);
        return Math.Max(clip.Count, Info.Padding);
    }

    /// <summary>Describes why a clip of this length cannot be predicted; null if it can.</summary>
    internal OptionText? DescribeLengthError(int frames)
    {
        if (frames < NetworkOptions.MinFrames)
            return $"{frames} frames: expected at least {NetworkOptions.MinFrames}; the recording is too short";
        if (frames > MaxFrames)
            return OptionText.Create(
                $"{frames} frames: expected at most {MaxFrames}, since the time of self-attention is quadratic in the "
                    + $"length; predict a recording in windows ({OptionKeys.Window}), or use shorter arrays of frames"
            );
        return Info.IsFixedLength && frames > Info.Padding
            ? OptionText.Create(
                $"{frames} frames: this model's input has a fixed length of {Info.Padding} frames; predict a recording "
                    + $"in windows ({OptionKeys.Window}), use shorter arrays of frames, or train a model with variable "
                    + $"input length"
            )
            : null;
    }

    // As many consecutive clips as fit into a batch.
    private IEnumerable<Range> SplitIntoBatches(IReadOnlyList<FrameMatrix> clips)
    {
        var maxRows = Math.Min(MaxRows, MaxValues / Info.Encoder.FrameWidth);
        var first = 0;
        var rows = 0;
        for (var clip = 0; clip < clips.Count; clip++)
        {
            var frames = GetPaddedLength(clips[clip]);
            var isFull = clip - first == MaxClips || rows + frames > maxRows;
            if (isFull && clip > first)
            {
                yield return first..clip;
                first = clip;
                rows = 0;
            }
            rows += frames;
        }
        if (first < clips.Count)
            yield return first..clips.Count;
    }

    private double[][] PredictBatch(FrameMatrix[] clips, FeatureNormalization[] normalizations, NetworkSlot network)
    {
        var offsets = ComputeOffsets(clips);
        var ready = network.EnsureCapacity(offsets[^1], clips.Length, clips.Max(GetPaddedLength));
        using var frames = new AlignedBuffer(checked(offsets[^1] * Info.Encoder.FrameWidth));
        var batch = Pack(clips, normalizations, offsets, frames);
        using var buffer = new AlignedBuffer(clips.Length * Info.Labels.Count);
        var probabilities = buffer.Rows(0, clips.Length, Info.Labels.Count);
        ready.Predict(batch, probabilities);
        if (buffer.Span.IndexOfAnyExceptInRange(0, 1) >= 0)
            throw new InvalidInputException(
                path,
                "the probabilities for these frames are NaN: frames or weights overflow float32; check both"
            );
        var temperature = new Temperature(Info.Temperature);
        return
        [
            .. Enumerable
                .Range(0, clips.Length)
                .Select(i => temperature.Apply([.. probabilities[i].ToArray().Select(value => (double)value)])),
        ];
    }

    // First row of each clip in a batch, and the number of rows.
    private int[] ComputeOffsets(FrameMatrix[] clips)
    {
        var offsets = new int[clips.Length + 1];
        for (var i = 0; i < clips.Length; i++)
            offsets[i + 1] = offsets[i] + GetPaddedLength(clips[i]);
        return offsets;
    }

    // Normalized frames, with the padding of a model of fixed length.
    private PackedBatch Pack(
        FrameMatrix[] clips,
        FeatureNormalization[] normalizations,
        int[] offsets,
        AlignedBuffer frames
    )
    {
        var width = Info.Encoder.FrameWidth;
        for (var i = 0; i < clips.Length; i++)
        {
            var clip = frames.Span.Slice(offsets[i] * width, clips[i].Count * width);
            clips[i].Values.AsSpan(0, clip.Length).CopyTo(clip);
            // With a fixed length, Keras normalizes the padded clip.
            var padded = frames.Span[(offsets[i] * width)..(offsets[i + 1] * width)];
            normalizations[i].Apply(Info.IsFixedLength ? padded : clip);
        }
        return new(frames.Rows(0, offsets[^1], width), offsets, clips.Length);
    }
}
