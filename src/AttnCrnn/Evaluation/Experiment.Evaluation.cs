using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Runs;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Evaluation;

/// <content>Evaluation of trained models.</content>
public sealed partial class Experiment
{
    /// <summary>Evaluates the test sets of the trained folds, each with the fold's best model.</summary>
    /// <exception cref="InvalidInputException">No fold is trained.</exception>
    public EvaluationResult Evaluate(RunDirectory run, CancellationToken cancellationToken)
    {
        var trainedFolds = FindTrainedFolds(run);
        var predictor = new StorePredictor(store, plan.LabelOfClip, speakerNormalizations);
        var predictionSets = new List<IReadOnlyList<ClipPrediction>>();
        var layerWeights = new List<LayerWeights?>();
        var evaluated = new List<int>();
        foreach (var fold in trainedFolds)
        {
            using var model = Ensemble.Load(
                RunDirectory.FindModels(run.WorkFolder, run.GetModelFolder(fold)),
                options.Training.Threads,
                options.Training.ExactConvolution
            );
            var test = Splits[(fold ?? 1) - 1].GetIndices(Subset.Test);
            if (test.Count == 0)
                throw new InvalidInputException(
                    "the split has no test set: add one to the manifest, or omit its split column"
                );
            predictionSets.Add(predictor.Predict(test, model, fold, cancellationToken));
            layerWeights.Add(model.LayerWeights);
            evaluated.AddRange(test);
        }
        return EvaluationResult.Compute(
            Labels,
            PoolPredictions(predictionSets, evaluated),
            DescribeProtocol(trainedFolds.Length, evaluated),
            CreateBootstrapStream(options).SampleBelow,
            LayerWeights.Compute(layerWeights)
        );
    }

    /// <summary>Evaluates a model on all labeled clips of a store.</summary>
    /// <exception cref="InvalidInputException">No clip has a label, or the frames are from another encoder.</exception>
    public static EvaluationResult EvaluateAll(
        FeatureStore store,
        Ensemble model,
        ExperimentOptions options,
        CancellationToken cancellationToken
    )
    {
        ExperimentPlan.RequireValidClips(store, options.MaxInvalidFraction);
        if (model.DescribeMismatch(store.Description.Encoder) is { } mismatch)
            throw new InvalidInputException(mismatch);
        var labels = ExperimentPlan.MapLabels(store, options.LabelRules);
        int[] clips = [.. Enumerable.Range(0, store.Clips.Count).Where(i => labels[i] is not null)];
        var protocol = new EvaluationProtocol(
            "given",
            "The clips were given by the user. If the model was trained on their speakers, the metrics overestimate "
                + "performance (speaker leakage).",
            SpeakersDisjoint: false,
            store.Synthetic,
            model.UsesSpeakerNormalization ? SpeakerNormalizationReport.Create(store.Clips, clips) : null
        );
        var predictor = new StorePredictor(
            store,
            labels,
            new(() => ComputeSpeakerNormalizations(store, new FeatureStoreFrameSource(store)))
        );
        return EvaluationResult.Compute(
            model.Info.Labels,
            predictor.Predict(clips, model, fold: null, cancellationToken),
            protocol,
            CreateBootstrapStream(options).SampleBelow,
            model.LayerWeights
        );
    }

    private int?[] FindTrainedFolds(RunDirectory run)
    {
        int?[] trainedFolds =
        [
            .. FoldNumbers.Where(fold => File.Exists(RunDirectory.GetBestModelPath(run.GetModelFolder(fold)))),
        ];
        if (trainedFolds.Length == 0)
            throw new InvalidInputException(
                $"{run.Name}: no model to evaluate; resume with: train --resume {run.Name}"
            );
        return trainedFolds;
    }

    private EvaluationProtocol DescribeProtocol(int trainedFolds, IReadOnlyList<int> evaluated)
    {
        var protocol = Protocol with
        {
            SpeakerNormalization = SpeakerNormalization is null
                ? null
                : SpeakerNormalizationReport.Create(store.Clips, evaluated),
        };
        if (trainedFolds == Splits.Count)
            return protocol;
        return protocol with
        {
            Description = $"{protocol.Description} Only {trainedFolds} of {Splits.Count} folds are trained so far.",
        };
    }

    private IReadOnlyList<ClipPrediction> PoolPredictions(
        List<IReadOnlyList<ClipPrediction>> predictionSets,
        List<int> evaluated
    ) =>
        options.Folds == 0
            ? predictionSets[0]
            : CrossValidation.Pool(
                predictionSets,
                [.. evaluated.Order().Select(CreateKey)],
                Splits[0].SpeakersDisjoint
            );

    private static RandomStream CreateBootstrapStream(ExperimentOptions options) =>
        new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap);

    private ClipKey CreateKey(int clip) =>
        new(store.Clips[clip].Path, store.Clips[clip].StartSeconds, store.Clips[clip].EndSeconds);
}
