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
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training;

/// <summary>
/// Trains one network, with a checkpoint after each epoch and on cancellation. A run that is killed at any moment
/// resumes from the last checkpoint and gives the same bits.
/// </summary>
public sealed partial class Trainer : IDisposable
{
    private readonly TrainingJob job;
    private readonly TrainingOptions options;
    private readonly TimeProvider clock;
    private readonly WorkerPool workers;
    private readonly FeatureNormalization normalization; // of the training set; --normalize speaker falls back to it
    private readonly ClipNormalization clipNormalization;
    private readonly Network network;
    private readonly BatchBuilder trainingBatches;
    private readonly BatchBuilder evaluationBatches;
    private readonly AlignedBuffer probabilities;
    private readonly float[] classWeights;
    private readonly float[] clipWeights;
    private readonly EpochOrder order;
    private readonly int padding;
    private readonly string fingerprint;
    private readonly EarlyStopping stopping;
    private readonly ReduceOnPlateau plateau;
    private readonly List<EpochMetrics> history = [];

    private long step; // of the training run
    private long processSteps; // of this process
    private EpochPart part; // of the current epoch
    private float learningRate;
    private bool stoppedEarly;

    /// <summary>
    /// Creates a trainer for a single call of <see cref="Run"/>, which resumes from the job's checkpoint if there is
    /// one.
    /// </summary>
    /// <exception cref="InvalidInputException">The options are invalid, or a subset has too few clips.</exception>
    public Trainer(TrainingJob job, TimeProvider clock)
    {
        this.job = job;
        this.clock = clock;
        options = job.Options.For(job.Encoder, job.FirstCheckpointVersion);
        RequireValid(job, options);
        workers = new WorkerPool(options.Threads);
        normalization =
            options.Normalize == "none"
                ? FeatureNormalization.None
                : NormalizationFit.Compute(job.Frames, job.Train, options.Normalize);
        clipNormalization = new(normalization, options.Normalize == "speaker" ? job.SpeakerNormalizations : null);
        padding =
            options.Padding == "longest"
                ? job.Train.Concat(job.Validation).Max(clip => job.Frames.Frames(clip.Source))
                : 0;
        order = new(job.Train, options.Copies ?? 1, options.BatchSize, options.Seed);
        var trainingCapacity = TrainingCapacity();
        var evaluationCapacity = EvaluationCapacity();
        var capacity = new BatchCapacity(
            Math.Max(trainingCapacity.Rows, evaluationCapacity.Rows),
            Math.Max(trainingCapacity.Clips, evaluationCapacity.Clips),
            Math.Max(trainingCapacity.Frames, evaluationCapacity.Frames)
        );
        RequireFits(capacity);
        network = new Network(CreateNetworkOptions(), workers, capacity, training: true);
        trainingBatches = new BatchBuilder(
            job.Frames,
            clipNormalization,
            options,
            workers,
            job.Labels.Count,
            padding,
            trainingCapacity
        );
        evaluationBatches = new BatchBuilder(
            job.Frames,
            clipNormalization,
            options with
            {
                Augmentation = false,
            },
            workers,
            job.Labels.Count,
            padding,
            evaluationCapacity
        );
        probabilities = new AlignedBuffer(capacity.Clips * job.Labels.Count);
        classWeights = ClassWeights();
        clipWeights = new float[capacity.Clips];
        stopping = new EarlyStopping(options.Patience ?? 6);
        plateau = new ReduceOnPlateau(options.PlateauFactor, options.PlateauPatience ?? 2, options.MinLearningRate);
        learningRate = (float)options.LearningRate;
        fingerprint = TrainingFingerprint.Compute(job, options, clipNormalization, CheckpointState.CurrentVersion);
    }

    private static void RequireValid(TrainingJob job, TrainingOptions options)
    {
        var errors = options.Errors().ToList();
        if (job.Labels.Count < 2)
            errors.Add($"{job.Labels.Count} classes: expected at least 2");
        if (job.Train.Count < 2)
            errors.Add($"{job.Train.Count} training clips: expected at least 2");
        if (job.Validation.Count < 1)
            errors.Add("no validation clips: add clips or speakers");
        if (options.Normalize == "speaker" && job.SpeakerNormalizations is null)
            errors.Add("--normalize speaker: the clips' speakers are unknown");
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
    }

