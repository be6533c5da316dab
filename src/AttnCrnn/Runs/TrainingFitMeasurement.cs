using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Training;

namespace AttnCrnn.Runs;

/// <summary>
/// Measures how well models fit their training sets, after the training and from their files, so that no weight and no
/// random number of a training depends on it.
/// </summary>
internal sealed class TrainingFitMeasurement(
    StorePredictor predictor,
    TrainingOptions options,
    IReadOnlyList<string> labels
)
{
    /// <summary>Maximum number of training clips that are predicted: a standard error of accuracy below 2.3%.</summary>
    public const int MaxSample = 500;

    private const double NearBest = 0.95;

    /// <summary>
    /// Predicts a sample of the training set, and the validation set, with the model of the best epoch.
    /// </summary>
    /// <param name="fold">Counted from 1; null without folds.</param>
    /// <returns>Null if the run has no checkpoint of this fold: its history is not known.</returns>
    public TrainingFit? Measure(
        RunDirectory run,
        int? fold,
        DatasetSplit split,
        Ensemble model,
        CancellationToken cancellationToken
    )
    {
        if (Trainer.ReadState(run.GetResumeFolder(fold)) is not { History: { Count: > 0 } history } state)
            return null;
        var train = split.GetIndices(Subset.Train);
        var best = state.Stopping.BestEpoch;
        return new()
        {
            Fold = fold,
            Monitor = TrainingOptions.Table[OptionKeys.Monitor].Format(options),
            BestEpoch = best + 1,
            Best = GetMonitored(history[best]),
            Epochs = history.Count,
            StoppedEarly = state.StoppedEarly,
            StepsPerEpoch = (int)((state.Step - state.PartialEpoch.Steps) / history.Count),
            NearBestEpoch = 1 + FindNearBest(history, GetMonitored(history[best])),
            TrainingClips = train.Count,
            Train = Measure(Sample(train), model, fold, cancellationToken),
            Validation = Measure(split.GetIndices(Subset.Validation), model, fold, cancellationToken),
        };
    }

    private double GetMonitored(EpochMetrics epoch) =>
        options.Monitor == MonitoredMetric.ValUar ? epoch.ValUar : epoch.ValAccuracy;

    private int FindNearBest(IReadOnlyList<EpochMetrics> history, double best) =>
        history.Index().First(epoch => GetMonitored(epoch.Item) >= NearBest * best).Index;

    // The clips of the training set in a random order of their own stream; the order of the store afterwards.
    private int[] Sample(IReadOnlyList<int> train)
    {
        int[] clips = [.. train];
        if (clips.Length <= MaxSample)
            return clips;
        new RandomStream(options.Seed).ForStream(RandomStreamId.TrainingSample).Shuffle(clips.AsSpan());
        return [.. clips.Take(MaxSample).Order()];
    }

    private SetMetrics Measure(IReadOnlyList<int> clips, Ensemble model, int? fold, CancellationToken cancellationToken)
    {
        var predictions = predictor.Predict(clips, model, fold, cancellationToken);
        var metrics = Classification.Compute(
            EvaluationResult.MapTruthToIndices(labels, predictions),
            [.. predictions.Select(clip => clip.Probabilities)],
            labels
        );
        return new(clips.Count, metrics.LogLoss, metrics.Accuracy, metrics.Uar);
    }
}
