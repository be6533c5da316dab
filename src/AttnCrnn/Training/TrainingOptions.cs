using AttnCrnn.Encoders;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training;

/// <summary>
/// Training options; the defaults are the recipe's. <see cref="DescribeDefault"/> describes those that depend on the
/// encoder.
/// </summary>
public sealed record TrainingOptions
{
    /// <summary>
    /// <c>v2</c>, or <c>v1</c>, its predecessor; <see cref="WithV1Recipe"/> sets the options of its recipe.
    /// </summary>
    public string Model { get; init; } = "v2";

    /// <summary>Maximum number of epochs; early stopping may end training sooner.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Clips per optimizer step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Epochs without improvement of <see cref="Monitor"/> after which training stops; null for the encoder's default.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>Initial learning rate of Adam.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam's decay rate of the second moment.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>Factor that the learning rate is multiplied by when val_loss stops improving.</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>
    /// Epochs without improvement of val_loss before the learning rate is reduced; null for the encoder's default.
    /// </summary>
    public int? PlateauPatience { get; init; }

    /// <summary>Lower bound for learning-rate reduction.</summary>
    public double MinLearningRate { get; init; } = 3e-5;

    /// <summary>
    /// Standard deviation of the Gaussian noise on every feature, 0 for none; null for the encoder's default.
    /// </summary>
    public double? Noise { get; init; }

    /// <summary>MixUp's α (Zhang et al. 2018), 0 for none.</summary>
    public double MixUp { get; init; } = 0.2;

    /// <summary>Whether features are augmented at all.</summary>
    public bool Augmentation { get; init; } = true;

    /// <summary>
    /// Number of SpecAugment time masks per clip (Park et al. 2019); null for the encoder's default.
    /// </summary>
    public int? TimeMasks { get; init; }

    /// <summary>Maximum length of a time mask, as a fraction of the clip.</summary>
    public double TimeMaskShare { get; init; } = 0.15;

    /// <summary>Number of frequency masks per clip; null for the encoder's default.</summary>
    public int? FrequencyMasks { get; init; }

    /// <summary>Maximum width of a frequency mask, in bands.</summary>
    public int FrequencyMaskBands { get; init; } = 12;

    /// <summary>Maximum change of tempo, as a fraction; null for the encoder's default.</summary>
    public double? Tempo { get; init; }

    /// <summary>
    /// Maximum shift along the bands (as in vocal tract length perturbation, Jaitly and Hinton 2013); null for the
    /// encoder's default.
    /// </summary>
    public int? BandShift { get; init; }

    /// <summary>
    /// Maximum random offset of normalized log-mel features, in standard deviations; null for the encoder's default.
    /// </summary>
    public double? Gain { get; init; }

    /// <summary>
    /// Differently augmented copies of each clip per epoch; null for the encoder's default. Always 1
    /// without augmentation.
    /// </summary>
    public int? Copies { get; init; }

    /// <summary>Dropout of the LSTM's input; null for the encoder's default.</summary>
    public double? LstmDropout { get; init; }

    /// <summary>Dropout of the LSTM's state; null for the encoder's default.</summary>
    public double? RecurrentDropout { get; init; }

    /// <summary>
    /// Batch norm statistics for inference: <c>moving</c> averages as in Keras, or <c>recalibrated</c> over the
    /// training set after each epoch; null for the encoder's default.
    /// </summary>
    public string? BatchNorm { get; init; }

    /// <summary><c>balanced</c>, which gives all classes equal weight, or <c>none</c>.</summary>
    public string ClassWeight { get; init; } = "balanced";

    /// <summary>Metric for the best epoch and early stopping: <c>val_accuracy</c> or <c>val_uar</c>.</summary>
    public string Monitor { get; init; } = "val_accuracy";

    /// <summary>
    /// <c>corpus</c> normalizes each feature to mean 0 and standard deviation 1 over the training set; <c>speaker</c>
    /// over all clips of the clip's speaker, test clips included, which makes the evaluation transductive; or
    /// <c>none</c>.
    /// </summary>
    public string Normalize { get; init; } = "corpus";

    /// <summary>
    /// <c>none</c>, or <c>longest</c>: zero-pads to the longest clip without masking, as the reference Keras
    /// implementation does.
    /// </summary>
    public string Padding { get; init; } = "none";

