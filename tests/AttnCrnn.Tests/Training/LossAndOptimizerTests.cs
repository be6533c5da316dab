using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Options;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Trainings with other losses and optimizers than the default ones.</summary>
public sealed class LossAndOptimizerTests : IDisposable
{
    private static readonly TrainingOptions Defaults = new()
    {
        Epochs = 3,
        BatchSize = 8,
        Threads = 2,
    };

    private readonly TempFolder folder = new();

    public static TheoryData<TrainingOptions> Options { get; } =
    [
        Defaults with
        {
            Loss = LossFunction.Focal,

            LabelSmoothing = 0.1,
        },
        Defaults with
        {
            LabelSmoothing = 0.1,
        },
        Defaults with
        {
            Optimizer = OptimizerAlgorithm.AdamW,

            ClipNorm = 0.5,
        },
        Defaults with
        {
            ClipNorm = 0.5,
        },
    ];

    public void Dispose() => folder.Dispose();

    /// <summary>The files have the optimizer's state and configuration as well.</summary>
    [Theory, MemberData(nameof(Options), DisableDiscoveryEnumeration = true)]
    public void A_stopped_run_resumes_to_bit_identical_models(TrainingOptions options)
    {
        var uninterruptedJob = TrainingJobBuilder.Create(folder.PathOf("whole"), options);
        TrainingJobBuilder.Train(uninterruptedJob);
        var stoppedJob = TrainingJobBuilder.Create(folder.PathOf("broken"), options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(stoppedJob, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 2, step: 2, stop.Cancel), stop.Token)
            );
        TrainingJobBuilder.Train(stoppedJob);
        Assert.Equal(File.ReadAllBytes(uninterruptedJob.FinalPath), File.ReadAllBytes(stoppedJob.FinalPath));
        Assert.Equal(File.ReadAllBytes(uninterruptedJob.BestPath), File.ReadAllBytes(stoppedJob.BestPath));
    }

    [Fact]
    public void The_models_of_a_run_have_the_weight_decay_and_the_clipping_of_their_optimizer()
    {
        var options = Defaults with
        {
            Optimizer = OptimizerAlgorithm.AdamW,

            WeightDecay = 0.02,

            ClipNorm = 0.5,
        };
        var job = TrainingJobBuilder.Create(folder.PathOf("adamw"), options);
        TrainingJobBuilder.Train(job);
        foreach (var path in (string[])[job.BestPath, job.FinalPath])
        {
            var optimizer = ModelFile.Read(path, withOptimizer: true).Optimizer!;
            Assert.Equal((0.02, 0.5), (optimizer.WeightDecay, optimizer.GlobalClipNorm));
        }
    }

    /// <summary>
    /// The loss for smoothed labels is at least their entropy, which the cross-entropy of a good prediction is below.
    /// </summary>
    [Fact]
    public void The_loss_is_the_minimized_one_and_val_loss_the_cross_entropy()
    {
        double[] smoothed = [2 / 3.0, 1 / 6.0, 1 / 6.0]; // one of three classes, smoothed by half
        var entropy = -smoothed.Sum(y => y * Math.Log(y));
        var options = Defaults with
        {
            Epochs = 12,
            LearningRate = 3e-3,
            MixUp = 0,
            LabelSmoothing = 0.5,
            ClassWeight = ClassWeighting.None,
        };
        var history = TrainingJobBuilder.Train(TrainingJobBuilder.Create(folder.PathOf("smooth"), options)).History;
        Assert.All(history, epoch => Assert.True(epoch.Loss > entropy, $"{epoch.Loss}"));
        Assert.Contains(history, epoch => epoch.ValLoss < entropy - 0.1);
    }

    [Fact]
    public void Weight_decay_and_gamma_have_defaults_where_they_are_used()
    {
        var encoder = TrainingJobBuilder.Create(folder.PathOf("none"), Defaults).Encoder;
        var used = Defaults with { Loss = LossFunction.Focal };
        used = (used with { Optimizer = OptimizerAlgorithm.AdamW }).WithEncoderDefaults(encoder);
        Assert.Equal((2, 0.004), (used.FocalGamma, used.WeightDecay));
        Assert.Empty(used.Errors());
        var unused = Defaults.WithEncoderDefaults(encoder);
        Assert.Equal((null, null), (unused.FocalGamma, unused.WeightDecay));
    }

    [Fact]
    public void An_option_of_another_loss_or_optimizer_is_an_error_with_a_remedy()
    {
        var options = Defaults with { FocalGamma = 2 };
        var errors = (options with { WeightDecay = 0.1 }).Errors().ToArray();
        Assert.Equal([OptionKeys.FocalGamma, OptionKeys.WeightDecay], errors.Select(error => error.Key));
        Assert.Equal(
            [
                "focal_gamma 2: only loss focal has it; omit the option or add loss focal",
                "weight_decay 0.1: only optimizer adamw has it; omit the option or add optimizer adamw",
            ],
            errors.Select(error => $"{error}")
        );
    }
}
