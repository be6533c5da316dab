using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Models;
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
        var trained = FoldNumbers
            .Where(fold => File.Exists(Path.Combine(run.Models(fold), "best_attn_crnn_model" + ModelFile.Extension)))
            .ToArray();
        if (trained.Length == 0)
            throw new InvalidInputException(
                $"{run.Name}: no model to evaluate; resume with: train --resume {run.Name}"
            );
        var predictionSets = new List<IReadOnlyList<ClipPrediction>>();
        var layerWeights = new List<LayerWeights?>();
        var evaluated = new List<int>();
        foreach (var fold in trained)
        {
            using var model = Ensemble.Load(
                RunDirectory.ModelFolder(run.WorkFolder, run.Models(fold)),
                options.Training.Threads,
                options.Training.ExactConvolution
            );
            var test = Splits[(fold ?? 1) - 1].IndicesOf(Subset.Test);
            if (test.Count == 0)
                throw new InvalidInputException(
                    "the split has no test set: add one to the manifest, or leave its split column out"
                );
            predictionSets.Add(
                Predict(
                    store,
                    labelOfClip,
                    test,
                    model,
                    model.UsesSpeakerNormalization ? speakerNormalizations.Value : null,
                    fold,
                    cancellationToken
                )
            );
            layerWeights.Add(model.LayerWeights);
            evaluated.AddRange(test);
        }
        var protocol = Protocol with
        {
            SpeakerNormalization = Adaptation is null
                ? null
                : SpeakerNormalizationReport.Create(store.Clips, evaluated),
        };
        if (trained.Length < Splits.Count)
            protocol = protocol with
            {
                Description =
                    $"{protocol.Description} Only {trained.Length} of {Splits.Count} folds are trained so far.",
            };
        IReadOnlyList<ClipPrediction> pooled =
            options.Folds == 0
                ? predictionSets[0]
                : CrossValidation.Pool(
                    predictionSets,
                    [.. evaluated.Order().Select(KeyOf)],
                    Splits[0].SpeakersDisjoint
                );
        return EvaluationResult.Compute(
            Labels,
            pooled,
            protocol,
            new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap).Below,
            LayerWeights.Compute(layerWeights)
        );
    }

    /// <summary>Evaluates a model on all labeled clips of a store.</summary>
    /// <exception cref="InvalidInputException">No clip has a label, or the frames are of another encoder.</exception>
    public static EvaluationResult EvaluateAll(
        FeatureStore store,
        Ensemble model,
        ExperimentOptions options,
        CancellationToken cancellationToken
    )
    {
        RequireValid(store, options.MaxBad);
        if (model.DescribeMismatch(store.Description.Encoder) is { } mismatch)
            throw new InvalidInputException(mismatch);
        var labels = LabelsOf(store, options.Labels);
        int[] clips = [.. Enumerable.Range(0, store.Clips.Count).Where(i => labels[i] is not null)];
        var protocol = new EvaluationProtocol(
            "given",
            "The clips were given by the user. If the model was trained on their speakers, the metrics overestimate "
                + "performance (speaker leakage).",
            SpeakersDisjoint: false,
            store.Synthetic,
            model.UsesSpeakerNormalization ? SpeakerNormalizationReport.Create(store.Clips, clips) : null
        );
        var speakerNormalizations = model.UsesSpeakerNormalization
            ? SpeakerNormalizations(store, new FeatureStoreFrameSource(store))
            : null;
        return EvaluationResult.Compute(
            model.Model.Labels,
            Predict(store, labels, clips, model, speakerNormalizations, null, cancellationToken),
            protocol,
            new RandomStream(options.Training.Seed).ForStream(RandomStreamId.Bootstrap).Below,
            model.LayerWeights
        );
    }

    private static List<ClipPrediction> Predict(
        FeatureStore store,
        string?[] labels,
        IReadOnlyList<int> clips,
        Ensemble model,
        IReadOnlyList<FeatureNormalization?>? speakerNormalizations,
        int? fold,
        CancellationToken cancellationToken
    )
    {
        var predictions = new List<ClipPrediction>();
        var encoder = store.Description.Encoder;
        foreach (var clip in clips.Select(clip => store.Clips[clip]))
            if (model.LengthError(clip.Frames) is { } error)
                throw new InvalidInputException(clip.Path, $"{error}");
        var batchSize = Math.Max(1, 64 / encoder.LayerCount); // frames of all layers are large
        foreach (var batch in clips.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var matrices = batch
                .Select(clip =>
                {
                    var values = new float[store.Clips[clip].Frames * encoder.FrameWidth];
                    store.Read(clip, values);
                    return new FrameMatrix(values, store.Clips[clip].Frames, encoder.LayerCount, encoder.Width);
                })
                .ToArray();
            var probabilities = model.Predict(
                matrices,
                speakerNormalizations is null ? null : [.. batch.Select(clip => speakerNormalizations[clip])]
            );
            for (var i = 0; i < batch.Length; i++)
            {
                var clip = store.Clips[batch[i]];
                var predicted = model.Model.Labels[Metrics.Classification.MostProbable(probabilities[i])];
                predictions.Add(
                    new(
                        clip.Path,
                        clip.Speaker,
                        labels[batch[i]]!,
                        predicted,
                        probabilities[i],
                        fold,
                        clip.StartSeconds,
                        clip.EndSeconds
                    )
                );
            }
        }
        return predictions;
    }

    private ClipKey KeyOf(int clip) =>
        new(store.Clips[clip].Path, store.Clips[clip].StartSeconds, store.Clips[clip].EndSeconds);
}
