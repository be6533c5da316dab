using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Prediction;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Runs;

/// <content>Evaluation of trained models.</content>
public sealed partial class Experiment
{
    /// <summary>Evaluates the test sets of the trained folds, each with the fold's best model.</summary>
    /// <exception cref="InvalidInputException">No fold is trained.</exception>
    public EvaluationResult Evaluate(RunDirectory run, CancellationToken cancellationToken)
    {
        var trainedFolds = FindTrainedFolds(run);
        var predictor = new StorePredictor(store, plan.LabelOfClip, speakerNormalizations)
        {
            VotesOfClip = ExperimentPlan.ComputeVoteDistributions(store, options.LabelRules, Labels),
        };
        var predictionSets = new List<IReadOnlyList<ClipPrediction>>();
        var layerWeights = new List<float[]>();
        var evaluated = new List<int>();
        var fits = new List<TrainingFit>();
        var fitMeasurement = new TrainingFitMeasurement(predictor, options.Training, Labels);
        foreach (var fold in trainedFolds)
        {
            using var model = Ensemble.Load(
                RunDirectory.FindModels(run.WorkFolder, run.GetModelFolder(fold)),
                options.Training.Threads,
                options.Training.ExactConvolution
            );
            var test = Splits[(fold ?? 1) - 1].GetIndices(Subset.Test);
            if (test.Count == 0)
                throw Splits[0].Facts.Kind == SplitKind.SpeakerList
                    ? SplitRefusal.CreateMissingTestSpeakers()
                    : SplitRefusal.CreateMissingTest(ListUnassigned());
            predictionSets.Add(predictor.Predict(test, model, fold, cancellationToken));
            layerWeights.AddRange(model.LayerWeights);
            evaluated.AddRange(test);
            if (fitMeasurement.Measure(run, fold, Splits[(fold ?? 1) - 1], model, cancellationToken) is { } fit)
                fits.Add(fit);
        }
        return EvaluationResult
            .Compute(
                Labels,
                PoolPredictions(predictionSets, evaluated),
                CreateProtocol([.. trainedFolds.OfType<int>()], evaluated) with
                {
                    UnfinishedTrainings = trainedFolds.Count(fold => IsUnfinished(run, fold)),
                },
                CreateBootstrapStream(options).SampleBelow,
                LayerWeights.Create(layerWeights)
            )
            .WithTrainingFits(fits);
    }

    /// <summary>Evaluates a model on all labeled clips of a store.</summary>
    /// <param name="training">The clips that the model has seen; null if that is not known.</param>
    /// <exception cref="InvalidInputException">
    /// No clip has a label, or one that is no class of the model; the frames are from another encoder; or the model is
    /// an ensemble, and a clip is a training clip of its members.
    /// </exception>
    public static EvaluationResult EvaluateAll(
        FeatureStore store,
        Ensemble model,
        ExperimentOptions options,
        CancellationToken cancellationToken,
        TrainingClips? training = null
    )
    {
        ExperimentPlan.RequireValidClips(store, options.MaxInvalidFraction);
        if (model.DescribeMismatch(store.Description.Encoder) is { } mismatch)
            throw new InvalidInputException(mismatch);
        var allLabels = ExperimentPlan.MapLabels(store, options.LabelRules);
        var repeatedClips = RepeatedClips.Find(store, allLabels);
        var labels = repeatedClips.Exclude(allLabels);
        var speakers = repeatedClips.ListSpeakers(store);
        int[] clips = [.. Enumerable.Range(0, store.Clips.Count).Where(i => labels[i] is not null)];
        var overlap = training?.Compare(store, clips);
        GivenClips.RefuseEnsembleOnTrainingClips(overlap, clips.Length);
        var protocol = GivenClips.CreateProtocol(store, model.Info, options.LabelRules, repeatedClips, overlap) with
        {
            UnfinishedTrainings = training?.CountUnfinished() ?? 0,
        };
        if (model.UsesSpeakerNormalization)
            protocol = protocol with
            {
                SpeakerNormalization = SpeakerNormalizationReport.Create(store.Clips, speakers, clips),
            };
        var predictor = new StorePredictor(
            store,
            labels,
            new(() => ComputeSpeakerNormalizations(speakers, new FeatureStoreFrameSource(store)))
        )
        {
            VotesOfClip = ExperimentPlan.ComputeVoteDistributions(store, options.LabelRules, model.Info.Labels),
        };
        return EvaluationResult.Compute(
            model.Info.Labels,
            predictor.Predict(clips, model, fold: null, cancellationToken),
            protocol,
            CreateBootstrapStream(options).SampleBelow,
            LayerWeights.Create(model.LayerWeights)
        );
    }

