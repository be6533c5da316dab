using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training.Averaging;

/// <summary>Trainings with averaged weights.</summary>
public sealed class AveragedTrainingTests : IDisposable
{
    // Neither early stopping nor the plateau, which depend on the validation, changes the weights of the steps.
    private static readonly TrainingOptions BaseOptions = new()
    {
        Epochs = 4,
        BatchSize = 8,
        Threads = 2,
        LearningRate = 3e-3,
        Patience = 100,
        PlateauPatience = 100,
    };

    private static readonly TrainingOptions TwoEpochs = BaseOptions with { Epochs = 2 };

    private static readonly TrainingOptions Ema = BaseOptions with
    {
        Averaging = WeightAveraging.Ema,
        EmaMomentum = 0.9,
    };

    private static readonly TrainingOptions Last = BaseOptions with
    {
        Averaging = WeightAveraging.Last,
        AverageEpochs = 2,
    };

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_final_model_has_the_exponential_average_of_the_weights_of_all_steps()
    {
        var steps = ReadWeights(TwoEpochs with { CheckpointEvery = 1 }, everyStep: true);
        Assert.Equal(18, steps.Count);
        var average = steps[0];
        foreach (var weights in steps.Skip(1))
            average = [.. average.Zip(weights, (previous, next) => (0.9 * previous) + (0.1 * next))];
        AssertTrainable(average, Train("ema", Ema with { Epochs = 2 }).FinalPath);
    }

    [Fact]
    public void The_final_model_has_the_mean_of_the_weights_of_the_last_epochs()
    {
        var epochs = ReadWeights(BaseOptions, everyStep: false);
        Assert.Equal(4, epochs.Count);
        double[] mean = [.. epochs[^2].Zip(epochs[^1], (previous, next) => (previous + next) / 2)];
        AssertTrainable(mean, Train("last", Last).FinalPath);
    }

    [Fact]
    public void Training_continues_with_the_weights_themselves()
    {
        var plain = Train("plain", BaseOptions);
        foreach (var options in (TrainingOptions[])[Ema, Last])
        {
            var outcome = Train($"{options.Averaging}", options);
            Assert.Equal(
                plain.History.Select(epoch => (epoch.Loss, epoch.Accuracy)),
                outcome.History.Select(epoch => (epoch.Loss, epoch.Accuracy))
            );
            AssertEqualMoments(plain.FinalPath, outcome.FinalPath);
        }
    }

    [Fact]
    public void An_average_of_momentum_0_is_the_weights()
    {
        var (plain, averaged) = (Train("plain", BaseOptions), Train("zero", Ema with { EmaMomentum = 0 }));
        Assert.Equal(TrainedWeights.Read(plain.BestPath), TrainedWeights.Read(averaged.BestPath));
        Assert.Equal(TrainedWeights.Read(plain.FinalPath), TrainedWeights.Read(averaged.FinalPath));
    }

    [Theory]
    [InlineData(WeightAveraging.Ema, BatchNormStatistics.Moving)]
    [InlineData(WeightAveraging.Ema, BatchNormStatistics.Recalibrated)]
    [InlineData(WeightAveraging.Last, BatchNormStatistics.Recalibrated)]
    public void Validation_and_temperature_are_those_of_the_averaged_model(
        WeightAveraging method,
        BatchNormStatistics statistics
    )
    {
        var options = (method == WeightAveraging.Ema ? Ema : Last) with { BatchNorm = statistics };
        var job = TrainingJobBuilder.Create(folder.PathOf("run"), options);
        var outcome = TrainingJobBuilder.Train(job);
        var plain = Train("plain", BaseOptions with { BatchNorm = statistics });
        Assert.Equal(outcome.History[^1].ValLoss, ComputeLoss(job, outcome.FinalPath), 1e-4);
        Assert.Equal(outcome.History[outcome.BestEpoch - 1].ValLoss, ComputeLoss(job, outcome.BestPath), 1e-4);
        Assert.NotEqual(1, ModelFile.Read(outcome.BestPath).Info.Temperature);
        Assert.NotEqual(plain.History[^1].ValLoss, outcome.History[^1].ValLoss);
        Assert.Equal(
            statistics == BatchNormStatistics.Moving,
            ReadStatistics(plain.FinalPath).SequenceEqual(ReadStatistics(outcome.FinalPath))
        );
    }