    /// <summary>
    /// <c>default</c> or <c>original</c>, which restores the best weights before writing the final model, as Keras
    /// does.
    /// </summary>
    public string Recipe { get; init; } = "default";

    /// <summary>Use direct convolution instead of Winograd's.</summary>
    public bool ExactConvolution { get; init; }

    /// <summary>Steps between checkpoints within an epoch; 0 to save only at the end of each epoch.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Random seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of threads; does not affect the results.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// Initial value of the learned scale of the self-attention logits; null for the encoder's default. Dot
    /// products of 256 features are large: with scale 1 the softmax selects nearly a single frame.
    /// </summary>
    public double? AttentionScale { get; init; }

    /// <summary>Options that <c>--recipe original</c> sets.</summary>
    public static TrainingOptions OriginalRecipe { get; } =
        new()
        {
            Recipe = "original",
            ClassWeight = "none",
            Normalize = "none",
            Padding = "longest",
            TimeMasks = 0,
            FrequencyMasks = 0,
            Tempo = 0,
            Copies = 1,
            BandShift = 0,
            Gain = 0,
            LstmDropout = 0.3,
            RecurrentDropout = 0.3,
            BatchNorm = "moving",
            Patience = 6,
            PlateauPatience = 2,
            AttentionScale = 1,
            Noise = 0.005,
        };

    /// <summary>
    /// Sets the options of <c>--model v1</c> besides the network: Adam's β₂ 0.999, no noise, no MixUp, plateau
    /// factor 0.7 and patience 4. The recipe's authors do not state these; they are our choice.
    /// </summary>
    public TrainingOptions WithV1Recipe() =>
        this with
        {
            Model = "v1",
            Beta2 = 0.999,
            Noise = 0,
            MixUp = 0,
            PlateauFactor = 0.7,
            PlateauPatience = 4,
            LstmDropout = 0,
            RecurrentDropout = 0,
        };

    /// <summary>Fills in the encoder's defaults.</summary>
    public TrainingOptions WithEncoderDefaults(EncoderDescription encoder) =>
        WithEncoderDefaults(encoder, CheckpointState.CurrentVersion);

    /// <summary>Fills in the defaults of a checkpoint version.</summary>
    internal TrainingOptions WithEncoderDefaults(EncoderDescription encoder, int checkpointVersion) =>
        WithDefaults(EncoderDefaults.Select(encoder, checkpointVersion));

    /// <summary>
    /// An option's default for all encoders as text, such as <c>15 for log-mel and Whisper, 6 for others</c>.
    /// </summary>
    public static string DescribeDefault(Func<TrainingOptions, object?> option) =>
        EncoderDefaults.Describe(defaults => option(new TrainingOptions().WithDefaults(defaults)));

    private TrainingOptions WithDefaults(EncoderDefaults defaults) =>
        this with
        {
            Patience = Patience ?? defaults.Patience,
            PlateauPatience = PlateauPatience ?? defaults.PlateauPatience,
            Noise = Noise ?? defaults.Noise,
            TimeMasks = TimeMasks ?? defaults.TimeMasks,
            FrequencyMasks = FrequencyMasks ?? defaults.FrequencyMasks,
            Tempo = Tempo ?? defaults.Tempo,
            BandShift = BandShift ?? defaults.BandShift,
            Gain = Gain ?? defaults.Gain,
            Copies = Augmentation ? Copies ?? defaults.Copies : 1,
            LstmDropout = LstmDropout ?? defaults.LstmDropout,
            RecurrentDropout = RecurrentDropout ?? defaults.RecurrentDropout,
            BatchNorm = BatchNorm ?? defaults.BatchNorm,
            AttentionScale = AttentionScale ?? (Model == "v1" ? 1 : defaults.AttentionScale),
        };