    private BatchCapacity TrainingCapacity()
    {
        var augmentation = new Augmentation(options);
        return BatchBuilder.CapacityFor(
            order.Clips.ToArray().Select(clip => Math.Max(padding, augmentation.MaxFrames(FramesOf(clip)))),
            options.BatchSize
        );
    }

    private BatchCapacity EvaluationCapacity() =>
        BatchBuilder.CapacityFor(
            job.Train.Concat(job.Validation).Select(clip => Math.Max(padding, FramesOf(clip))),
            options.BatchSize
        );

    private int FramesOf(TrainingClip clip) => job.Frames.Frames(clip.Source);

    private void RequireFits(BatchCapacity capacity)
    {
        if ((long)capacity.Rows * job.Frames.Width > int.MaxValue)
            throw new InvalidInputException(
                $"{capacity.Clips} clips of up to {capacity.Frames} frames of {job.Frames.Width} features exceed the "
                    + $"maximum size of a batch: lower --batch_size ({options.BatchSize}), or cut long clips"
            );
    }

    private NetworkOptions CreateNetworkOptions()
    {
        var width = job.Frames.Width / job.Encoder.LayerCount;
        var networkOptions =
            job.Initial is { } initial ? InitialWeights.Network(initial.Model, job.Encoder, job.Labels, options.Model)
            : options.Model == "v1" ? NetworkOptions.V1(width, job.Labels.Count)
            : new NetworkOptions(width, job.Labels.Count);
        return networkOptions with
        {
            Layers = job.Encoder.LayerCount,
            LstmDropout = options.LstmDropout ?? 0.3,
            RecurrentDropout = options.RecurrentDropout ?? 0.3,
            ExactConvolution = options.ExactConvolution,
        };
    }

    private float[] ClassWeights()
    {
        if (options.ClassWeight != "balanced")
            return [.. Enumerable.Repeat(1f, job.Labels.Count)];
        var weights = BalancedWeights.Compute([.. job.Train.Select(clip => clip.Label)], job.Labels.Count);
        return [.. weights.Select(weight => (float)weight)];
    }

