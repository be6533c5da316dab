using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Tests.Training;

/// <summary>Trainings on distributions of votes instead of labels.</summary>
public sealed class SoftTargetTests : IDisposable
{
    private const int Classes = 3;

    private static readonly TrainingOptions Options = new()
    {
        Epochs = 2,
        BatchSize = 8,
        Threads = 2,
        Targets = TargetKind.Soft,
    };

    // Of two thirds of the clips; the label is the target of the others.
    private static readonly float[]?[] Votes =
    [
        .. Enumerable
            .Range(0, SeparableClips.Count)
            .Select(clip => clip % 3 == 2 ? null : (float[])[0.5f, 0.125f * (clip % 5), 0.5f - (0.125f * (clip % 5))]),
    ];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.4)]
    public void Targets_of_a_batch_are_votes_and_with_MixUp_their_weighted_mean(double alpha)
    {
        var options = Options with
        {
            MixUp = alpha,

            Tempo = 0,
        };
        var clips = new SeparableClips();
        TrainingClip[] batch = [.. Enumerable.Range(0, 16).Select(clip => new TrainingClip(clip, clips.LabelOf(clip)))];
        using var workers = new WorkerPool(1);
        using var builder = new BatchBuilder(
            clips,
            new(FeatureNormalization.None, null),
            options,
            workers,
            Classes,
            padding: 0,
            BatchBuilder.ComputeCapacity(batch.Select(clip => clips.CountFrames(clip.Source)), batch.Length)
        )
        {
            SoftTargets = Votes,
        };
        var random = new RandomStream(5).AtStep(0, 1);
        builder.BuildTrainingBatch(batch, random);
        var mixUp = new MixUpSchedule(batch.Length);
        mixUp.Assign(batch.Length, alpha, random, maxChainLength: 1);
        for (var slot = 0; slot < batch.Length; slot++)
        {
            double weight = mixUp.GetWeight(slot);
            var own = GetTarget(batch[slot]);
            var partner = GetTarget(batch[mixUp.GetPartner(slot)]);
            for (var k = 0; k < Classes; k++)
                Assert.Equal((weight * own[k]) + ((1 - weight) * partner[k]), builder.Targets[slot][k], 1e-6);
        }
    }

    [Fact]
    public void Votes_for_one_class_train_the_same_bits_as_labels()
    {
        var hard = CreateJob("hard", Options with { Targets = TargetKind.Hard });
        var soft = CreateJob("soft", Options) with
        {
            SoftTargets = [.. hard.Train.Concat(hard.Validation).Select(clip => Encode(clip.Label))],
        };
        Assert.Equal(Train(hard), Train(soft));
    }

    [Theory]
    [InlineData(LossFunction.CrossEntropy, 0)]
    [InlineData(LossFunction.Focal, 0)]
    [InlineData(LossFunction.CrossEntropy, 0.1)]
    public void Votes_change_the_weights_with_every_loss(LossFunction loss, double labelSmoothing)
    {
        var options = Options with
        {
            Loss = loss,

            LabelSmoothing = labelSmoothing,
        };
        var hard = CreateJob("hard", options with { Targets = TargetKind.Hard });
        Assert.NotEqual(Train(hard), Train(CreateJob("soft", options)));
        // Votes alone change nothing.
        var unused = CreateJob("unused", options with { Targets = TargetKind.Hard }) with { SoftTargets = null };
        Assert.Equal(Train(hard), Train(unused));
    }

    [Fact]
    public void Class_weights_are_balanced_by_the_votes_and_averaged_over_a_clips_targets()
    {
        var job = CreateJob("weights", Options);
        var plan = TrainingPlan.Create(job);
        var counts = new double[Classes];
        foreach (var clip in job.Train)
        {
            var target = GetTarget(clip);
            for (var k = 0; k < Classes; k++)
                counts[k] += target[k];
        }
        double[] weights = [.. counts.Select(count => job.Train.Count / (Classes * count))];
        Assert.All(job.Train, clip =>
            Assert.Equal(GetTarget(clip).Zip(weights, (y, weight) => y * weight).Sum(), plan.GetClipWeight(clip), 1e-5)
        );
        Assert.Equal(job.Train.Count, job.Train.Sum(clip => (double)plan.GetClipWeight(clip)), 1e-3);
        plan = TrainingPlan.Create(CreateJob("none", Options with { ClassWeight = ClassWeighting.None }));
        Assert.All(job.Train, clip => Assert.Equal(1, plan.GetClipWeight(clip), 1e-6));
    }

    [Fact]
    public void Weights_of_whole_counts_are_those_of_labels() =>
        Assert.Equal(BalancedWeights.Compute([0, 0, 0, 2], 3), BalancedWeights.Compute([3.0, 0, 1]));

    [Fact]
    public void A_stopped_run_resumes_to_bit_identical_models_and_not_with_other_votes()
    {
        var whole = CreateJob("whole", Options);
        var expected = Train(whole);
        var stopped = CreateJob("stopped", Options with { Threads = 1 });
        using (var stop = new CancellationTokenSource())
        using (var trainer = new Trainer(stopped, TimeProvider.System))
            Assert.Throws<OperationCanceledException>(() =>
                trainer.Run(new ActionAtStep(epoch: 2, step: 2, stop.Cancel), stop.Token)
            );
        float[]?[] otherVotes = [.. Votes];
        otherVotes[0] = [0, 0, 1];
        Assert.Throws<InvalidInputException>(() => TrainingJobBuilder.Train(stopped with { SoftTargets = otherVotes }));
        Assert.Equal(expected, Train(stopped));
    }

    [Fact]
    public void Without_votes_soft_targets_are_refused() =>
        Assert.Throws<InvalidInputException>(() =>
            TrainingPlan.Create(CreateJob("missing", Options) with { SoftTargets = null })
        );

    private TrainingJob CreateJob(string name, TrainingOptions options) =>
        TrainingJobBuilder.Create(folder.PathOf(name), options) with
        {
            SoftTargets = Votes,
        };

    private static string Train(TrainingJob job) => TrainedWeights.ReadHex(TrainingJobBuilder.Train(job).FinalPath);

    private static float[] GetTarget(TrainingClip clip) => Votes[clip.Source] ?? Encode(clip.Label);

    private static float[] Encode(int label) => [.. Enumerable.Range(0, Classes).Select(k => k == label ? 1f : 0)];
}
