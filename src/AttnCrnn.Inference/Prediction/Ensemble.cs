using AttnCrnn.Encoders;
using AttnCrnn.Models;

namespace AttnCrnn.Prediction;

/// <summary>
/// One model, or the models of a run's folds with averaged probabilities. Thread-safe, as <see cref="Predictor"/>.
/// </summary>
public sealed class Ensemble : IDisposable
{
    private readonly IReadOnlyList<Predictor> predictors;

    private Ensemble(IReadOnlyList<Predictor> predictors) => this.predictors = predictors;

    /// <summary>Description of the first model; all models have the same labels and encoder.</summary>
    public TrainedModelInfo Info => predictors[0].Info;

    /// <summary>[models][layers], weights of the encoder layers; empty if the models have a single one.</summary>
    public IReadOnlyList<float[]> LayerWeights => [.. predictors.Select(p => p.LayerWeights).OfType<float[]>()];

    /// <summary>
    /// The temperature of the probabilities; null if they are means over several models, some with temperatures of
    /// their own.
    /// </summary>
    internal double? Temperature =>
        predictors.Count == 1 ? Info.Temperature
        : predictors.All(predictor => predictor.Info.Temperature == 1) ? 1
        : null;

    /// <summary>Notices for the user about the models, one line each.</summary>
    public IReadOnlyList<string> Notices => [.. predictors.SelectMany(predictor => predictor.Notices)];

    /// <summary>Loads the models of an ensemble.</summary>
    /// <param name="paths">Model files, at least one.</param>
    /// <param name="threads">Number of threads of a call, at least 1.</param>
    /// <param name="exactConvolution">Use direct convolution even if the models were trained with Winograd's.</param>
    /// <param name="labels">[classes], for Keras archives without labels.</param>
    /// <param name="concurrency">
    /// Number of calls that run at the same time, at least 1, each with its own threads and memory; further ones wait.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// The models have different labels or encoders, or one is invalid.
    /// </exception>
    public static Ensemble Load(
        IReadOnlyList<string> paths,
        int threads,
        bool exactConvolution = false,
        IReadOnlyList<string>? labels = null,
        int concurrency = 1
    )
    {
        JitWarmup.Start();
        var predictors = paths
            .Select(path => Predictor.Load(path, threads, exactConvolution, labels, concurrency))
            .ToList();
        var first = predictors[0].Info;
        for (var i = 1; i < predictors.Count; i++)
            if (!predictors[i].Info.Labels.SequenceEqual(first.Labels) || predictors[i].Info.Encoder != first.Encoder)
                throw new InvalidInputException(paths[i], $"labels or encoder differ from {paths[0]}");
        return new(predictors);
    }

    /// <summary>Whether clips are normalized with the statistics of their speaker.</summary>
    public bool UsesSpeakerNormalization => Info.Normalization.Kind == NormalizationMode.Speaker;

    /// <summary>Predicts probabilities of clips, averaged over the models.</summary>
    /// <param name="clips">Each [frames, width], at least 4 frames of the models' encoder.</param>
    /// <param name="speakerNormalizations">
    /// [clips], statistics of each clip's speaker; null to use each model's.
    /// </param>
    /// <returns>[clips][classes], in the order of the labels.</returns>
    /// <exception cref="InvalidInputException">
    /// A clip is too short, too long, of the wrong feature dimension, or its probabilities are NaN.
    /// </exception>
    /// <exception cref="ArgumentException">The numbers of clips and normalizations differ.</exception>
    public IReadOnlyList<double[]> Predict(
        IReadOnlyList<FrameMatrix> clips,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations = null
    )
    {
        var probabilitySets = predictors.Select(predictor => predictor.Predict(clips, speakerNormalizations)).ToArray();
        return predictors.Count == 1
            ? probabilitySets[0]
            :
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Select(clip =>
                        Enumerable
                            .Range(0, Info.Labels.Count)
                            .Select(k => probabilitySets.Average(probabilities => probabilities[clip][k]))
                            .ToArray()
                    ),
            ];
    }

    /// <summary>
    /// The self-attention that each time step of a clip receives, averaged over the models: as
    /// <see cref="Predictor.ComputeReceivedAttention"/>.
    /// </summary>
    internal double[]? ComputeReceivedAttention(FrameMatrix clip, FeatureNormalization? speaker)
    {
        double[]?[] received = [.. predictors.Select(model => model.ComputeReceivedAttention(clip, speaker))];
        return received.Any(weights => weights is null)
            ? null
            : [.. Enumerable.Range(0, received[0]!.Length).Select(step => received.Average(weights => weights![step]))];
    }

    /// <summary>Describes why frames of another encoder do not fit the models; null if they do.</summary>
    public string? DescribeMismatch(EncoderDescription frames) => predictors[0].DescribeMismatch(frames);

    /// <summary>Describes why a clip of this length cannot be predicted; null if it can.</summary>
    internal OptionText? DescribeLengthError(int frames) => predictors[0].DescribeLengthError(frames);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var predictor in predictors)
            predictor.Dispose();
    }
}
