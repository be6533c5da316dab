using System.Globalization;
using System.Text;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>
/// Hash of everything that determines the bits of a training run: options, labels, encoder, clips, speaker
/// normalization, initial weights. Checkpoints store it, and a run is resumed only if it is unchanged.
/// </summary>
/// <remarks>
/// Names, defaults and order are frozen: changing any of them would prevent every unfinished run from being resumed. A
/// new option goes to the end of <see cref="ListValues"/>, with a default that preserves earlier results. Threads and
/// checkpoint_every are omitted because they do not affect the results.
/// </remarks>
internal static class TrainingFingerprint
{
    // The options after it in ListValues did not exist when checkpoints had no version.
    private const string LastOfVersion1 = "attention_scale";

    /// <param name="options">Options with the encoder's defaults filled in.</param>
    /// <param name="version">Version of the checkpoint to compare with.</param>
    public static string Compute(TrainingJob job, TrainingOptions options, ClipNormalization normalization, int version)
    {
        options = options.WithoutPartsOf(job.Initial?.Info.Network);
        var text = new StringBuilder();
        text.Append(version == 1 ? FormatVersion1(options) : FormatDifferences(ListValues(options))).Append('|');
        text.AppendJoin(',', job.Labels).Append('|').Append(job.Encoder.StoredText());
        var clips = job.Train.Concat(job.Validation).ToList();
        foreach (var clip in clips)
            text.Append(CultureInfo.InvariantCulture, $"|{clip.Label}:{job.Frames.CountFrames(clip.Source)}");
        text.Append(normalization.ComputeFingerprint(clips));
        foreach (var tensor in job.Initial?.Tensors ?? [])
            text.Append('|').Append(Sha256.Compute(tensor.Values));
        if (options.Targets == TargetKind.Soft)
            text.Append("|targets ").Append(HashTargets(job));
        return Sha256.Compute(text.ToString());
    }

    /// <summary>
    /// Every option that affects the results: its name, its value, and the default that the text omits.
    /// </summary>
    internal static IReadOnlyList<(string Name, object? Value, object? Frozen)> ListValues(TrainingOptions options) =>
        [
            ("model", NetworkVersions.Format(options.Model), "v2"),
            ("epochs", options.Epochs, 30),
            ("batch_size", options.BatchSize, 32),
            ("patience", options.Patience, 6),
            ("learning_rate", options.LearningRate, 1e-3),
            ("beta2", options.Beta2, 0.98),
            ("plateau_factor", options.PlateauFactor, 0.5),
            ("plateau_patience", options.PlateauPatience, 2),
            ("min_learning_rate", options.MinLearningRate, 3e-5),
            ("noise", options.Noise, 0.005),
            ("mixup", options.MixUp, 0.2),
            ("augmentation", options.Augmentation, true),
            ("time_masks", options.TimeMasks, 0),
            ("time_mask_share", options.TimeMaskShare, 0.15),
            ("frequency_masks", options.FrequencyMasks, 0),
            ("frequency_mask_bands", options.FrequencyMaskBands, 12),
            ("tempo", options.Tempo, 0.0),
            ("band_shift", options.BandShift, 0),
            ("gain", options.Gain, 0.0),
            ("copies", options.Copies, 1),
            ("lstm_dropout", options.LstmDropout, 0.3),
            ("recurrent_dropout", options.RecurrentDropout, 0.3),
            ("batch_norm", FormatChoice(options, OptionKeys.BatchNorm), "moving"),
            ("class_weight", FormatChoice(options, OptionKeys.ClassWeight), "balanced"),
            ("monitor", FormatChoice(options, OptionKeys.Monitor), "val_accuracy"),
            ("normalize", FormatChoice(options, OptionKeys.Normalize), "corpus"),
            ("padding", FormatChoice(options, OptionKeys.Padding), "none"),
            ("recipe", FormatChoice(options, OptionKeys.Recipe), "default"),
            ("exact_convolution", options.ExactConvolution, false),
            ("seed", options.Seed, 0UL),
            (LastOfVersion1, options.AttentionScale, 1.0),
            ("loss", FormatChoice(options, OptionKeys.Loss), "cross_entropy"),
            ("focal_gamma", options.FocalGamma, null),
            ("label_smoothing", options.LabelSmoothing, 0.0),
            ("optimizer", FormatChoice(options, OptionKeys.Optimizer), "adam"),
            ("weight_decay", options.WeightDecay, null),
            ("clip_norm", options.ClipNorm, 0.0),
            ("schedule", FormatChoice(options, OptionKeys.Schedule), "plateau"),
            ("warmup", options.Warmup, 0.1),
            ("averaging", FormatChoice(options, OptionKeys.Averaging), "none"),
            ("ema_momentum", options.EmaMomentum, 0.99),
            ("average_epochs", options.AverageEpochs, 5),
            ("pooling", TemporalPoolings.Format(options.Pooling ?? TemporalPooling.Mean), "mean"),
            ("head_norm", HeadNormalizations.Format(options.HeadNorm ?? HeadNormalization.Batch), "batch"),
            ("activation", HeadActivations.Format(options.Activation ?? HeadActivation.Gelu), "gelu"),
            ("targets", FormatChoice(options, OptionKeys.Targets), "hard"),
        ];

