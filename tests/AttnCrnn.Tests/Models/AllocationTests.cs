using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training;
using AttnCrnn.Training.Averaging;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Tests.Models;

/// <summary>Not parallel: these tests count the allocations of the whole process.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public static class Alone;

[Collection(nameof(Alone))]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(0.3, false)]
    [InlineData(0.0, false)]
    [InlineData(0.3, true)]
    [InlineData(0.3, false, 5)]
    [InlineData(0.3, false, 1, true)]
    public void A_step_allocates_nothing(double recurrentDropout, bool exact, int layers = 1, bool allOptions = false)
    {
        int[] frames = [40, 37, 12, 90, 5, 21, 64, 33];
        var options = new NetworkOptions(40, 5)
        {
            Conv1Filters = 32,
            Conv2Filters = 64,
            LstmUnits = 32,
            DenseUnits = 32,
            RecurrentDropout = recurrentDropout,
            ExactConvolution = exact,
            EncoderLayers = layers,
            Pooling = allOptions ? TemporalPooling.Attentive : TemporalPooling.Mean,
            HeadNormalization = allOptions ? HeadNormalization.Layer : HeadNormalization.Batch,
        };
        using var workers = new WorkerPool(2);
        using var network = new Network(
            options,
            workers,
            new(frames.Sum(), frames.Length, frames.Max()),
            training: true
        );
        var blocks = new ParameterBlocks(network.Parameters, workers);
        using var trainingStep = allOptions
            ? new TrainingStep(
                network,
                new LabelSmoothing(new FocalLoss(2), 0.1, 5),
                new GlobalNormClipping(new AdamW(blocks, 0.1), blocks, 1e-3)
            )
            : TrainingStepBuilder.Create(network, workers);
        network.Initialize(new RandomStream(1));
        using var x = new AlignedBuffer(frames.Sum() * 40 * layers);
        new RandomStream(2).FillNormal(x.Span);
        using var outputs = new AlignedBuffer(2 * frames.Length * 5);
        var offsets = frames.Aggregate(new List<int> { 0 }, (all, count) => [.. all, all[^1] + count]).ToArray();
        var weights = Enumerable.Repeat(1f, frames.Length).ToArray();
        void Step(int step)
        {
            trainingStep.ComputeGradients(
                new(x.Rows(0, frames.Sum(), 40 * layers), offsets, frames.Length),
                outputs.Rows(0, frames.Length, 5),
                weights,
                new RandomStream(1).AtStep(0, (uint)step),
                outputs.Rows(frames.Length * 5, frames.Length, 5)
            );
            trainingStep.Update(new(1e-3), step + 1);
        }
        AssertAllocatesNothing(Step);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Plateau, WeightAveraging.Ema)]
    [InlineData(LearningRateSchedule.Cosine, WeightAveraging.Last)]
    [InlineData(LearningRateSchedule.OneCycle, WeightAveraging.None)]
    public void Schedules_and_averages_allocate_nothing_in_a_step(
        LearningRateSchedule schedule,
        WeightAveraging averaging
    )
    {
        var options = new TrainingOptions
        {
            Schedule = schedule,
            Averaging = averaging,
            PlateauPatience = 2,
        };
        using var workers = new WorkerPool(2);
        using var parameters = new Parameters(new NetworkOptions(40, 5), training: true);
        using var average = AveragingMethods.Create(options, parameters, workers);
        var rates = LearningRateSchedules.Create(options, steps: 100);
        AssertAllocatesNothing(step =>
        {
            rates.GetLearningRate(step);
            rates.GetBeta1(step);
            average.OnStep(step + 1);
        });
    }

    private static void AssertAllocatesNothing(Action<int> runStep)
    {
        for (var step = 0; step < 40; step++)
            runStep(step);
        // Allocations of this thread and of the workers. Tiered compilation may allocate a little on any thread, so the
        // minimum of several rounds is taken.
        var min = long.MaxValue;
        for (var round = 0; round < 10; round++)
        {
            var allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
            for (var step = 0; step < 5; step++)
                runStep(step);
            min = Math.Min(min, GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore);
        }
        Assert.Equal(0, min);
    }
}
