using AttnCrnn.Models;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Warm start from another model's weights, and Adam's state in a model.</summary>
public sealed class InitialWeightsTests : IDisposable
{
    private static readonly TrainingOptions BaseOptions = new()
    {
        Epochs = 3,
        BatchSize = 8,
        Threads = 2,
        BatchNorm = BatchNormStatistics.Moving,
        LstmDropout = 0,
        RecurrentDropout = 0,
        Noise = 0,
        MixUp = 0,
    };

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_warm_start_uses_the_models_weights_and_a_new_Adam_state()
    {
        var initialTraining = TrainingJobBuilder.Train(
            Job(
                "first",
                BaseOptions with
                {
                    Epochs = 4,

                    LearningRate = 3e-3,
                }
            )
        );
        var initialModel = ModelFile.Read(initialTraining.BestPath);
        // The steps are too small to change the weights beyond rounding: the evaluated model is the initial one.
        var options = BaseOptions with
        {
            Epochs = 1,

            LearningRate = 1e-12,

            MinLearningRate = 0,

            BatchNorm = BatchNormStatistics.Moving,
        };
        var outcome = TrainingJobBuilder.Train(Job("again", options) with { Initial = initialModel });
        var trainedModel = ModelFile.Read(outcome.FinalPath, withOptimizer: true);
        foreach (
            var (initialTensor, trainedTensor) in initialModel
                .Tensors.Zip(trainedModel.Tensors)
                .Where(pair => !pair.First.Name.Contains("moving", StringComparison.Ordinal))
        )
            FloatAssert.Near(initialTensor.Values, trainedTensor.Values, 1e-6);
        Assert.Equal(9L, trainedModel.Optimizer!.Steps); // 66 clips in batches of 8
        Assert.NotEqual(
            TrainedWeights.Read(TrainingJobBuilder.Train(Job("drawn", options)).FinalPath)[..50],
            TrainedWeights.Read(outcome.FinalPath)[..50]
        );
    }

    [Fact]
    public void Outputs_are_reordered_to_match_the_labels()
    {
        var initialModel = ModelFile.Read(TrainingJobBuilder.Train(Job("first", BaseOptions)).BestPath);
        // b, c, a: the same model with its outputs permuted.
        int[] order = [1, 2, 0];
        var reorderedModel = initialModel with
        {
            Info = initialModel.Info with { Labels = [.. order.Select(k => initialModel.Info.Labels[k])] },
            Tensors =
            [
                .. initialModel.Tensors.Select(tensor =>
                    tensor.Name.StartsWith("dense_1/", StringComparison.Ordinal)
                        ? tensor with
                        {
                            Values = [.. tensor.Values.Select((_, i) => tensor.Values[i - (i % 3) + order[i % 3]])],
                        }
                        : tensor
                ),
            ],
        };
        Assert.NotEqual(
            initialModel.Tensors.SelectMany(modelTensor => modelTensor.Values),
            reorderedModel.Tensors.SelectMany(modelTensor => modelTensor.Values)
        );
        Assert.Equal(
            TrainedWeights.Read(
                TrainingJobBuilder.Train(Job("plain", BaseOptions) with { Initial = initialModel }).FinalPath
            ),
            TrainedWeights.Read(
                TrainingJobBuilder.Train(Job("turned", BaseOptions) with { Initial = reorderedModel }).FinalPath
            )
        );
    }

    [Fact]
    public void Parts_that_are_not_given_are_those_of_the_initial_model()
    {
        var parts = BaseOptions with
        {
            Epochs = 1,
            BatchNorm = null,
            Pooling = TemporalPooling.Attentive,
            HeadNorm = HeadNormalization.None,
            Activation = HeadActivation.GeluTanh,
        };
        var initialModel = ModelFile.Read(TrainingJobBuilder.Train(Job("first", parts)).BestPath);
        var options = BaseOptions with
        {
            Epochs = 1,

            BatchNorm = null,
        };
        var job = Job("second", options) with { Initial = initialModel };
        var trained = ModelFile.Read(TrainingJobBuilder.Train(job).BestPath).Info.Network;
        Assert.Equal(
            (TemporalPooling.Attentive, HeadNormalization.None, HeadActivation.GeluTanh),
            (trained.Pooling, trained.HeadNormalization, trained.Activation)
        );
    }