    // Votes can change without the clips: the index of a store has them.
    private static string HashTargets(TrainingJob job) =>
        Sha256.Compute([.. job.Train.SelectMany(clip => job.SoftTargets?[clip.Source] ?? new float[job.Labels.Count])]);

    private static string FormatChoice(TrainingOptions options, OptionKey key) =>
        TrainingOptions.Table[key].Format(options);

    private static string FormatDifferences(IEnumerable<(string Name, object? Value, object? Frozen)> values)
    {
        var text = new StringBuilder();
        foreach (var (name, value, omittedDefault) in values)
            if (!Equals(value, omittedDefault))
                text.Append(CultureInfo.InvariantCulture, $"{name}={value};");
        return text.ToString();
    }

    // Text of the options record's ToString() when checkpoints had no version, with the property names of that time.
    private static string FormatVersion1(TrainingOptions options)
    {
        const string attentionScale = "AttentionScale";
        (string Name, object? Value)[] optionValues =
        [
            ("Model", NetworkVersions.Format(options.Model)),
            ("Epochs", options.Epochs),
            ("BatchSize", options.BatchSize),
            ("Patience", options.Patience),
            ("LearningRate", options.LearningRate),
            ("Beta2", options.Beta2),
            ("PlateauFactor", options.PlateauFactor),
            ("PlateauPatience", options.PlateauPatience),
            ("MinLearningRate", options.MinLearningRate),
            ("Noise", options.Noise),
            ("MixUp", options.MixUp),
            ("Augmentation", options.Augmentation),
            ("TimeMasks", options.TimeMasks),
            ("TimeMaskShare", options.TimeMaskShare),
            ("FrequencyMasks", options.FrequencyMasks),
            ("FrequencyMaskBands", options.FrequencyMaskBands),
            ("Tempo", options.Tempo),
            ("BandShift", options.BandShift),
            ("Gain", options.Gain),
            ("Copies", options.Copies),
            ("LstmDropout", options.LstmDropout),
            ("RecurrentDropout", options.RecurrentDropout),
            ("BatchNorm", FormatChoice(options, OptionKeys.BatchNorm)),
            ("ClassWeight", FormatChoice(options, OptionKeys.ClassWeight)),
            ("Monitor", FormatChoice(options, OptionKeys.Monitor)),
            ("Normalize", FormatChoice(options, OptionKeys.Normalize)),
            ("Padding", FormatChoice(options, OptionKeys.Padding)),
            ("Recipe", FormatChoice(options, OptionKeys.Recipe)),
            ("ExactConvolution", options.ExactConvolution),
            ("CheckpointEvery", 0),
            ("Seed", options.Seed),
            ("Threads", 1),
            (attentionScale, options.AttentionScale),
        ];
        // The last option was added later and omitted if it was 1.
        var members = optionValues
            .Where(member => member is not (attentionScale, 1.0))
            .Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Name} = {member.Value}"));
        var laterOptions = ListValues(options).SkipWhile(option => option.Name != LastOfVersion1).Skip(1);
        return $"TrainingOptions {{ {string.Join(", ", members)} }}{FormatDifferences(laterOptions)}";
    }
}
