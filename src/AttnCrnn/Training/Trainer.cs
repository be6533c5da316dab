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
/// Trains one network by the recipe, an epoch after the other, with a checkpoint after each and wherever it is asked to stop: killed at any moment, the
/// next run goes on from the last checkpoint and comes to the same bits.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly TrainingJob job;
    private readonly TrainingOptions options;
    private readonly TimeProvider clock;
    private readonly WorkerPool workers;
    private readonly FeatureNormalization normalization; // the corpus'; with --normalize speaker for clips whose speaker has none
    private readonly ClipNormalization clipNormalization;
    private readonly Network network;
    private readonly BatchBuilder trainingBatches,
        evaluationBatches;
    private readonly AlignedBuffer probabilities;
    private readonly float[] classWeights,
        clipWeights;
    private readonly EpochOrder order;
    private readonly int padding;
    private readonly string fingerprint;
    private readonly EarlyStopping stopping;
    private readonly ReduceOnPlateau plateau;
    private readonly List<EpochMetrics> history = [];

    private long step,
        stepsHere; // of the training, and of this process
    private EpochPart part; // of the epoch that has begun
    private float learningRate;
    private bool stoppedEarly;

    /// <summary>A training to be run once; it goes on from a checkpoint of the same job where there is one.</summary>
    /// <exception cref="InvalidInputException">The options are wrong, or a side has too few clips.</exception>
    public Trainer(TrainingJob job, TimeProvider clock)
    {
        options = job.Options.For(job.Encoder, job.FirstCheckpointVersion);
        var errors = options.Errors().ToList();
        if (job.Labels.Count < 2)
            errors.Add($"{job.Labels.Count} classes: expected at least 2");
        if (job.Train.Count < 2)
            errors.Add($"{job.Train.Count} clips to train on: expected at least 2");
        if (job.Validation.Count < 1)
            errors.Add("no clips to validate on: more clips or speakers are needed");
        if (options.Normalize == "speaker" && job.SpeakerNormalizations is null)
            errors.Add("--normalize speaker: nothing is known of the clips' speakers");
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        (this.job, this.clock) = (job, clock);
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
        var stretched = new Augmentation(options);
        int RawOf(TrainingClip clip) => job.Frames.Frames(clip.Source);
        order = new(job.Train, options.Copies ?? 1, options.BatchSize, options.Seed);
        var toTrain = BatchBuilder.CapacityFor(
            order.Clips.ToArray().Select(clip => Math.Max(padding, stretched.MaxFrames(RawOf(clip)))),
            options.BatchSize
        );
        var toJudge = BatchBuilder.CapacityFor(
            job.Train.Concat(job.Validation).Select(clip => Math.Max(padding, RawOf(clip))),
            options.BatchSize
        );
        var largest = new BatchCapacity(
            Math.Max(toTrain.Rows, toJudge.Rows),
            Math.Max(toTrain.Clips, toJudge.Clips),
            Math.Max(toTrain.Frames, toJudge.Frames)
        );
        if ((long)largest.Rows * job.Frames.Width > int.MaxValue)
            throw new InvalidInputException(
                $"{largest.Clips} clips of up to {largest.Frames} frames of {job.Frames.Width} numbers are more than one batch can hold: lower --batch_size ({options.BatchSize}), or cut long clips"
            );
        var width = job.Frames.Width / job.Encoder.LayerCount;
        var network =
            job.Initial is { } initial ? InitialWeights.Network(initial.Model, job.Encoder, job.Labels, options.Model)
            : options.Model == "v1" ? NetworkOptions.V1(width, job.Labels.Count)
            : new NetworkOptions(width, job.Labels.Count);
        var shape = network with
        {
            Layers = job.Encoder.LayerCount,
            LstmDropout = options.LstmDropout ?? 0.3,
            RecurrentDropout = options.RecurrentDropout ?? 0.3,
            ExactConvolution = options.ExactConvolution,
        };
        this.network = new Network(shape, workers, largest, training: true);
        trainingBatches = new BatchBuilder(
            job.Frames,
            clipNormalization,
            options,
            workers,
            job.Labels.Count,
            padding,
            toTrain
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
            toJudge
        );
        probabilities = new AlignedBuffer(largest.Clips * job.Labels.Count);
        classWeights =
            options.ClassWeight == "balanced"
                ?
                [
                    .. BalancedWeights
                        .Compute([.. job.Train.Select(clip => clip.Label)], job.Labels.Count)
                        .Select(weight => (float)weight),
                ]
                : [.. Enumerable.Repeat(1f, job.Labels.Count)];
        clipWeights = new float[largest.Clips];
        stopping = new EarlyStopping(options.Patience ?? 6);
        plateau = new ReduceOnPlateau(options.PlateauFactor, options.PlateauPatience ?? 2, options.MinLearningRate);
        learningRate = (float)options.LearningRate;
        fingerprint = TrainingFingerprint.Compute(job, options, clipNormalization, CheckpointState.CurrentVersion);
    }

    /// <summary>Trains to the end, from the last checkpoint where there is one.</summary>
    /// <exception cref="TrainingException">The loss is no number any more, or a checkpoint or model cannot be written.</exception>
    /// <exception cref="InvalidInputException">The checkpoint is of other clips or options.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the checkpoint is that of the last step.</exception>
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
        var finished = state is { Finished: true } or { StoppedEarly: true }; // killed after the last epoch: only the end is missing
        for (var epoch = history.Count; !finished && epoch < options.Epochs; epoch++)
            finished = RunEpoch(epoch, start, progress, cancellationToken);
        if (state is not { Finished: true })
        {
            WriteLast();
            Save(finished: true);
        }
        return new(job.BestPath, job.FinalPath, history, stopping.BestEpoch + 1, stoppedEarly);
    }

    /// <summary>Whether a run in this folder has come to its end.</summary>
    public static bool IsFinished(string resumeFolder) => Checkpoint.Read(resumeFolder, null) is { Finished: true };

    /// <summary>The checkpoints of a network whose models are in a folder, the newest first.</summary>
    public static IReadOnlyList<string> CheckpointsIn(string modelFolder) =>
        Checkpoint.In(Path.Combine(modelFolder, "resume"));

    /// <summary>The epochs of a run in this folder, and the best of them from 1; null where there is no checkpoint.</summary>
    public static (IReadOnlyList<EpochMetrics> History, int BestEpoch)? HistoryIn(string resumeFolder) =>
        Checkpoint.Read(resumeFolder, null) is { } state ? (state.History, state.Stopping.BestEpoch + 1) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in (IDisposable[])[network, trainingBatches, evaluationBatches, probabilities, workers])
            part.Dispose();
    }

    private AdamOptions Adam => new(learningRate, Beta2: options.Beta2);

    private bool RunEpoch(
        int epoch,
        long start,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var begun = clock.GetTimestamp();
        order.Shuffle(epoch);
        var steps = order.Steps();
        while (part.Steps < steps.Count)
        {
            StopIfCancelled(cancellationToken);
            Learn(epoch, steps[part.Steps]);
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
            clock.GetElapsedTime(begun).TotalSeconds
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
        var now = Progress(epoch, steps.Count, start, metrics, isBest);
        part = default;
        Save(finished: false);
        progress?.Report(now);
        return stop;
    }

    // Between steps, where what was done can be kept.
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
        stepsHere = last is null ? stepsHere + 1 : stepsHere;
        var left = ((long)(options.Epochs - epoch - 1) * steps) + steps - part.Steps;
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
            stepsHere / Math.Max(1e-9, elapsed.TotalSeconds) * order.Clips.Length / steps,
            elapsed / Math.Max(1, stepsHere) * left
        );
    }

    private void Recalibrate(CancellationToken cancellationToken)
    {
        var clips = job.Train.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.AccumulateStatistics(
                evaluationBatches.Evaluate(clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first)))
            );
        }
        network.UpdateRunningStatistics();
    }

    private void Learn(int epoch, (int First, int Count) valueTuple)
    {
        var (clips, random) = (
            order.Clips.Slice(valueTuple.First, valueTuple.Count),
            new RandomStream(options.Seed).AtStep((uint)epoch, (uint)part.Steps)
        );
        var batch = trainingBatches.Train(clips, random);
        for (var slot = 0; slot < clips.Length; slot++)
            clipWeights[slot] = classWeights[clips.Span[slot].Label];
        var shares = probabilities.Rows(0, clips.Length, job.Labels.Count);
        var loss = network.TrainStep(
            batch,
            trainingBatches.Targets,
            clipWeights.AsSpan(0, clips.Length),
            random,
            shares
        );
        if (!double.IsFinite(loss))
            throw new TrainingException(DescribeNonFiniteLoss(epoch, loss, clips.Span));
        network.ApplyAdam(Adam, ++step);
        var right = 0;
        for (var slot = 0; slot < clips.Length; slot++)
            if (shares[slot].IndexOf(VectorMath.Max(shares[slot])) == clips.Span[slot].Label)
                right++;
        part = new(part.Steps + 1, part.Loss + (loss * clips.Length), part.Correct + right, part.Clips + clips.Length);
    }

    private string DescribeNonFiniteLoss(int epoch, double loss, ReadOnlySpan<TrainingClip> clips)
    {
        const int named = 8;
        var names = new List<string>();
        foreach (var clip in clips[..Math.Min(named, clips.Length)])
            names.Add(job.Frames.NameOf(clip.Source));
        if (clips.Length > named)
            names.Add($"{clips.Length - named} more");
        return $"epoch {epoch + 1}, step {part.Steps + 1}: the loss is {loss}. In the batch were {string.Join(", ", names)}. Look at these clips with: attn-crnn corpus; or lower "
            + $"--learning_rate ({learningRate}), or keep --normalize corpus";
    }

    private List<double[]> Predict(CancellationToken cancellationToken)
    {
        var all = new List<double[]>();
        var clips = job.Validation.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = evaluationBatches.Evaluate(
                clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first))
            );
            var shares = probabilities.Rows(0, batch.Clips, job.Labels.Count);
            network.Predict(batch, shares);
            for (var slot = 0; slot < batch.Clips; slot++)
            {
                double[] row = [.. shares[slot].ToArray().Select(probability => (double)probability)];
                if (row.Any(double.IsNaN))
                    throw new TrainingException(
                        "the network's probabilities are no numbers any more; lower --learning_rate"
                    );
                all.Add(row);
            }
        }
        return all;
    }

    private double FitTemperature() =>
        Temperature.Fit([.. job.Validation.Select(clip => clip.Label)], Predict(CancellationToken.None)).Value;

    // Adam stays as it was when weights are restored: in final's as after the last epoch, as Keras does it, in best's as after the best.
    private void WriteLast()
    {
        if (options.Recipe == "original")
            LoadBest();
        WriteModel(job.FinalPath);
        var best = LoadBest();
        // The temperature of the best epoch is fitted once, when it is known to be the best.
        var model = best.Model with { Temperature = FitTemperature() };
        WriteOrExplain(job.BestPath, () => ModelFile.Write(job.BestPath, model, best.Tensors, best.Optimizer));
    }

    private void WriteModel(string path)
    {
        var model = new TrainedModelInfo(
            network.Options,
            job.Labels,
            job.Encoder,
            normalization,
            Temperature: 1,
            job.Synthetic,
            padding,
            job.Configuration,
            job.Version
        )
        {
            Saved = job.Started,
        };
        WriteOrExplain(path, () =>
            ModelFile.Write(
                path,
                model,
                Snapshot.Weights(network.Parameters),
                Snapshot.Optimizer(network.Parameters, Adam, step)
            )
        );
    }

    // A disk that is full or not ours: what is safe is said, and it is, since nothing is written in place.
    private void WriteOrExplain(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string[] safe =
            [
                .. Checkpoint.In(job.ResumeFolder).Take(1),
                .. File.Exists(job.BestPath) ? (string[])[job.BestPath] : [],
            ];
            throw new TrainingException(
                $"{path} could not be written: {fault.Message.TrimEnd('.')}. {(safe.Length == 0 ? "Nothing was kept so far" : $"Whole are {string.Join(" and ", safe)}")}; make room or give the right to write, then go on with train --resume",
                fault
            );
        }
    }

    private TrainedModel LoadBest()
    {
        var best = ModelFile.Read(job.BestPath, withOptimizer: true);
        foreach (var (tensor, parameter) in best.Tensors.Zip(network.Parameters.All))
            tensor.Values.CopyTo(parameter.Values.Span);
        return best;
    }

    private void Save(bool finished)
    {
        var state = new CheckpointState
        {
            Epochs = history.Count,
            Step = step,
            Part = part,
            LearningRate = learningRate,
            Stopping = stopping.State,
            Plateau = plateau.State,
            Finished = finished,
            StoppedEarly = stoppedEarly,
            Fingerprint = fingerprint,
            FirstVersion = job.FirstCheckpointVersion,
            History = history,
        };
        WriteOrExplain(job.ResumeFolder, () => Checkpoint.Write(job.ResumeFolder, state, network.Parameters));
    }

    private CheckpointState? Restore()
    {
        var state = Checkpoint.Read(job.ResumeFolder, network.Parameters);
        if (state is null)
            return null;
        var expected =
            state.Version == CheckpointState.CurrentVersion
                ? fingerprint
                : TrainingFingerprint.Compute(job, options, clipNormalization, state.Version);
        if (state.Fingerprint != expected)
            throw new InvalidInputException(
                $"{job.ResumeFolder}: the checkpoint is of other clips or options than this run has; the features may have changed since: train anew"
            );
        history.AddRange(state.History);
        (step, part, learningRate, stoppedEarly) = (state.Step, state.Part, state.LearningRate, state.StoppedEarly);
        stopping.State = state.Stopping;
        plateau.State = state.Plateau;
        return state;
    }
}
