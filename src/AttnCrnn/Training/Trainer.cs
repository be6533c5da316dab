using AttnCrnn.IO;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;
using AttnCrnn.Training.Averaging;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Callbacks;
using AttnCrnn.Training.Checkpoints;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Training;

/// <summary>
/// Trains one network, with a checkpoint after each epoch and on cancellation. A run that is killed at any moment
/// resumes from the last checkpoint with bit-identical results.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    private readonly TrainingPlan plan;
    private readonly TrainingJob job;
    private readonly TrainingOptions options;
    private readonly TimeProvider clock;
    private readonly Disposables disposables = new();
    private readonly Network network;
    private readonly TrainingStep trainingStep;
    private readonly BatchBuilder trainingBatches;
    private readonly BatchBuilder evaluationBatches;
    private readonly AlignedBuffer probabilities;
    private readonly float[] clipWeights;
    private readonly EpochOrder order;
    private readonly EarlyStopping stopping;
    private readonly ILearningRateSchedule schedule;
    private readonly IWeightAveraging averaging;
    private readonly List<EpochMetrics> history = [];

    private long step; // of the training run
    private long processSteps; // of this process
    private PartialEpoch partialEpoch; // of the current epoch
    private bool stoppedEarly;

    /// <summary>
    /// Creates a trainer for a single call of <see cref="Run"/>, which resumes from the job's checkpoint if there is
    /// one.
    /// </summary>
    /// <exception cref="InvalidInputException">The options are invalid, or a subset has too few clips.</exception>
    public Trainer(TrainingJob job, TimeProvider clock)
        : this(TrainingPlan.Create(job), clock) { }

    private Trainer(TrainingPlan plan, TimeProvider clock)
    {
        this.plan = plan;
        job = plan.Job;
        options = plan.Options;
        this.clock = clock;
        var workers = disposables.Add(new WorkerPool(options.Threads));
        network = disposables.Add(new Network(plan.Network, workers, plan.Capacity, training: true));
        trainingStep = disposables.Add(CreateTrainingStep(workers));
        trainingBatches = disposables.Add(CreateBatches(workers, options, plan.TrainingCapacity));
        evaluationBatches = disposables.Add(
            CreateBatches(workers, options with { Augmentation = false }, plan.EvaluationCapacity)
        );
        probabilities = disposables.Add(new AlignedBuffer(plan.Capacity.Clips * job.Labels.Count));
        clipWeights = new float[plan.Capacity.Clips];
        order = new EpochOrder(job.Train, options.Copies!.Value, options.BatchSize, options.Seed);
        stopping = new EarlyStopping(options.Patience!.Value);
        schedule = LearningRateSchedules.Create(options, (long)options.Epochs * order.SplitIntoBatches().Count);
        averaging = disposables.Add(AveragingMethods.Create(options, network.Parameters, workers));
    }

    private BatchBuilder CreateBatches(WorkerPool workers, TrainingOptions options, BatchCapacity capacity) =>
        new(job.Frames, plan.ClipNormalization, options, workers, job.Labels.Count, plan.Padding, capacity)
        {
            SoftTargets = plan.SoftTargets,
        };

    /// <summary>Trains to the end, resuming from the last checkpoint if there is one.</summary>
    /// <exception cref="TrainingException">
    /// The loss became NaN or infinite, or a checkpoint or model cannot be written.
    /// </exception>
    /// <exception cref="InvalidInputException">The checkpoint was written with different clips or options.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled; the last step has been saved.</exception>
    public TrainingOutcome Run(
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        network.Initialize(new RandomStream(options.Seed), (float)options.AttentionScale!.Value);
        if (job.Initial is { } initial)
            InitialWeights.CopyTo(network.Parameters, initial, job.Labels);
        AtomicFile.RemoveLeftovers(job.Folder);
        AtomicFile.RemoveLeftovers(job.ResumeFolder);
        var state = Restore();
        var start = clock.GetTimestamp();
        // Killed after the last epoch: only the final model is missing.
        var finished = state is { Finished: true } or { StoppedEarly: true };
        for (var epoch = history.Count; !finished && epoch < options.Epochs; epoch++)
            finished = RunEpoch(epoch, start, progress, cancellationToken);
        if (state is not { Finished: true })
        {
            WriteFinalModels();
            Save(finished: true);
        }
        return new(job.BestPath, job.FinalPath, history, stopping.BestEpoch + 1, stoppedEarly);
    }

    /// <inheritdoc/>
    public void Dispose() => disposables.Dispose();

    // Of the next step.
    private AdamOptions Adam
    {
        get
        {
            var adam = new AdamOptions(GetLearningRate(step), Beta2: options.Beta2);
            return schedule.GetBeta1(step) is { } beta1 ? adam with { Beta1 = beta1 } : adam;
        }
    }

    // Of a step, from 0; float32, as in Keras.
    private float GetLearningRate(long step) => (float)schedule.GetLearningRate(step);

    private bool RunEpoch(
        int epoch,
        long start,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var epochStart = clock.GetTimestamp();
        order.Shuffle(epoch);
        var steps = order.SplitIntoBatches();
        while (partialEpoch.Steps < steps.Count)
        {
            StopIfCancelled(cancellationToken);
            TrainStep(epoch, steps[partialEpoch.Steps]);
            progress?.Report(CreateProgress(epoch, steps.Count, start, null, false));
            if (options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && partialEpoch.Steps < steps.Count)
                Save(finished: false);
        }
        averaging.OnEpochEnd(epoch);
        averaging.UseAverage(epoch + 1);
        var validation = Validate(cancellationToken);
        var metrics = CreateMetrics(epoch, validation, clock.GetElapsedTime(epochStart));
        history.Add(metrics);
        var (isBest, stop) = stopping.OnEpochEnd(
            epoch,
            options.Monitor == MonitoredMetric.ValUar ? metrics.ValUar : metrics.ValAccuracy
        );
        schedule.OnEpochEnd(metrics.ValLoss);
        if (isBest)
            WriteModel(job.BestPath);
        averaging.UseTrained();
        stoppedEarly = stop;
        var epochProgress = CreateProgress(epoch, steps.Count, start, metrics, isBest);
        partialEpoch = default;
        Save(finished: false);
        progress?.Report(epochProgress);
        return stop;
    }

    private EpochMetrics CreateMetrics(int epoch, Classification validation, TimeSpan duration) =>
        new(
            epoch + 1,
            partialEpoch.Loss / partialEpoch.Clips,
            (double)partialEpoch.Correct / partialEpoch.Clips,
            validation.LogLoss,
            validation.Accuracy,
            validation.Uar,
            GetLearningRate(step - 1),
            duration.TotalSeconds
        )
        {
            ValRecalls = new(validation.PerClass.Select(metrics => metrics.Support == 0 ? double.NaN : metrics.Recall)),
        };

    // Called between steps, where a checkpoint can be saved.
    private void StopIfCancelled(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return;
        Save(finished: false);
        throw new OperationCanceledException(cancellationToken);
    }

    private TrainingProgress CreateProgress(int epoch, int steps, long start, EpochMetrics? lastEpoch, bool isBest)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (lastEpoch is null)
            processSteps++;
        var timePerStep = elapsed / Math.Max(1, processSteps);
        var remainingSteps = ((long)(options.Epochs - epoch - 1) * steps) + steps - partialEpoch.Steps;
        var hasBest = double.IsFinite(stopping.Best);
        return new()
        {
            Epoch = epoch + 1,
            Epochs = options.Epochs,
            Step = partialEpoch.Steps,
            Steps = steps,
            Clips = job.Train.Count,
            Copies = options.Copies!.Value,
            Loss = partialEpoch.Loss / partialEpoch.Clips,
            LastEpoch = lastEpoch,
            IsBest = isBest,
            StopsEarly = lastEpoch is not null && stoppedEarly,
            Monitor = TrainingOptions.Table[OptionKeys.Monitor].Format(options),
            Best = hasBest ? stopping.Best : null,
            BestEpoch = hasBest ? stopping.BestEpoch + 1 : null,
            LearningRate = GetLearningRate(step - 1),
            Elapsed = elapsed,
            ClipsPerSecond = processSteps / Math.Max(1e-9, elapsed.TotalSeconds) * order.Clips.Length / steps,
            TimePerEpoch = timePerStep * steps,
            Remaining = timePerStep * remainingSteps,
        };
    }

    private void TrainStep(int epoch, (int First, int Count) range)
    {
        var clips = order.Clips.Slice(range.First, range.Count);
        var random = new RandomStream(options.Seed).AtStep((uint)epoch, (uint)partialEpoch.Steps);
        var batch = trainingBatches.BuildTrainingBatch(clips, random);
        for (var slot = 0; slot < clips.Length; slot++)
            clipWeights[slot] = plan.GetClipWeight(clips.Span[slot]);
        var rows = probabilities.Rows(0, clips.Length, job.Labels.Count);
        var loss = trainingStep.ComputeGradients(
            batch,
            trainingBatches.Targets,
            clipWeights.AsSpan(0, clips.Length),
            random,
            rows
        );
        if (!double.IsFinite(loss))
            throw new TrainingException(DescribeNonFiniteLoss(epoch, loss, clips.Span));
        trainingStep.Update(Adam, ++step);
        averaging.OnStep(step);
        var correct = 0;
        for (var slot = 0; slot < clips.Length; slot++)
            if (rows[slot].IndexOf(VectorMath.Max(rows[slot])) == clips.Span[slot].Label)
                correct++;
        partialEpoch = new(
            partialEpoch.Steps + 1,
            partialEpoch.Loss + (loss * clips.Length),
            partialEpoch.Correct + correct,
            partialEpoch.Clips + clips.Length
        );
    }
}
