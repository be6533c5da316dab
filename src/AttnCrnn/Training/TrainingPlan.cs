using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training;

/// <summary>
/// Everything computed from a job before memory is allocated for its network: options, normalization, batch capacity,
/// class weights, fingerprint.
/// </summary>
internal sealed class TrainingPlan
{
    private TrainingPlan(TrainingJob job, TrainingOptions options)
    {
        Job = job;
        Options = options;
        Normalization = FitNormalization();
        ClipNormalization = new(
            Normalization,
            options.Normalize == NormalizationMode.Speaker ? job.SpeakerNormalizations : null
        );
        Padding = ComputePadding();
        TrainingCapacity = ComputeTrainingCapacity();
        EvaluationCapacity = ComputeEvaluationCapacity();
        RequireAddressableBatch();
        Network = CreateNetworkOptions();
        ClassWeights = ComputeClassWeights();
        Fingerprint = ComputeFingerprint(CheckpointState.CurrentVersion);
    }

    public TrainingJob Job { get; }

    /// <summary>The job's options with the encoder's defaults filled in: none that is used is null.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Normalization by the training set; speaker normalization falls back to it.</summary>
    public FeatureNormalization Normalization { get; }

    public ClipNormalization ClipNormalization { get; }

    /// <summary>Frames that every clip is padded to; 0 for no padding.</summary>
    public int Padding { get; }

    public BatchCapacity TrainingCapacity { get; }

    public BatchCapacity EvaluationCapacity { get; }

    /// <summary>Capacity for training and evaluation batches.</summary>
    public BatchCapacity Capacity =>
        new(
            Math.Max(TrainingCapacity.Rows, EvaluationCapacity.Rows),
            Math.Max(TrainingCapacity.Clips, EvaluationCapacity.Clips),
            Math.Max(TrainingCapacity.Frames, EvaluationCapacity.Frames)
        );

    public NetworkOptions Network { get; }

    /// <summary>[classes].</summary>
    public float[] ClassWeights { get; }

    /// <summary>[clips of the frames], each [classes] or null; null with hard targets.</summary>
    public IReadOnlyList<float[]?>? SoftTargets => Options.Targets == TargetKind.Soft ? Job.SoftTargets : null;

    /// <summary>Weight of a clip in the loss: the mean of the class weights, weighted by the clip's targets.</summary>
    public float GetClipWeight(TrainingClip clip)
    {
        if (SoftTargets?[clip.Source] is not { } target)
            return ClassWeights[clip.Label];
        var weight = 0f;
        for (var k = 0; k < target.Length; k++)
            weight += target[k] * ClassWeights[k];
        return weight;
    }

    /// <summary>Fingerprint of options and clips; a run is resumed only if it is unchanged.</summary>
    public string Fingerprint { get; }

    /// <summary>Validates a job and plans its training; reads the training set to fit the normalization.</summary>
    /// <exception cref="InvalidInputException">
    /// The options are invalid, a subset has too few clips, a batch would be too large, or the initial weights do not
    /// fit.
    /// </exception>
    public static TrainingPlan Create(TrainingJob job)
    {
        var initial = job.Initial?.Info.Network;
        var options =
            job.FirstCheckpointVersion == 1
                ? Version1Defaults.Resolve(job.Options.WithoutPartsOf(initial), job.Encoder)
                : job.Options.WithEncoderDefaults(job.Encoder).WithNetworkDefaults(initial, job.Options);
        RequireValid(job, options);
        return new(job, options);
    }

    /// <summary>The fingerprint that checkpoints of a version have.</summary>
    public string ComputeFingerprint(int checkpointVersion) =>
        TrainingFingerprint.Compute(Job, Options, ClipNormalization, checkpointVersion);

