using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Runs;

/// <summary>Evaluates a published classifier on labeled recordings.</summary>
public static class RecordingEvaluation
{
    /// <summary>Predicts the labeled clips of a corpus and computes all metrics.</summary>
    /// <param name="predictor">A published classifier, which predicts probabilities of classes.</param>
    /// <param name="options">The classes, the seed of the confidence intervals, and the tolerance.</param>
    /// <param name="invalid">Receives the error of each recording that cannot be predicted.</param>
    /// <exception cref="InvalidInputException">
    /// The classifier predicts values, no clip has a label, a label is not a class of the classifier, or more
    /// recordings are invalid than allowed.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static EvaluationResult Evaluate(
        EmotionPredictor predictor,
        Corpus corpus,
        ExperimentOptions options,
        Action<InvalidInputException> invalid,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(predictor);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(invalid);
        if (predictor.Output != ClassifierOutput.Probabilities)
            throw new InvalidInputException(
                $"the model predicts {string.Join(", ", predictor.Labels)}, not one of several classes: metrics of "
                    + "classes do not apply"
            );
        InvalidOptionsException.ThrowIfAny(
            options.LabelRules.Check(corpus.Clips.Select(clip => clip.Label).OfType<string>())
        );
        // Before hours of predictions.
        var labelMap = GivenClips.MapLabels(
            corpus.Clips.Select(clip => clip.Label),
            options.LabelRules,
            predictor.Labels
        );
        var clips = corpus
            .Clips.Select(clip => (Clip: clip, Label: clip.Label is { } label ? options.LabelRules.Apply(label) : null))
            .Where(entry => entry.Label is not null)
            .Select(entry =>
                (
                    entry.Clip,
                    Prediction: CreatePrediction(entry.Clip, entry.Label!) with
                    {
                        Votes = VoteDistribution.Compute(entry.Clip.Votes, options.LabelRules, predictor.Labels),
                    }
                )
            )
            .ToList();
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{corpus.Name}: no clip has a label; labels are folder names, or a manifest's column"
            );
        var predictions = Predict(predictor, clips, invalid, cancellationToken);
        RequireValid(clips.Count, clips.Count - predictions.Count, options.MaxInvalidFraction);
        return EvaluationResult.Compute(
            predictor.Labels,
            predictions,
            new()
            {
                SpeakersDisjoint = false,
                LabelMap = labelMap,
                Synthetic = corpus.Synthetic,
                TrainedCorpora = FindTrainedCorpora(predictor.Classifier?.Name, clips.Select(entry => entry.Clip.Path)),
            },
            new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap).SampleBelow,
            layerWeights: null
        );
    }

    private static List<ClipPrediction> Predict(
        EmotionPredictor predictor,
        IReadOnlyList<(Clip Clip, ClipPrediction Prediction)> clips,
        Action<InvalidInputException> invalid,
        CancellationToken cancellationToken
    )
    {
        var inputs = clips.ToDictionary(entry => CreateInput(entry.Clip), entry => entry.Prediction);
        var predictions = new List<ClipPrediction>();
        var set = RecordingSetPredictor.Create(predictor, [.. inputs.Keys], cancellationToken: cancellationToken);
        foreach (var prediction in set.Predict(cancellationToken))
            if (prediction.Probabilities is { } probabilities)
                predictions.Add(
                    inputs[prediction.Input] with
                    {
                        Predicted = predictor.Labels[ClassProbabilities.FindMostProbable(probabilities)],
                        Probabilities = probabilities,
                    }
                );
            else
                invalid(
                    prediction.Error is RecordingLengthException tooLong
                        ? tooLong.ToEvaluationError(prediction.Input.Path)
                        : prediction.Error!
                );
        return predictions;
    }

    private static PredictionInput CreateInput(Clip clip) =>
        new(clip.Path, clip.Speaker, clip.StartSeconds, clip.EndSeconds) { Channel = clip.Channel };

    // Without what is predicted.
    private static ClipPrediction CreatePrediction(Clip clip, string label) =>
        new(clip.Path, clip.Speaker, label, "", [], null, clip.StartSeconds, clip.EndSeconds)
        {
            Channel = clip.Channel,
            Temperature = 1, // a published classifier has none
            Sex = clip.Sex,
            Session = clip.Session,
        };

    private static void RequireValid(int clipCount, int invalidCount, double maxInvalidFraction)
    {
        if (invalidCount == clipCount || invalidCount > maxInvalidFraction * clipCount)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{invalidCount} of {clipCount} recordings are invalid, more than {OptionKeys.MaxInvalidFraction} "
                        + $"allows; repair or remove them"
                )
            );
    }

    /// <summary>The corpora of recordings on which a classifier was trained, as far as its authors say.</summary>
    /// <param name="paths">Recordings: those of a known corpus keep their names.</param>
    internal static IReadOnlyList<string> FindTrainedCorpora(string? classifier, IEnumerable<string> paths)
    {
        if (classifier is null || PublishedTraining.Find(classifier) is not { } training)
            return [];
        string[] names = [.. paths.Select(path => Path.GetFileNameWithoutExtension(path)!)];
        return [.. CorpusFileNames.Create(names).Corpora.Intersect(training.Corpora)];
    }
}
