using AttnCrnn.Models;
using AttnCrnn.Training;
using CsCheck;

namespace AttnCrnn.Tests.Training;

/// <summary>Effects of the options of augmentation, weighting and normalization on the weights.</summary>
public sealed class TrainerAugmentationTests : IDisposable
{
    private static readonly TrainingOptions BaseOptions = new()
    {
        Epochs = 1,
        BatchSize = 8,
        Threads = 1,
        Noise = 0,
        MixUp = 0,
        ClassWeight = ClassWeighting.None,
        TimeMasks = 0,
        FrequencyMasks = 0,
        Tempo = 0,
        Copies = 1,
    };

    private static readonly Func<TrainingOptions, TrainingOptions>[] Changes =
    [
        options => options,
        options => options with { ClassWeight = ClassWeighting.Balanced },
        options => options with { Noise = 0.01 },
        options => options with { MixUp = 0.2 },
        options => options with { TimeMasks = 2 },
        options =>
            options with
            {
                FrequencyMasks = 2,

                FrequencyMaskBands = 3,
            },
        options => options with { Tempo = 0.2 },
        options => options with { Copies = 2 },
        options => options with { Normalize = NormalizationMode.None },
        options => options with { Padding = PaddingMode.Longest },
        options => options with { Seed = 1 },
    ];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Each_augmentation_option_changes_the_weights_differently()
    {
        var weights = Changes.Select((change, i) => WeightsOf(Job($"each{i}", change(BaseOptions))));
        Assert.Equal(Changes.Length, weights.Distinct().Count());
    }

    [Fact]
    public void Disabled_augmentation_is_bit_identical_to_none()
    {
        var withoutAugmentation = BaseOptions with
        {
            Augmentation = false,
            Noise = 1,
            MixUp = 1,
            TimeMasks = 3,
            Tempo = 0.3,
            Copies = 5,
        };
        Assert.Equal(WeightsOf(Job("plain", BaseOptions)), WeightsOf(Job("disabled", withoutAugmentation)));
    }

    [Fact]
    public void Neutral_MixUp_and_class_weights_change_nothing() =>
        Gen.Int[0, 1000]
            .Sample(
                seed =>
                {
                    var baseOptions = new TrainingOptions
                    {
                        Epochs = 1,
                        BatchSize = 8,
                        Threads = 1,
                        MixUp = 0,
                        ClassWeight = ClassWeighting.None,
                        Seed = (ulong)seed,
                    };
                    string Weights(string name, TrainingOptions options) =>
                        WeightsOf(EvenJob($"{name}{seed}", options));
                    var expected = Weights("plain", baseOptions);
                    // So small that every λ is 1 in float.
                    Assert.Equal(expected, Weights("mixed", baseOptions with { MixUp = 1e-9 }));
                    Assert.Equal(
                        expected,
                        Weights("weighted", baseOptions with { ClassWeight = ClassWeighting.Balanced })
                    );
                    Assert.NotEqual(expected, Weights("really", baseOptions with { MixUp = 1 }));
                },
                iter: 5,
                threads: 1
            );

    private TrainingJob Job(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options);

    /// <summary>A training on 24 clips, equally many per class, for balanced weights of 1.</summary>
    private TrainingJob EvenJob(string name, TrainingOptions options)
    {
        var job = TrainingJobBuilder.Create(folder.PathOf(name), options, new SeparableClips { EqualLengths = true });
        return job with { Train = [.. job.Train.Take(24)] };
    }

    private static string WeightsOf(TrainingJob job) => TrainedWeights.ReadHex(TrainingJobBuilder.Train(job).FinalPath);
}