    private static void RequireValid(TrainingJob job, TrainingOptions options)
    {
        InvalidOptionsException.ThrowIfAny(options.Errors());
        var errors = new List<OptionText>();
        if (job.Labels.Count < 2)
            errors.Add($"{job.Labels.Count} classes: expected at least 2");
        if (job.Train.Count < 2)
            errors.Add($"{job.Train.Count} training clips: expected at least 2");
        if (job.Validation.Count < 1)
            errors.Add("no validation clips: add clips or speakers");
        if (options.Normalize == NormalizationMode.Speaker && job.SpeakerNormalizations is null)
            errors.Add(OptionText.Create($"{OptionKeys.Normalize} speaker: the clips' speakers are unknown"));
        if (options.Targets == TargetKind.Soft && job.SoftTargets is null)
            errors.Add(OptionText.Create($"{OptionKeys.Targets} soft: the clips' votes are unknown"));
        if (errors.Count > 0)
            throw new InvalidInputException(OptionText.Join("; ", errors));
    }

    private FeatureNormalization FitNormalization() =>
        Options.Normalize == NormalizationMode.None
            ? FeatureNormalization.None
            : NormalizationFit.Compute(Job.Frames, Job.Train, Options.Normalize);

    private int ComputePadding() => Options.Padding == PaddingMode.Longest ? AllClips.Max(CountFrames) : 0;

    private BatchCapacity ComputeTrainingCapacity()
    {
        var augmentation = new Augmentation(Options);
        return BatchBuilder.ComputeCapacity(
            Enumerable
                .Repeat(Job.Train, Options.Copies!.Value)
                .SelectMany(copy => copy)
                .Select(clip => Math.Max(Padding, augmentation.GetMaxFrameCount(CountFrames(clip)))),
            Options.BatchSize
        );
    }

    private BatchCapacity ComputeEvaluationCapacity() =>
        BatchBuilder.ComputeCapacity(AllClips.Select(clip => Math.Max(Padding, CountFrames(clip))), Options.BatchSize);

    private IEnumerable<TrainingClip> AllClips => Job.Train.Concat(Job.Validation);

    private int CountFrames(TrainingClip clip) => Job.Frames.CountFrames(clip.Source);

    private void RequireAddressableBatch()
    {
        if ((long)Capacity.Rows * Job.Frames.Width > int.MaxValue)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{Capacity.Clips} clips of up to {Capacity.Frames} frames of {Job.Frames.Width} features exceed "
                        + $"the maximum size of a batch: reduce {OptionKeys.BatchSize} ({Options.BatchSize}), "
                        + $"or split long clips"
                )
            );
    }

    private NetworkOptions CreateNetworkOptions()
    {
        var width = Job.Frames.Width / Job.Encoder.LayerCount;
        var network =
            Job.Initial is { } initial
                ? InitialWeights.ResolveNetworkOptions(initial.Info, Job.Encoder, Job.Labels, Options)
            : Options.Model == NetworkVersion.V1 ? NetworkOptions.CreateV1(width, Job.Labels.Count)
            : NetworkVersions.Canonicalize(
                new(width, Job.Labels.Count)
                {
                    Version = Options.Model,
                    Pooling = Options.Pooling ?? TemporalPooling.Mean,
                    HeadNormalization = Options.HeadNorm ?? HeadNormalization.Batch,
                    Activation = Options.Activation ?? HeadActivation.Gelu,
                }
            );
        return network with
        {
            EncoderLayers = Job.Encoder.LayerCount,
            LstmDropout = Options.LstmDropout!.Value,
            RecurrentDropout = Options.RecurrentDropout!.Value,
            ExactConvolution = Options.ExactConvolution,
        };
    }

    private float[] ComputeClassWeights()
    {
        if (Options.ClassWeight != ClassWeighting.Balanced)
            return [.. Enumerable.Repeat(1f, Job.Labels.Count)];
        var weights = SoftTargets is null
            ? BalancedWeights.Compute([.. Job.Train.Select(clip => clip.Label)], Job.Labels.Count)
            : BalancedWeights.Compute(CountTargets());
        return [.. weights.Select(weight => (float)weight)];
    }

    // [classes], clips of each class; a clip with soft targets counts for several.
    private double[] CountTargets()
    {
        var counts = new double[Job.Labels.Count];
        foreach (var clip in Job.Train)
            if (SoftTargets![clip.Source] is { } target)
                for (var k = 0; k < counts.Length; k++)
                    counts[k] += target[k];
            else
                counts[clip.Label]++;
        return counts;
    }
}
