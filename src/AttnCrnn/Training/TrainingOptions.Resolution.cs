using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Options;
using AttnCrnn.Training.Averaging;
using AttnCrnn.Training.Schedules;

namespace AttnCrnn.Training;

/// <content>Defaults that depend on the encoder and the network, and validation.</content>
public sealed partial record TrainingOptions
{
    /// <summary>
    /// Sets the options without a value to their defaults for an encoder, so that no option that is used is null,
    /// except the parts of the network, which an initial model may have.
    /// Without augmentation, its options are 0 and there is one copy of each clip, since these are the values that are
    /// used.
    /// </summary>
    public TrainingOptions WithEncoderDefaults(EncoderDescription encoder)
    {
        var defaults = encoder.TrainingDefaultsName;
        var options = this with { AttentionScale = AttentionScale ?? (Model == NetworkVersion.V1 ? 1 : null) };
        options = TrainingOptionTable.ApplyAll(options, (option, unresolved) =>
            option.ApplyEncoder(unresolved, defaults)
        );
        if (options.Loss == LossFunction.Focal)
            options = options with { FocalGamma = FocalGamma ?? TrainingOptionTable.DefaultFocalGamma };
        if (options.Optimizer == OptimizerAlgorithm.AdamW)
            options = options with { WeightDecay = WeightDecay ?? TrainingOptionTable.DefaultWeightDecay };
        options = options.WithoutUnusedPatience(this).WithoutUnusedStatistics(this);
        return Augmentation ? options : options.WithoutAugmentation();
    }

    /// <summary>
    /// Resets a default of <see cref="PlateauPatience"/> that the schedule does not use, so that the configuration of
    /// the run does not contain it; a given value remains, for <see cref="Errors"/>.
    /// </summary>
    /// <param name="unresolved">The options before the encoder's defaults were filled in.</param>
    internal TrainingOptions WithoutUnusedPatience(TrainingOptions unresolved) =>
        Schedule != LearningRateSchedule.Plateau
        && (unresolved.PlateauPatience is null || unresolved.PlateauPatience == Create(Recipe, Model).PlateauPatience)
            ? this with
            {
                PlateauPatience = null,
            }
            : this;

    /// <summary>Likewise, a default of <see cref="BatchNorm"/> without batch norm.</summary>
    internal TrainingOptions WithoutUnusedStatistics(TrainingOptions unresolved) =>
        !HasBatchNorm && (unresolved.BatchNorm is null || unresolved.BatchNorm == Create(Recipe, Model).BatchNorm)
            ? this with
            {
                BatchNorm = null,
            }
            : this;

    /// <summary>
    /// Sets the parts of the network without a value to those of the initial model, or to the defaults.
    /// </summary>
    /// <param name="initial">The network of the initial model; null: none.</param>
    /// <param name="unresolved">The options before the encoder's defaults were filled in.</param>
    internal TrainingOptions WithNetworkDefaults(NetworkOptions? initial, TrainingOptions unresolved)
    {
        bool IsMissing<T>(OptionKey key, T? value)
            where T : struct => value is null && NetworkVersions.HasOption(Model, key);
        var options = this with
        {
            Pooling = IsMissing(OptionKeys.Pooling, Pooling) ? initial?.Pooling ?? TemporalPooling.Mean : Pooling,
            HeadNorm = IsMissing(OptionKeys.HeadNorm, HeadNorm)
                ? initial?.HeadNormalization ?? HeadNormalization.Batch
                : HeadNorm,
            Activation = IsMissing(OptionKeys.Activation, Activation)
                ? initial?.Activation ?? HeadActivation.Gelu
                : Activation,
        };
        return options.WithoutUnusedStatistics(unresolved);
    }

    /// <summary>
    /// The options without the parts of the network that are those of the initial model: its training did not name them
    /// when they were no options.
    /// </summary>
    internal TrainingOptions WithoutPartsOf(NetworkOptions? initial) =>
        initial is null
            ? this
            : this with
            {
                Pooling = Pooling == initial.Pooling ? null : Pooling,
                HeadNorm = HeadNorm == initial.HeadNormalization ? null : HeadNorm,
                Activation = Activation == initial.Activation ? null : Activation,
            };

    private TrainingOptions WithoutAugmentation() =>
        this with
        {
            Noise = 0,
            MixUp = 0,
            TimeMasks = 0,
            FrequencyMasks = 0,
            Tempo = 0,
            BandShift = 0,
            Gain = 0,
            Copies = 1,
        };

    /// <summary>The options of the parts of a network.</summary>
    internal static IReadOnlyList<OptionKey> NetworkParts { get; } =
    [OptionKeys.Pooling, OptionKeys.HeadNorm, OptionKeys.Activation];

    /// <summary>Whether the statistics of batch norm have an effect.</summary>
    internal bool HasBatchNorm => HeadNorm is null or HeadNormalization.Batch;

    /// <summary>Returns all validation errors.</summary>
    public IEnumerable<OptionError> Errors()
    {
        foreach (var error in Table.FindErrors(this))
            yield return error;
        foreach (var error in LearningRateSchedules.FindErrors(this).Concat(AveragingMethods.FindErrors(this)))
            yield return error;
        foreach (var error in FindErrorsOfNetwork())
            yield return error;
        if (Model == NetworkVersion.V1 && AttentionScale is not (null or 1))
            yield return new(
                OptionKeys.AttentionScale,
                Table[OptionKeys.AttentionScale].Format(this),
                OptionText.Create($"{OptionKeys.Model} v1 has no attention scale; omit the option")
            );
        if (Loss != LossFunction.Focal && FocalGamma is not null)
            yield return new(
                OptionKeys.FocalGamma,
                Table[OptionKeys.FocalGamma].Format(this),
                OptionText.Create(
                    $"only {OptionKeys.Loss} focal has it; omit the option or add {OptionKeys.Loss} focal"
                )
            );
        if (Optimizer != OptimizerAlgorithm.AdamW && WeightDecay is not null)
            yield return new(
                OptionKeys.WeightDecay,
                Table[OptionKeys.WeightDecay].Format(this),
                OptionText.Create(
                    $"only {OptionKeys.Optimizer} adamw has it; omit the option or add {OptionKeys.Optimizer} adamw"
                )
            );
    }

    private IEnumerable<OptionError> FindErrorsOfNetwork()
    {
        foreach (var key in NetworkParts)
            if (!NetworkVersions.HasOption(Model, key) && Table[key].Format(this) is { Length: > 0 } value)
                yield return new(
                    key,
                    value,
                    OptionText.Create(
                        $"has no effect with {OptionKeys.Model} {NetworkVersions.Format(Model)}; omit it, or choose "
                            + $"{OptionKeys.Model} {NetworkVersions.ListWithOption(key)}"
                    )
                );
        if (!HasBatchNorm && BatchNorm is { } statistics && statistics != Create(Recipe, Model).BatchNorm)
            yield return new(
                OptionKeys.BatchNorm,
                Table[OptionKeys.BatchNorm].Format(this),
                OptionText.Create(
                    $"has no effect with {OptionKeys.HeadNorm} {HeadNormalizations.Format(HeadNorm!.Value)}; omit it, "
                        + $"or choose {OptionKeys.HeadNorm} {HeadNormalizations.Format(HeadNormalization.Batch)}"
                )
            );
    }
}