    /// <summary>Returns all validation errors.</summary>
    public IEnumerable<string> Errors()
    {
        if (Model is not ("v1" or "v2"))
            yield return $"--model {Model}: expected v1 or v2";
        if (Epochs is < 1 or > 100_000)
            yield return $"--epochs {Epochs}: expected 1 to 100000; the recipe uses 30";
        if (BatchSize is < 2 or > 4096)
            yield return $"--batch_size {BatchSize}: expected 2 (for batch norm) to 4096; the recipe uses 32";
        if (Patience < 1)
            yield return $"--patience {Patience}: expected at least 1; the recipe uses 6";
        if (LearningRate is not (> 0 and <= 1))
            yield return $"--learning_rate {LearningRate}: expected more than 0, up to 1; the recipe uses 0.001";
        if (Beta2 is not (>= 0 and < 1))
            yield return $"--beta2 {Beta2}: expected 0 to less than 1; the recipe uses 0.98";
        if (PlateauFactor is not (> 0 and < 1))
            yield return $"--plateau_factor {PlateauFactor}: expected between 0 and 1; the recipe uses 0.5";
        if (PlateauPatience < 1)
            yield return $"--plateau_patience {PlateauPatience}: expected at least 1; the recipe uses 2";
        if (MinLearningRate is not (>= 0 and <= 1))
            yield return $"--min_learning_rate {MinLearningRate}: expected 0 to 1; the recipe uses 0.00003";
        if (Noise is not (null or (>= 0 and <= 10)))
            yield return $"--noise {Noise}: expected 0 (off) to 10; the recipe uses 0.005";
        if (MixUp is not (>= 0 and <= 10))
            yield return $"--mixup {MixUp}: expected 0 (off) to 10; the recipe uses 0.2";
        if (TimeMasks is < 0 or > 20)
            yield return $"--time_masks {TimeMasks}: expected 0 (off) to 20";
        if (TimeMaskShare is not (>= 0 and <= 0.9))
            yield return $"--time_mask_share {TimeMaskShare}: expected 0 to 0.9";
        if (FrequencyMasks is < 0 or > 20)
            yield return $"--frequency_masks {FrequencyMasks}: expected 0 (off) to 20";
        if (FrequencyMaskBands is < 0 or > 10_000)
            yield return $"--frequency_mask_bands {FrequencyMaskBands}: expected 0 to 10000";
        if (Tempo is not (null or (>= 0 and <= 0.5)))
            yield return $"--tempo {Tempo}: expected 0 (off) to 0.5";
        if (BandShift is < 0 or > 1000)
            yield return $"--band_shift {BandShift}: expected 0 (off) to 1000";
        if (Gain is not (null or (>= 0 and <= 10)))
            yield return $"--gain {Gain}: expected 0 (off) to 10";
        if (LstmDropout is not (null or (>= 0 and < 1)))
            yield return $"--lstm_dropout {LstmDropout}: expected 0 (off) to less than 1";
        if (RecurrentDropout is not (null or (>= 0 and < 1)))
            yield return $"--recurrent_dropout {RecurrentDropout}: expected 0 (off) to less than 1";
        if (BatchNorm is not (null or "moving" or "recalibrated"))
            yield return $"--batch_norm {BatchNorm}: expected moving or recalibrated";
        if (Copies is < 1 or > 100)
            yield return $"--copies {Copies}: expected 1 to 100";
        if (ClassWeight is not ("balanced" or "none"))
            yield return $"--class_weight {ClassWeight}: expected balanced or none";
        if (Monitor is not ("val_accuracy" or "val_uar"))
            yield return $"--monitor {Monitor}: expected val_accuracy or val_uar";
        if (Normalize is not ("corpus" or "speaker" or "none"))
            yield return $"--normalize {Normalize}: expected corpus, speaker or none";
        if (Padding is not ("none" or "longest"))
            yield return $"--padding {Padding}: expected none or longest";
        if (Recipe is not ("default" or "original"))
            yield return $"--recipe {Recipe}: expected default or original";
        if (AttentionScale is not (null or (> 0 and <= 100)))
            yield return $"--attention_scale {AttentionScale}: expected more than 0, up to 100";
        if (Model == "v1" && AttentionScale is not (null or 1))
            yield return $"--attention_scale {AttentionScale}: --model v1 has no attention scale; omit the option";
        if (CheckpointEvery < 0)
            yield return $"--checkpoint_every {CheckpointEvery}: expected 0 (each epoch) or more steps";
        if (ThreadCount.Validate(Threads) is { } error)
            yield return error;
    }
}