    [Fact]
    public void A_warm_start_from_an_averaged_model_has_its_weights()
    {
        var initial = ModelFile.Read(Train("first", Ema).BestPath);
        // The steps are too small to change the weights beyond rounding.
        var options = BaseOptions with
        {
            Epochs = 1,

            LearningRate = 1e-12,

            MinLearningRate = 0,
        };
        var job = TrainingJobBuilder.Create(folder.PathOf("again"), options) with { Initial = initial };
        AssertTrainable(
            [.. ReadTrainable(initial).Select(value => (double)value)],
            TrainingJobBuilder.Train(job).FinalPath
        );
    }

    // The validation loss of a model without its temperature, by which its logits are divided: a power undoes that.
    private static double ComputeLoss(TrainingJob job, string path)
    {
        using var predictor = Predictor.Load(path, 1);
        var temperature = predictor.Info.Temperature;
        return job.Validation.Average(clip =>
        {
            var probabilities = predictor.Predict([TrainingJobBuilder.ReadClip(job.Frames, clip.Source)])[0];
            var powers = probabilities.Select(probability => Math.Pow(probability, temperature)).ToArray();
            return -Math.Log(powers[clip.Label] / powers.Sum());
        });
    }

    private TrainingOutcome Train(string name, TrainingOptions options) =>
        TrainingJobBuilder.Train(TrainingJobBuilder.Create(folder.PathOf(name), options));

    // The trainable weights after each step or epoch of a training, from its checkpoints.
    private List<double[]> ReadWeights(TrainingOptions options, bool everyStep)
    {
        var job = TrainingJobBuilder.Create(folder.PathOf("steps"), options);
        var names = new Dictionary<string, double[]>();
        var reader = new CheckpointReader(() =>
        {
            foreach (var path in Trainer.ListCheckpoints(job.Folder))
                names.TryAdd(path, ReadCheckpoint(path));
        });
        using (var trainer = new Trainer(job, TimeProvider.System))
            trainer.Run(everyStep ? reader : new EpochReader(reader), TestContext.Current.CancellationToken);
        return [.. names.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value)];
    }

    private static double[] ReadCheckpoint(string path)
    {
        using var file = SafetensorsFile.Open(path);
        var values = new List<double>();
        foreach (var name in file.Entries.Keys.Where(IsTrainable).Order(StringComparer.Ordinal))
        {
            var tensor = new float[file.Entries[name].Count];
            file.Read(name, tensor);
            values.AddRange(tensor.Select(value => (double)value));
        }
        return [.. values];

        static bool IsTrainable(string name) =>
            name.StartsWith("values/", StringComparison.Ordinal)
            && !name.Contains("/moving_", StringComparison.Ordinal);
    }

    private static void AssertTrainable(double[] expected, string path) =>
        FloatAssert.Near([.. expected.Select(value => (float)value)], ReadTrainable(ModelFile.Read(path)), 1e-6);

    private static float[] ReadTrainable(TrainedModel model) =>
        [
            .. model
                .Tensors.Where(tensor => !tensor.Name.Contains("/moving_", StringComparison.Ordinal))
                .OrderBy(tensor => tensor.Name, StringComparer.Ordinal)
                .SelectMany(tensor => tensor.Values),
        ];

    private static float[] ReadStatistics(string path) =>
        [
            .. ModelFile
                .Read(path)
                .Tensors.Where(tensor => tensor.Name.Contains("/moving_", StringComparison.Ordinal))
                .SelectMany(tensor => tensor.Values),
        ];

    private static void AssertEqualMoments(string expectedPath, string path)
    {
        var expected = ModelFile.Read(expectedPath, withOptimizer: true).Optimizer!;
        var actual = ModelFile.Read(path, withOptimizer: true).Optimizer!;
        Assert.Equal(
            expected.FirstMoments.SelectMany(tensor => tensor.Values),
            actual.FirstMoments.SelectMany(tensor => tensor.Values)
        );
    }

    private sealed class CheckpointReader(Action read) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => read();
    }

    private sealed class EpochReader(CheckpointReader reader) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.LastEpoch is not null)
                reader.Report(value);
        }
    }
}
