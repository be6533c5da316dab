using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

public sealed class TrainerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Separable_classes_are_learned_and_predicted_by_the_saved_model()
    {
        var job = Job(
            "learn",
            new TrainingOptions
            {
                Epochs = 12,
                BatchSize = 8,
                Threads = 2,
                LearningRate = 3e-3,
            }
        );
        TrainingOutcome outcome;
        using (var trainer = new Trainer(job, TimeProvider.System))
            outcome = trainer.Run();
        Assert.True(outcome.History.Max(epoch => epoch.ValAccuracy) > 0.9);
        using var predictor = Predictor.Load(outcome.BestPath, 1);
        Assert.Equal(["a", "b", "c"], predictor.Info.Labels);
        Assert.Equal(NormalizationMode.Corpus, predictor.Info.Normalization.Kind);
        var clips = job.Validation.Select(clip => TrainingJobBuilder.ReadClip(job.Frames, clip.Source)).ToArray();
        var batchProbabilities = predictor.Predict(clips);
        for (var i = 0; i < clips.Length; i++)
            Assert.Equal(batchProbabilities[i], predictor.Predict([clips[i]])[0]); // bit-identical
        Assert.True(
            batchProbabilities
                .Zip(job.Validation)
                .Count(pair => Array.IndexOf(pair.First, pair.First.Max()) == pair.Second.Label)
                > 0.9 * clips.Length
        );
        Assert.Throws<InvalidInputException>(() =>
            predictor.Predict([
                new FrameMatrix(new float[3 * SeparableClips.FrameWidth], 3, 1, SeparableClips.FrameWidth),
            ])
        );
        Assert.Throws<InvalidInputException>(() => predictor.Predict([new FrameMatrix(new float[50], 10, 1, 5)]));
    }

    [Theory]
    [InlineData(0.0625)]
    [InlineData(1)]
    public void The_attention_scale_is_initialized_as_requested(double scale)
    {
        var options = new TrainingOptions
        {
            Epochs = 1,
            BatchSize = 8,
            Threads = 1,
            LearningRate = 1e-6,
            AttentionScale = scale,
        };
        var job = Job($"scale{scale}", options);
        TrainingJobBuilder.Train(job);
        var learnedScale = ModelFile
            .Read(job.FinalPath)
            .Tensors.Single(tensor => tensor.Name == "attention/scale")
            .Values[0];
        Assert.Equal(scale, learnedScale, 1e-4);
    }

    [Fact]
    public void A_NaN_loss_stops_training_and_names_the_step_and_the_clips()
    {
        var frames = new SeparableClips { Broken = 7 };
        var job = Job(
            "nan",
            new TrainingOptions
            {
                Epochs = 2,
                BatchSize = 8,
                Threads = 1,
                MixUp = 0,
            }
        ) with
        {
            Frames = frames,
        };
        using var trainer = new Trainer(job, TimeProvider.System);
        frames.IsBroken = true; // after the normalization was fitted
        var exception = Assert.Throws<TrainingException>(() => trainer.Run());
        Assert.Contains("epoch 1, step ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("clip 7", exception.Message, StringComparison.Ordinal);
        Assert.Contains("lower learning_rate", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_padding_changes_a_clips_probabilities()
    {
        var job = Job(
            "padded",
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 8,
                Threads = 1,
            }
        );
        TrainingJobBuilder.Train(job);
        using var predictor = Predictor.Load(job.BestPath, 1);
        var clip = TrainingJobBuilder.ReadClip(job.Frames, 3);
        var longer = clip with
        {
            Values = [.. clip.Values, .. new float[5 * SeparableClips.FrameWidth]],
            Count = clip.Count + 5,
        };
        Assert.NotEqual(predictor.Predict([clip])[0], predictor.Predict([longer])[0]);
    }

    [Fact]
    public void A_batch_may_be_larger_than_the_training_set()
    {
        var job = Job(
            "small",
            new TrainingOptions
            {
                Epochs = 1,
                BatchSize = 32,
                Threads = 1,
                Copies = 4,
            }
        );
        using var trainer = new Trainer(job with { Train = [.. job.Train.Take(9)] }, TimeProvider.System);
        Assert.Single(trainer.Run().History);
    }

    [Fact]
    public void V1_has_its_own_recipe_and_predicts_from_its_file()
    {
        var options = new TrainingOptions
        {
            Epochs = 3,
            BatchSize = 8,
            Threads = 2,
        }.WithV1Recipe();
        Assert.Equal(
            (0.999, 0.0, 0.0, 0.7, 4),
            (options.Beta2, options.Noise, options.MixUp, options.PlateauFactor, options.PlateauPatience)
        );
        var job = Job("v1", options);
        TrainingJobBuilder.Train(job);
        using var predictor = Predictor.Load(job.FinalPath, 1);
        Assert.Equal(
            (NetworkVersion.V1, 128, 0.2),
            (predictor.Info.Network.Version, predictor.Info.Network.DenseUnits, predictor.Info.Network.HeadDropout)
        );
        Assert.DoesNotContain(ModelFile.Read(job.FinalPath).Tensors, tensor =>
            tensor.Name.Contains("norm", StringComparison.Ordinal)
        );
        Assert.Equal(1, predictor.Predict([TrainingJobBuilder.ReadClip(job.Frames, 3)])[0].Sum(), 1e-6);
    }

    [Fact]
    public void All_invalid_options_are_reported_at_once()
    {
        var errors = new TrainingOptions
        {
            Epochs = 0,
            BatchSize = 1,
            MixUp = -1,
            Monitor = (MonitoredMetric)9,
        }
            .Errors()
            .ToList();
        Assert.Equal(4, errors.Count);
        Assert.Contains(errors, error => $"{error}" == "epochs 0: expected 1 to 100000; the default is 30");
    }

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options);
}
