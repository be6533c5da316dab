using AttnCrnn.Encoders;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training;

/// <summary>A saved model at work. One call at a time.</summary>
public sealed class Predictor : IDisposable
{
    private const int MaxClips = 32;
    private const int MaxRows = 1 << 15; // frames at once; a longer clip goes by itself
    private const int MaxFrames = 1 << 16; // of a clip: 1 GiB of the attention's shares
    private const int MaxValues = 1 << 25; // of these frames: those of all layers are large

    private readonly string path;
    private readonly IReadOnlyList<ModelTensor> tensors;
    private readonly NetworkOptions shape;
    private readonly WorkerPool workers;
    private Network? network;
    private BatchCapacity capacity;

    private Predictor(string path, TrainedModel content, int threads, bool exactConvolution)
    {
        this.path = path;
        (Model, tensors, Notices) = (content.Model, content.Tensors, content.Notices);
        shape = exactConvolution ? Model.Network with { ExactConvolution = true } : Model.Network;
        workers = new WorkerPool(threads);
    }

    /// <summary>Labels, encoder, normalisation and where the model comes from.</summary>
    public TrainedModelInfo Model { get; }

    /// <summary>What the user should know of a model that another program saved; a line each.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>[layers], the weights of its mix of the encoder's layers; null where it has none.</summary>
    public float[]? LayerWeights => tensors.FirstOrDefault(tensor => tensor.Name == LayerMix.KernelName)?.Values;

    /// <summary>Loads a model.</summary>
    /// <param name="path">Of a model file.</param>
    /// <param name="threads">To compute with, at least 1.</param>
    /// <param name="exactConvolution">Direct products whatever the model was trained with.</param>
    /// <param name="labels">[classes], for an archive of Keras' own, which does not say them.</param>
    /// <exception cref="InvalidInputException">The file is no model, or its labels are not known.</exception>
    public static Predictor Load(
        string path,
        int threads,
        bool exactConvolution = false,
        IReadOnlyList<string>? labels = null
    ) => new(path, ModelFile.Read(path, labels), threads, exactConvolution);

    /// <summary>Probabilities of clips, each the same bits whatever the others are.</summary>
    /// <param name="clips">Each [frames, width], at least 4 frames, as the model's encoder made them.</param>
    /// <param name="speakerNormalizations">
    /// [clips], what each clip is normalised by, as <see cref="SpeakerStatistics"/> makes it for a model of <c>--normalize speaker</c>; null: by the model's own figures.
    /// </param>
    /// <returns>[clips][classes], at the model's temperature.</returns>
    /// <exception cref="InvalidInputException">A clip is too short, too long (for a model whose input has a fixed length, or for memory), not of the model's width, or gives no numbers.</exception>
    /// <exception cref="ArgumentException">There are not as many normalisations as clips.</exception>
    public IReadOnlyList<double[]> Predict(
        IReadOnlyList<FrameMatrix> clips,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations = null
    )
    {
        if (speakerNormalizations is not null && speakerNormalizations.Count != clips.Count)
            throw new ArgumentException(
                $"{speakerNormalizations.Count} normalisations for {clips.Count} clips",
                nameof(speakerNormalizations)
            );
        var result = new List<double[]>();
        for (var first = 0; first < clips.Count; )
        {
            var (count, rows, longest) = (0, 0, 0);
            while (
                first + count < clips.Count
                && count < MaxClips
                && (
                    count == 0
                    || rows + Frames(clips[first + count]) <= Math.Min(MaxRows, MaxValues / Model.Encoder.FrameWidth)
                )
            )
            {
                var frames = Frames(clips[first + count++]);
                (rows, longest) = (rows + frames, Math.Max(longest, frames));
            }
            FeatureNormalization[] by =
            [
                .. Enumerable.Range(first, count).Select(clip => speakerNormalizations?[clip] ?? Model.Normalization),
            ];
            Run([.. clips.Skip(first).Take(count)], by, rows, longest, result);
            first += count;
        }
        return result;
    }