    /// <summary>Trains to the end, resuming from the last checkpoint if there is one.</summary>
    /// <exception cref="TrainingException">
    /// The loss became NaN or infinite, or a checkpoint or model cannot be written.
    /// </exception>
    /// <exception cref="InvalidInputException">The checkpoint belongs to other clips or options.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the last step has been saved.</exception>
    public TrainingOutcome Run(
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        network.Initialize(new RandomStream(options.Seed), (float)(options.AttentionScale ?? 1));
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
            WriteLast();
            Save(finished: true);
        }
        return new(job.BestPath, job.FinalPath, history, stopping.BestEpoch + 1, stoppedEarly);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        network.Dispose();
        trainingBatches.Dispose();
        evaluationBatches.Dispose();
        probabilities.Dispose();
        workers.Dispose();
    }

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
        var steps = order.Steps();
        while (part.Steps < steps.Count)
        {
            StopIfCancelled(cancellationToken);
            TrainStep(epoch, steps[part.Steps]);
            progress?.Report(Progress(epoch, steps.Count, start, null, false));
            if (options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && part.Steps < steps.Count)
                Save(finished: false);
        }
        var validation = Validate(cancellationToken);
        var metrics = new EpochMetrics(
            epoch + 1,
            part.Loss / part.Clips,
            (double)part.Correct / part.Clips,
            validation.LogLoss,
            validation.Accuracy,
            validation.Uar,
            learningRate,
            clock.GetElapsedTime(epochStart).TotalSeconds
        );
        history.Add(metrics);
        var (isBest, stop) = stopping.OnEpochEnd(
            epoch,
            options.Monitor == "val_uar" ? metrics.ValUar : metrics.ValAccuracy
        );
        learningRate = plateau.OnEpochEnd(metrics.ValLoss, learningRate);
        if (isBest)
            WriteModel(job.BestPath);
        stoppedEarly = stop;
        var epochProgress = Progress(epoch, steps.Count, start, metrics, isBest);
        part = default;
        Save(finished: false);
        progress?.Report(epochProgress);
        return stop;
    }

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

    private TrainingProgress Progress(int epoch, int steps, long start, EpochMetrics? last, bool isBest)
    {
        var elapsed = clock.GetElapsedTime(start);
        if (last is null)
            processSteps++;
        var remainingSteps = ((long)(options.Epochs - epoch - 1) * steps) + steps - part.Steps;
        return new(
            epoch + 1,
            options.Epochs,
            part.Steps,
            steps,
            part.Loss / part.Clips,
            last,
            isBest,
            double.IsFinite(stopping.Best) ? stopping.Best : null,
            elapsed,
            processSteps / Math.Max(1e-9, elapsed.TotalSeconds) * order.Clips.Length / steps,
            elapsed / Math.Max(1, processSteps) * remainingSteps
        );
    }

    private void Recalibrate(CancellationToken cancellationToken)
    {
        foreach (var batch in EvaluationBatches(job.Train, cancellationToken))
            network.AccumulateStatistics(batch);
        network.UpdateRunningStatistics();
    }

    // Without augmentation; a batch is valid until the next one is asked for.
    private IEnumerable<PackedBatch> EvaluationBatches(
        IReadOnlyList<TrainingClip> all,
        CancellationToken cancellationToken
    )
    {
        var clips = all.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return evaluationBatches.Evaluate(
                clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first))
            );
        }
    }

    private void TrainStep(int epoch, (int First, int Count) range)
    {
        var clips = order.Clips.Slice(range.First, range.Count);
        var random = new RandomStream(options.Seed).AtStep((uint)epoch, (uint)part.Steps);
        var batch = trainingBatches.Train(clips, random);
        for (var slot = 0; slot < clips.Length; slot++)
            clipWeights[slot] = classWeights[clips.Span[slot].Label];
        var rows = probabilities.Rows(0, clips.Length, job.Labels.Count);
        var loss = network.TrainStep(batch, trainingBatches.Targets, clipWeights.AsSpan(0, clips.Length), random, rows);
        if (!double.IsFinite(loss))
            throw new TrainingException(DescribeNonFiniteLoss(epoch, loss, clips.Span));
        network.ApplyAdam(Adam, ++step);
        var correct = 0;
        for (var slot = 0; slot < clips.Length; slot++)
            if (rows[slot].IndexOf(VectorMath.Max(rows[slot])) == clips.Span[slot].Label)
                correct++;
        part = new(
            part.Steps + 1,
            part.Loss + (loss * clips.Length),
            part.Correct + correct,
            part.Clips + clips.Length
        );
    }

    private string DescribeNonFiniteLoss(int epoch, double loss, ReadOnlySpan<TrainingClip> clips)
    {
        const int maxNames = 8;
        var names = new List<string>();
        foreach (var clip in clips[..Math.Min(maxNames, clips.Length)])
            names.Add(job.Frames.NameOf(clip.Source));
        if (clips.Length > maxNames)
            names.Add($"{clips.Length - maxNames} more");
        return $"epoch {epoch + 1}, step {part.Steps + 1}: the loss is {loss}; clips of the batch: "
            + $"{string.Join(", ", names)}. Check these clips with attn-crnn corpus, lower --learning_rate "
            + $"({learningRate}), or use --normalize corpus";
    }

    private List<double[]> Predict(CancellationToken cancellationToken)
    {
        var result = new List<double[]>();
        foreach (var batch in EvaluationBatches(job.Validation, cancellationToken))
        {
            var rows = probabilities.Rows(0, batch.Clips, job.Labels.Count);
            network.Predict(batch, rows);
            for (var slot = 0; slot < batch.Clips; slot++)
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