    private int?[] FindTrainedFolds(RunDirectory run)
    {
        int?[] trainedFolds =
        [
            .. FoldNumbers.Where(fold => File.Exists(ModelFolder.GetBestModelPath(run.GetModelFolder(fold)))),
        ];
        if (trainedFolds.Length == 0)
            throw new RunWithoutModelException(run.WorkFolder, run.Name);
        return trainedFolds;
    }

    // A run without checkpoints was trained elsewhere, or they were removed: it is not known.
    private static bool IsUnfinished(RunDirectory run, int? fold) =>
        Trainer.ListCheckpoints(run.GetModelFolder(fold)).Count > 0 && !Trainer.IsFinished(run.GetResumeFolder(fold));

    private EvaluationProtocol CreateProtocol(IReadOnlyList<int> trainedFolds, IReadOnlyList<int> evaluated) =>
        new()
        {
            Split = Splits[0].Facts,
            ClassesWithoutTrainingClips = FindClassesWithoutClips(Subset.Train, trainedFolds),
            ClassesWithoutValidationClips = FindClassesWithoutClips(Subset.Validation, trainedFolds),
            SpeakersDisjoint = Splits.All(split => split.SpeakersDisjoint),
            TrainedFolds = trainedFolds,
            Leaks = Leaks,
            UnauditedClips = UnauditedClips,
            Findings = Findings,
            WarmStart = Path.GetFileName(options.InitialPath),
            InitialOverlap = initialOverlap.Value,
            Synthetic = store.Synthetic,
            SpeakerNormalization = SpeakerNormalization is null
                ? null
                : SpeakerNormalizationReport.Create(store.Clips, plan.RepeatedClips.ListSpeakers(store), evaluated),
        };

    private IReadOnlyList<string> FindClassesWithoutClips(Subset subset, IReadOnlyList<int> trainedFolds) =>
        SplitNotices.FindClassesWithoutClips(
            subset,
            plan.LabelOfClip,
            Labels,
            [
                .. FoldNumbers
                    .Index()
                    .Where(fold => IsEvaluated(fold.Item, trainedFolds))
                    .Select(fold => Splits[fold.Index]),
            ]
        );

    private static bool IsEvaluated(int? fold, IReadOnlyList<int> trainedFolds) =>
        fold is not { } number || trainedFolds.Contains(number);

    private IReadOnlyList<ClipPrediction> PoolPredictions(
        List<IReadOnlyList<ClipPrediction>> predictionSets,
        List<int> evaluated
    ) =>
        Splits[0].Facts.Folds == 0
            ? predictionSets[0]
            : CrossValidation.Pool(
                predictionSets,
                [.. evaluated.Order().Select(CreateKey)],
                Splits[0].SpeakersDisjoint
            );

    private static RandomStream CreateBootstrapStream(ExperimentOptions options) =>
        new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap);

    private ClipKey CreateKey(int clip) =>
        new(
            store.Clips[clip].Path,
            store.Clips[clip].StartSeconds,
            store.Clips[clip].EndSeconds,
            store.Clips[clip].Channel
        );
}