    [Fact]
    public void An_incompatible_initial_model_is_rejected_with_all_differences()
    {
        var initialModel = ModelFile.Read(
            TrainingJobBuilder.Train(Job("first", BaseOptions with { Epochs = 1 })).BestPath
        );
        void AssertRejected(TrainingJob job, params string[] expected)
        {
            var exception = Assert.Throws<InvalidInputException>(() => new Trainer(job, TimeProvider.System));
            Assert.All(expected, text => Assert.Contains(text, exception.Message, StringComparison.Ordinal));
        }
        var reorderedModel = initialModel with
        {
            Info = initialModel.Info with
            {
                Labels = ["a", "b", "d"],
                Network = initialModel.Info.Network with { Width = 5 },
            },
        };
        AssertRejected(
            Job("x", BaseOptions) with
            {
                Initial = reorderedModel,
            },
            "its feature dimension is 5, that of these features 6",
            "its labels are a,b,d, those of the clips a,b,c"
        );
        AssertRejected(
            Job("x", BaseOptions.WithV1Recipe()) with
            {
                Initial = initialModel,
            },
            "it is a v2 network: train with model v2"
        );
        AssertRejected(
            Job(
                "x",
                BaseOptions with
                {
                    Pooling = TemporalPooling.Attentive,
                    HeadNorm = HeadNormalization.Layer,
                    BatchNorm = null,
                    Activation = HeadActivation.Relu,
                }
            ) with
            {
                Initial = initialModel,
            },
            "its pooling is mean: train with pooling mean",
            "its head_norm is batch: train with head_norm batch",
            "its activation is gelu: train with activation gelu"
        );
        // A run resumes only with the same initial weights.
        var run = Job("run", BaseOptions) with { Initial = initialModel };
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(run, TimeProvider.System))
        {
            stop.Cancel();
            Assert.Throws<OperationCanceledException>(() => trainer.Run(null, stop.Token));
        }
        using var changedTrainer = new Trainer(run with { Initial = null }, TimeProvider.System);
        Assert.Equal(run.ResumeFolder, Assert.Throws<InvalidInputException>(() => changedTrainer.Run()).File);
    }

    [Fact]
    public void Best_and_final_models_have_the_Adam_state_of_their_epochs()
    {
        // Every prediction is correct before the last epoch.
        var options = BaseOptions with
        {
            Epochs = 8,

            LearningRate = 5e-3,
        };
        var outcome = TrainingJobBuilder.Train(Job("run", options));
        Assert.InRange(outcome.BestEpoch, 1, outcome.History.Count - 1);
        var (best, last) = (
            ModelFile.Read(outcome.BestPath, withOptimizer: true),
            ModelFile.Read(outcome.FinalPath, withOptimizer: true)
        );
        Assert.Equal(
            (9L * outcome.BestEpoch, 9L * outcome.History.Count),
            (best.Optimizer!.Steps, last.Optimizer!.Steps)
        );
        // A run that ends at the best epoch has the same Adam state at its end.
        var shorter = ModelFile.Read(
            TrainingJobBuilder.Train(Job("shorter", options with { Epochs = outcome.BestEpoch })).FinalPath,
            withOptimizer: true
        );
        Assert.Equal(
            shorter.Optimizer!.FirstMoments.Select(modelTensor => modelTensor.Values),
            best.Optimizer.FirstMoments.Select(modelTensor => modelTensor.Values)
        );
        Assert.Equal(
            shorter.Optimizer.SecondMoments.Select(modelTensor => modelTensor.Values),
            best.Optimizer.SecondMoments.Select(modelTensor => modelTensor.Values)
        );
        Assert.Equal(shorter.Optimizer.LearningRate, best.Optimizer.LearningRate);
        Assert.Equal(
            shorter.Tensors.Select(modelTensor => modelTensor.Values),
            best.Tensors.Select(modelTensor => modelTensor.Values)
        );
        // The reference implementation restores the best weights before it writes the final model, but not Adam's
        // state.
        var original = TrainingJobBuilder.Train(Job("original", options with { Recipe = TrainingRecipe.Original }));
        var restored = ModelFile.Read(original.FinalPath, withOptimizer: true);
        Assert.Equal(
            best.Tensors.Select(modelTensor => modelTensor.Values),
            restored.Tensors.Select(modelTensor => modelTensor.Values)
        );
        Assert.Equal(
            last.Optimizer.FirstMoments.Select(modelTensor => modelTensor.Values),
            restored.Optimizer!.FirstMoments.Select(modelTensor => modelTensor.Values)
        );
    }

    [Fact]
    public void A_model_has_the_date_of_its_run()
    {
        var job = Job("dated", BaseOptions with { Epochs = 1 }) with { Started = new(2026, 1, 31, 23, 59, 59) };
        Assert.Equal(new(2026, 1, 31, 23, 59, 59), ModelFile.Read(TrainingJobBuilder.Train(job).FinalPath).Info.Saved);
        Assert.Equal(new(2026, 1, 31, 23, 59, 59), new RunDirectory("/x", "attn_crnn_v2_20260131_235959_2").Started);
        Assert.Equal(new(1980, 1, 1), new RunDirectory("/x", "mine").Started);
    }

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options, new SeparableClips { EqualLengths = true });
}