    /// <summary>Says what is wrong with frames of another making; null: they fit.</summary>
    public string? DescribeMismatch(EncoderDescription frames) =>
        frames == Model.Encoder
        || ((frames.IsUnknown || Model.Encoder.IsUnknown) && frames.FrameWidth == Model.Encoder.FrameWidth)
            ? null
            : $"{path} takes frames of {Model.Encoder}, not of {frames}";

    /// <inheritdoc/>
    public void Dispose()
    {
        network?.Dispose();
        workers.Dispose();
    }

    private int Frames(FrameMatrix clip)
    {
        if (clip.Width * clip.Layers != Model.Encoder.FrameWidth)
            throw new InvalidInputException(
                $"frames {clip.Width * clip.Layers} wide: the model takes {Model.Encoder.FrameWidth} ({Model.Encoder})"
            );
        if (LengthError(clip.Count) is { } why)
            throw new InvalidInputException(why);
        return Math.Max(clip.Count, Model.Padding);
    }

    /// <summary>Says why a clip of so many frames is not judged; null: it is.</summary>
    internal string? LengthError(int frames)
    {
        if (frames < NetworkOptions.MinFrames)
            return $"{frames} frames: expected at least {NetworkOptions.MinFrames}; the recording is too short";
        if (frames > MaxFrames)
            return $"{frames} frames: the attention compares all with all, so that no more than {MaxFrames} go at once; let predict judge pieces: --window for a recording, shorter arrays for frames";
        return Model.IsFixedLength && frames > Model.Padding
            ? $"{frames} frames: this model's input has a fixed length of {Model.Padding} frames; let predict judge pieces (--window for a recording, shorter arrays for frames), or train a model whose input has any length"
            : null;
    }

    private void Run(FrameMatrix[] clips, FeatureNormalization[] by, int rows, int longest, List<double[]> result)
    {
        var (width, classes) = (Model.Encoder.FrameWidth, Model.Labels.Count);
        var ready = Ready(rows, clips.Length, longest);
        using var frames = new AlignedBuffer(checked(rows * width));
        using var probabilities = new AlignedBuffer(clips.Length * classes);
        var offsets = new int[clips.Length + 1];
        for (var i = 0; i < clips.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Frames(clips[i]);
            var clip = frames.Span.Slice(offsets[i] * width, clips[i].Count * width);
            clips[i].Values.AsSpan(0, clip.Length).CopyTo(clip);
            by[i].Apply(Model.IsFixedLength ? frames.Span[(offsets[i] * width)..(offsets[i + 1] * width)] : clip); // Keras sees the padded clip
        }
        var rowsOfShares = probabilities.Rows(0, clips.Length, classes);
        ready.Predict(new(frames.Rows(0, rows, width), offsets, clips.Length), rowsOfShares);
        if (probabilities.Span.IndexOfAnyExceptInRange(0, 1) >= 0)
            throw new InvalidInputException(
                $"{path}: it gives no probabilities for these frames (NaN): frames or weights are larger than float32 can compute with; look at both"
            );
        var temperature = new Temperature(Model.Temperature);
        for (var i = 0; i < clips.Length; i++)
            result.Add(temperature.Apply([.. rowsOfShares[i].ToArray().Select(probability => (double)probability)]));
    }

    // Laid out anew only for a larger batch than any before.
    private Network Ready(int rows, int clips, int longest)
    {
        if (network is not null && rows <= capacity.Rows && clips <= capacity.Clips && longest <= capacity.Frames)
            return network;
        network?.Dispose();
        capacity = new(
            Math.Max(rows, capacity.Rows),
            Math.Max(clips, capacity.Clips),
            Math.Max(longest, capacity.Frames)
        );
        network = new Network(shape, workers, capacity, training: false);
        foreach (var (tensor, parameter) in tensors.Zip(network.Parameters.All))
            tensor.Values.CopyTo(parameter.Values.Span);
        return network;
    }
}
