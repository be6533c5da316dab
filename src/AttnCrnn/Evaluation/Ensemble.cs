using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Evaluation;

/// <summary>One model, or the folds of one run, whose probabilities are averaged.</summary>
public sealed class Ensemble : IDisposable
{
    private readonly IReadOnlyList<Predictor> predictors;

    private Ensemble(IReadOnlyList<Predictor> predictors) => this.predictors = predictors;

    /// <summary>The first model's description; labels and encoder are those of all.</summary>
    public TrainedModelInfo Model => predictors[0].Model;

    /// <summary>The models' mix of the encoder's layers; null where they have none.</summary>
    public LayerWeights? LayerWeights =>
        Evaluation.LayerWeights.Compute(
            predictors.Select(predictor => predictor.LayerWeights is { } weights ? new LayerWeights([weights]) : null)
        );

    /// <summary>What the user should know of the models; a line each.</summary>
    public IReadOnlyList<string> Notices => [.. predictors.SelectMany(predictor => predictor.Notices)];

    /// <summary>Loads models that are to judge together.</summary>
    /// <param name="paths">Of model files, at least one.</param>
    /// <param name="threads">To compute with, at least 1.</param>
    /// <param name="exactConvolution">Direct products whatever the models were trained with.</param>
    /// <param name="labels">[classes], for archives of Keras' own, which do not say them.</param>
    /// <exception cref="InvalidInputException">The models do not fit together, or one cannot be used.</exception>
    public static Ensemble Load(
        IReadOnlyList<string> paths,
        int threads,
        bool exactConvolution = false,
        IReadOnlyList<string>? labels = null
    )
    {
        JitWarmup.Start();
        var predictors = paths.Select(path => Predictor.Load(path, threads, exactConvolution, labels)).ToList();
        var first = predictors[0].Model;
        for (var i = 1; i < predictors.Count; i++)
            if (!predictors[i].Model.Labels.SequenceEqual(first.Labels) || predictors[i].Model.Encoder != first.Encoder)
                throw new InvalidInputException($"{paths[i]}: other labels or another encoder than {paths[0]}");
        return new(predictors);
    }

    /// <summary>Whether clips are to be normalised by their own speaker's figures.</summary>
    public bool UsesSpeakerNormalization => Model.Normalization.Kind == "speaker";

    /// <summary>Probabilities of clips, averaged over the models.</summary>
    /// <param name="clips">Each [frames, width], at least 4 frames, as the models' encoder made them.</param>
    /// <param name="speakerNormalizations">[clips], each clip's own speaker's figures; null: those of each model.</param>
    /// <returns>[clips][classes], in the order of the labels.</returns>
    /// <exception cref="InvalidInputException">A clip is too short, too long, not of the models' width, or gives no numbers.</exception>
    /// <exception cref="ArgumentException">There are not as many normalisations as clips.</exception>
    public IReadOnlyList<double[]> Predict(
        IReadOnlyList<FrameMatrix> clips,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations = null
    )
    {
        var all = predictors.Select(predictor => predictor.Predict(clips, speakerNormalizations)).ToArray();
        return predictors.Count == 1
            ? all[0]
            :
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Select(clip =>
                        Enumerable
                            .Range(0, Model.Labels.Count)
                            .Select(k => all.Average(readOnlyList => readOnlyList[clip][k]))
                            .ToArray()
                    ),
            ];
    }

    /// <summary>What is wrong with frames of another making; null: they fit.</summary>
    public string? Mismatch(EncoderDescription frames) => predictors[0].DescribeMismatch(frames);

    /// <summary>Says why a clip of so many frames is not judged; null: it is.</summary>
    internal string? LengthError(int frames) => predictors[0].LengthError(frames);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var predictor in predictors)
            predictor.Dispose();
    }
}
