using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Kernels;
using AttnCrnn.Metrics;
using AttnCrnn.Model;

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
    private readonly Workers workers;
    private readonly Normalisation normalisation; // the corpus'; with --normalize speaker for clips whose speaker has none
    private readonly ClipNormalisation clipNormalisation;
    private readonly Network network;
    private readonly BatchMaker batches, judged;
    private readonly FloatBuffer probabilities;
    private readonly float[] classWeights, clipWeights;
    private readonly EpochOrder order;
    private readonly int padding;
    private readonly string fingerprint;
    private readonly EarlyStopping stopping;
    private readonly ReduceOnPlateau plateau;
    private readonly List<EpochFigures> history = [];

    private long step, stepsHere; // of the training, and of this process
    private EpochPart part; // of the epoch that has begun
    private float learningRate;
    private bool stoppedEarly;

    /// <summary>A training to be run once; it goes on from a checkpoint of the same job where there is one.</summary>
    /// <exception cref="RefusedException">The options are wrong, or a side has too few clips.</exception>
    public Trainer(TrainingJob job, TimeProvider clock)
    {
        options = job.Options.For(job.Encoder);
        var errors = options.Errors().ToList();
        if (job.Labels.Count < 2) errors.Add($"{job.Labels.Count} classes: expected at least 2");
        if (job.Train.Count < 2) errors.Add($"{job.Train.Count} clips to train on: expected at least 2");
        if (job.Validation.Count < 1) errors.Add("no clips to validate on: more clips or speakers are needed");
        if (options.Normalize == "speaker" && job.OwnNormalisations is null) errors.Add("--normalize speaker: nothing is known of the clips' speakers");
        if (errors.Count > 0) throw new RefusedException(string.Join("; ", errors));
        (this.job, this.clock) = (job, clock);
        workers = new Workers(options.Threads);
        normalisation = options.Normalize == "none" ? Normalisation.None : NormalisationFit.Of(job.Frames, job.Train, options.Normalize);
        clipNormalisation = new(normalisation, options.Normalize == "speaker" ? job.OwnNormalisations : null);
        padding = options.Padding == "longest" ? job.Train.Concat(job.Validation).Max(clip => job.Frames.Frames(clip.Source)) : 0;
        var stretched = new Augmentation(options);
        int RawOf(TrainingClip clip) => job.Frames.Frames(clip.Source);
        order = new(job.Train, options.Copies ?? 1, options.BatchSize, options.Seed);
        var toTrain = BatchMaker.LargestOf(order.Clips.ToArray().Select(clip => Math.Max(padding, stretched.MostFrames(RawOf(clip)))), options.BatchSize);
        var toJudge = BatchMaker.LargestOf(job.Train.Concat(job.Validation).Select(clip => Math.Max(padding, RawOf(clip))), options.BatchSize);
        var largest = new LargestBatch(Math.Max(toTrain.Rows, toJudge.Rows), Math.Max(toTrain.Clips, toJudge.Clips), Math.Max(toTrain.Frames, toJudge.Frames));
        if ((long)largest.Rows * job.Frames.Width > int.MaxValue)
            throw new RefusedException($"{largest.Clips} clips of up to {largest.Frames} frames of {job.Frames.Width} numbers are more than one batch can hold: lower --batch_size ({options.BatchSize}), or cut long clips");
        var width = job.Frames.Width / job.Encoder.LayerCount;
        var network = job.Initial is { } initial ? InitialWeights.Network(initial.Model, job.Encoder, job.Labels, options.Model)
            : options.Model == "v1" ? NetworkOptions.V1(width, job.Labels.Count) : new NetworkOptions(width, job.Labels.Count);
        var shape = network with { Layers = job.Encoder.LayerCount, LstmDropout = options.LstmDropout ?? 0.3, RecurrentDropout = options.RecurrentDropout ?? 0.3, ExactConvolution = options.ExactConvolution };
        this.network = new Network(shape, workers, largest, training: true);
        batches = new BatchMaker(job.Frames, clipNormalisation, options, workers, job.Labels.Count, padding, toTrain);
        judged = new BatchMaker(job.Frames, clipNormalisation, options with { Augmentation = false }, workers, job.Labels.Count, padding, toJudge);
        probabilities = new FloatBuffer(largest.Clips * job.Labels.Count);
        classWeights = options.ClassWeight == "balanced"
            ? [.. BalancedWeights.Of([.. job.Train.Select(clip => clip.Label)], job.Labels.Count).Select(weight => (float)weight)]
            : [.. Enumerable.Repeat(1f, job.Labels.Count)];
        clipWeights = new float[largest.Clips];
        stopping = new EarlyStopping(options.Patience ?? 6);
        plateau = new ReduceOnPlateau(options.PlateauFactor, options.PlateauPatience ?? 2, options.MinLearningRate);
        learningRate = (float)options.LearningRate;
        fingerprint = TrainingFingerprint.Compute(job, options, clipNormalisation, CheckpointState.CurrentVersion);
    }

    /// <summary>Trains to the end, from the last checkpoint where there is one.</summary>
    /// <exception cref="TrainingException">The loss is no number any more, or a checkpoint or model cannot be written.</exception>
    /// <exception cref="RefusedException">The checkpoint is of other clips or options.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; the checkpoint is that of the last step.</exception>
    public TrainingOutcome Run(IProgress<TrainingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        network.Initialise(new Draw(options.Seed), (float)(options.AttentionScale ?? 1));
        if (job.Initial is { } initial) InitialWeights.CopyTo(network.Parameters, initial, job.Labels);
        AtomicFile.RemoveLeftovers(job.Folder);
        AtomicFile.RemoveLeftovers(job.ResumeFolder);
        var state = Restore();
        var start = clock.GetTimestamp();
        var finished = state is { Finished: true } or { StoppedEarly: true }; // killed after the last epoch: only the end is missing
        for (var epoch = history.Count; !finished && epoch < options.Epochs; epoch++) finished = RunEpoch(epoch, start, progress, cancellationToken);
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
    public static IReadOnlyList<string> CheckpointsIn(string modelFolder) => Checkpoint.In(Path.Combine(modelFolder, "resume"));

    /// <summary>The epochs of a run in this folder, and the best of them from 1; null where there is no checkpoint.</summary>
    public static (IReadOnlyList<EpochFigures> History, int BestEpoch)? HistoryIn(string resumeFolder) =>
        Checkpoint.Read(resumeFolder, null) is { } state ? (state.History, state.Stopping.BestEpoch + 1) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in (IDisposable[])[network, batches, judged, probabilities, workers]) part.Dispose();
    }

    private AdamOptions Adam => new(learningRate, Beta2: options.Beta2);

    private bool RunEpoch(int epoch, long start, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var begun = clock.GetTimestamp();
        order.Shuffle(epoch);
        var steps = order.Steps();
        while (part.Steps < steps.Count)
        {
            StopHere(cancellationToken);
            Learn(epoch, steps[part.Steps]);
            progress?.Report(Progress(epoch, steps.Count, start, null, false));
            if (options.CheckpointEvery > 0 && step % options.CheckpointEvery == 0 && part.Steps < steps.Count) Save(finished: false);
        }
        var validation = JudgeEpoch(cancellationToken);
        var figures = new EpochFigures(
            epoch + 1, part.Loss / part.Clips, (double)part.Correct / part.Clips, validation.LogLoss, validation.Accuracy, validation.Uar, learningRate, clock.GetElapsedTime(begun).TotalSeconds);
        history.Add(figures);
        var (isBest, stop) = stopping.See(epoch, options.Monitor == "val_uar" ? figures.ValUar : figures.ValAccuracy);
        learningRate = plateau.See(figures.ValLoss, learningRate);
        if (isBest) WriteModel(job.BestPath);
        stoppedEarly = stop;
        var now = Progress(epoch, steps.Count, start, figures, isBest);
        part = default;
        Save(finished: false);
        progress?.Report(now);
        return stop;
    }

    // Between steps, where what was done can be kept.
    private void StopHere(CancellationToken cancellationToken)
    {
        if (!cancellationToken.IsCancellationRequested) return;
        Save(finished: false);
        throw new OperationCanceledException(cancellationToken);
    }

    private Classification JudgeEpoch(CancellationToken cancellationToken)
    {
        try
        {
            if (options.BatchNorm == "recalibrated") Recalibrate(cancellationToken);
            return Classification.Of([.. job.Validation.Select(clip => clip.Label)], Predict(cancellationToken), job.Labels);
        }
        catch (OperationCanceledException)
        {
            Save(finished: false);
            throw;
        }
    }

    private TrainingProgress Progress(int epoch, int steps, long start, EpochFigures? last, bool isBest)
    {
        var elapsed = clock.GetElapsedTime(start);
        stepsHere = last is null ? stepsHere + 1 : stepsHere;
        var left = ((long)(options.Epochs - epoch - 1) * steps) + steps - part.Steps;
        return new(
            epoch + 1, options.Epochs, part.Steps, steps, part.Loss / part.Clips, last, isBest, double.IsFinite(stopping.Best) ? stopping.Best : null, elapsed,
            stepsHere / Math.Max(1e-9, elapsed.TotalSeconds) * order.Clips.Length / steps, elapsed / Math.Max(1, stepsHere) * left);
    }

    private void Recalibrate(CancellationToken cancellationToken)
    {
        var clips = job.Train.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            network.CountFigures(judged.Judge(clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first))));
        }
        network.SetMovingFigures();
    }

    private void Learn(int epoch, (int First, int Count) of)
    {
        var (clips, draw) = (order.Clips.Slice(of.First, of.Count), new Draw(options.Seed).At((uint)epoch, (uint)part.Steps));
        var batch = batches.Train(clips, draw);
        for (var slot = 0; slot < clips.Length; slot++) clipWeights[slot] = classWeights[clips.Span[slot].Label];
        var shares = probabilities.Rows(0, clips.Length, job.Labels.Count);
        var loss = network.TrainStep(batch, batches.Targets, clipWeights.AsSpan(0, clips.Length), draw, shares);
        if (!double.IsFinite(loss)) throw new TrainingException(NoNumber(epoch, loss, clips.Span));
        network.ApplyAdam(Adam, ++step);
        var right = 0;
        for (var slot = 0; slot < clips.Length; slot++)
            if (shares[slot].IndexOf(Elementwise.Max(shares[slot])) == clips.Span[slot].Label) right++;
        part = new(part.Steps + 1, part.Loss + (loss * clips.Length), part.Correct + right, part.Clips + clips.Length);
    }

    private string NoNumber(int epoch, double loss, ReadOnlySpan<TrainingClip> clips)
    {
        const int named = 8;
        var names = new List<string>();
        foreach (var clip in clips[..Math.Min(named, clips.Length)]) names.Add(job.Frames.NameOf(clip.Source));
        if (clips.Length > named) names.Add($"{clips.Length - named} more");
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
            var batch = judged.Judge(clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first)));
            var shares = probabilities.Rows(0, batch.Clips, job.Labels.Count);
            network.Predict(batch, shares);
            for (var slot = 0; slot < batch.Clips; slot++)
            {
                double[] row = [.. shares[slot].ToArray().Select(share => (double)share)];
                if (row.Any(double.IsNaN)) throw new TrainingException("the network's probabilities are no numbers any more; lower --learning_rate");
                all.Add(row);
            }
        }
        return all;
    }

    private double FitTemperature() => Temperature.Fit([.. job.Validation.Select(clip => clip.Label)], Predict(CancellationToken.None)).Value;

    // Adam stays as it was when weights are restored: in final's as after the last epoch, as Keras does it, in best's as after the best.
    private void WriteLast()
    {
        if (options.Recipe == "original") LoadBest();
        WriteModel(job.FinalPath);
        var best = LoadBest();
        // The temperature of the best epoch is fitted once, when it is known to be the best.
        var model = best.Model with { Temperature = FitTemperature() };
        Keep(job.BestPath, () => ModelFile.Write(job.BestPath, model, best.Tensors, best.Optimiser));
    }

    private void WriteModel(string path)
    {
        var model = new SavedModel(network.Options, job.Labels, job.Encoder, normalisation, Temperature: 1, job.Synthetic, padding, job.Configuration, job.Version) { Saved = job.Started };
        Keep(path, () => ModelFile.Write(path, model, Snapshot.Weights(network.Parameters), Snapshot.Optimiser(network.Parameters, Adam, step)));
    }

    // A disk that is full or not ours: what is safe is said, and it is, since nothing is written in place.
    private void Keep(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string[] safe = [.. Checkpoint.In(job.ResumeFolder).Take(1), .. File.Exists(job.BestPath) ? (string[])[job.BestPath] : []];
            throw new TrainingException(
                $"{path} could not be written: {fault.Message.TrimEnd('.')}. {(safe.Length == 0 ? "Nothing was kept so far" : $"Whole are {string.Join(" and ", safe)}")}; make room or give the right to write, then go on with train --resume", fault);
        }
    }

    private ModelContent LoadBest()
    {
        var best = ModelFile.Read(job.BestPath, withOptimiser: true);
        foreach (var (tensor, parameter) in best.Tensors.Zip(network.Parameters.All)) tensor.Values.CopyTo(parameter.Values.Span);
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
            History = history,
        };
        Keep(job.ResumeFolder, () => Checkpoint.Write(job.ResumeFolder, state, network.Parameters));
    }

    private CheckpointState? Restore()
    {
        var state = Checkpoint.Read(job.ResumeFolder, network.Parameters);
        if (state is null) return null;
        var expected =
            state.Version == CheckpointState.CurrentVersion
                ? fingerprint
                : TrainingFingerprint.Compute(job, options, clipNormalisation, state.Version);
        if (state.Fingerprint != expected)
            throw new RefusedException($"{job.ResumeFolder}: the checkpoint is of other clips or options than this run has; the features may have changed since: train anew");
        history.AddRange(state.History);
        (step, part, learningRate, stoppedEarly) = (state.Step, state.Part, state.LearningRate, state.StoppedEarly);
        stopping.State = state.Stopping;
        plateau.State = state.Plateau;
        return state;
    }
}
