using AttnCrnn.IO;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Elementwise;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Callbacks;
using AttnCrnn.Training.Checkpoints;

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
    private readonly BatchBuilder trainingBatches;
    private readonly BatchBuilder evaluationBatches;
    private readonly AlignedBuffer probabilities;
    private readonly float[] clipWeights;
    private readonly EpochOrder order;
    private readonly EarlyStopping stopping;
    private readonly ReduceOnPlateau plateau;
    private readonly List<EpochMetrics> history = [];

    private long step; // of the training run
    private long processSteps; // of this process
    private PartialEpoch partialEpoch; // of the current epoch
    private float learningRate;
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
        trainingBatches = disposables.Add(CreateBatches(workers, options, plan.TrainingCapacity));
        evaluationBatches = disposables.Add(
            CreateBatches(workers, options with { Augmentation = false }, plan.EvaluationCapacity)
        );
        probabilities = disposables.Add(new AlignedBuffer(plan.Capacity.Clips * job.Labels.Count));
        clipWeights = new float[plan.Capacity.Clips];
        order = new EpochOrder(job.Train, options.Copies!.Value, options.BatchSize, options.Seed);
        stopping = new EarlyStopping(options.Patience!.Value);
        plateau = new ReduceOnPlateau(options.PlateauFactor, options.PlateauPatience!.Value, options.MinLearningRate);
        learningRate = (float)options.LearningRate;
    }

    private BatchBuilder CreateBatches(WorkerPool workers, TrainingOptions options, BatchCapacity capacity) =>
        new(job.Frames, plan.ClipNormalization, options, workers, job.Labels.Count, plan.Padding, capacity);

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

    private AdamOptions Adam => new(learningRate, Beta2: options.Beta2);

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
        var validation = Validate(cancellationToken);
        var metrics = CreateMetrics(epoch, validation, clock.GetElapsedTime(epochStart));
        history.Add(metrics);
        var (isBest, stop) = stopping.OnEpochEnd(
            epoch,
            options.Monitor == "val_uar" ? metrics.ValUar : metrics.ValAccuracy
        );
        learningRate = plateau.OnEpochEnd(metrics.ValLoss, learningRate);
        if (isBest)
            WriteModel(job.BestPath);
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
            learningRate,
            duration.TotalSeconds
        );

    // Called between steps, where a checkpoint can be saved.
    private void StopIfCancelled(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested)
            return;
        Save(finished: false);
        throw new OperationCanceledException(cancellationToken);
    }

    private Classification Validate(CancellationToken cancellationToken)
    {
        try
        {
            if (options.BatchNorm == "recalibrated")
                Recalibrate(cancellationToken);
            return Classification.Compute(
                [.. job.Validation.Select(clip => clip.Label)],
                Predict(cancellationToken),
                job.Labels
            );
        }
        catch (OperationCanceledException)
        {
            Save(finished: false);
            throw;
        }
    }

    private TrainingProgress CreateProgress(int epoch, int steps, long start, EpochMetrics? lastEpoch, bool isBest)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (lastEpoch is null)
            processSteps++;
        var remainingSteps = ((long)(options.Epochs - epoch - 1) * steps) + steps - partialEpoch.Steps;
        return new(
            epoch + 1,
            options.Epochs,
            partialEpoch.Steps,
            steps,
            partialEpoch.Loss / partialEpoch.Clips,
            lastEpoch,
            isBest,
            double.IsFinite(stopping.Best) ? stopping.Best : null,
            elapsed,
            processSteps / Math.Max(1e-9, elapsed.TotalSeconds) * order.Clips.Length / steps,
            elapsed / Math.Max(1, processSteps) * remainingSteps
        );
    }

    private void Recalibrate(CancellationToken cancellationToken)
    {
        foreach (var batch in ReadEvaluationBatches(job.Train, cancellationToken))
            network.AccumulateStatistics(batch);
        network.UpdateRunningStatistics();
    }

    // Without augmentation; a batch is valid until the next one is requested.
    private IEnumerable<PackedBatch> ReadEvaluationBatches(
        IReadOnlyList<TrainingClip> evaluatedClips,
        CancellationToken cancellationToken
    )
    {
        var clips = evaluatedClips.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return evaluationBatches.BuildEvaluationBatch(
                clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first))
            );
        }
    }

    private void TrainStep(int epoch, (int First, int Count) range)
    {
        var clips = order.Clips.Slice(range.First, range.Count);
        var random = new RandomStream(options.Seed).AtStep((uint)epoch, (uint)partialEpoch.Steps);
        var batch = trainingBatches.BuildTrainingBatch(clips, random);
        for (var slot = 0; slot < clips.Length; slot++)
            clipWeights[slot] = plan.ClassWeights[clips.Span[slot].Label];
        var rows = probabilities.Rows(0, clips.Length, job.Labels.Count);
        var loss = network.TrainStep(batch, trainingBatches.Targets, clipWeights.AsSpan(0, clips.Length), random, rows);
        if (!double.IsFinite(loss))
            throw new TrainingException(DescribeNonFiniteLoss(epoch, loss, clips.Span));
        network.ApplyAdam(Adam, ++step);
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

    private string DescribeNonFiniteLoss(int epoch, double loss, ReadOnlySpan<TrainingClip> clips)
    {
        const int maxNames = 8;
        var names = new List<string>();
        foreach (var clip in clips[..Math.Min(maxNames, clips.Length)])
            names.Add(job.Frames.GetName(clip.Source));
        if (clips.Length > maxNames)
            names.Add($"{clips.Length - maxNames} more");
        return $"epoch {epoch + 1}, step {partialEpoch.Steps + 1}: the loss is {loss}; clips of the batch: "
            + $"{string.Join(", ", names)}. Check these clips with attn-crnn corpus, lower --learning_rate "
            + $"({learningRate}), or use --normalize corpus";
    }

    private List<double[]> Predict(CancellationToken cancellationToken)
    {
        var result = new List<double[]>();
        foreach (var batch in ReadEvaluationBatches(job.Validation, cancellationToken))
        {
            var rows = probabilities.Rows(0, batch.ClipCount, job.Labels.Count);
            network.Predict(batch, rows);
            for (var slot = 0; slot < batch.ClipCount; slot++)
            {
                double[] row = [.. rows[slot].ToArray().Select(probability => (double)probability)];
                if (row.Any(double.IsNaN))
                    throw new TrainingException("the network's probabilities became NaN: lower --learning_rate");
                result.Add(row);
            }
        }
        return result;
    }
}
