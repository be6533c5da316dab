using AttnCrnn.Encoders;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training;

/// <summary>How a network is trained; the defaults are the recipe's.</summary>
public sealed record TrainingOptions
{
    /// <summary><c>v2</c>, or <c>v1</c>, the network that it replaced; <see cref="V1"/> has what its recipe decides.</summary>
    public string Model { get; init; } = "v2";

    /// <summary>At most; early stopping may end before.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Clips a step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Epochs without a better <see cref="Monitor"/> after which training stops; null: the encoder's default, 15 for log-mel and Whisper, 6 for others.</summary>
    public int? Patience { get; init; }

    /// <summary>Adam's, at the start.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam's: what the mean of squared gradients keeps of itself a step.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>What the learning rate is multiplied by when val_loss stands still.</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>Epochs that val_loss may stand still; null: the encoder's default, 3 for log-mel and Whisper, 2 for others.</summary>
    public int? PlateauPatience { get; init; }

    /// <summary>The learning rate that ReduceLROnPlateau stops at.</summary>
    public double MinLearningRate { get; init; } = 3e-5;

    /// <summary>Standard deviation of the Gaussian noise on every feature; 0: none; null: the encoder's default, 0.35 for Whisper, 0.005 for others.</summary>
    public double? Noise { get; init; }

    /// <summary>MixUp's α (Zhang et al. 2018); 0: none.</summary>
    public double MixUp { get; init; } = 0.2;

    /// <summary>Whether features are augmented at all: noise, MixUp, masks and tempo.</summary>
    public bool Augmentation { get; init; } = true;

    /// <summary>SpecAugment's masks over time per clip (Park et al. 2019); null: the encoder's default, 2 for log-mel and Whisper, 0 for others.</summary>
    public int? TimeMasks { get; init; }

    /// <summary>The longest mask over time, as a share of the clip.</summary>
    public double TimeMaskShare { get; init; } = 0.15;

    /// <summary>Masks over bands a clip; null: the encoder's default, 2 for log-mel, 0 for others.</summary>
    public int? FrequencyMasks { get; init; }

    /// <summary>The widest mask over bands.</summary>
    public int FrequencyMaskBands { get; init; } = 12;

    /// <summary>How much faster or slower a clip may become, as a share; null: the encoder's default, .15 for log-mel, 0 for others.</summary>
    public double? Tempo { get; init; }

    /// <summary>How many bands a clip may be shifted up or down (as vocal tract length perturbation: Jaitly and Hinton 2013); null: the encoder's default, 3 for log-mel, 0 for others.</summary>
    public int? BandShift { get; init; }

    /// <summary>How much may be added to or taken off a clip's normalised log-mel, as louder or softer speech; null: the encoder's default, .1 for log-mel, 0 for others.</summary>
    public double? Gain { get; init; }

    /// <summary>
    /// How often an epoch shows each clip, each time augmented anew; null: the encoder's default, 8 for log-mel, 2 for Whisper, 1 for others. Without
    /// augmentation always 1.
    /// </summary>
    public int? Copies { get; init; }

    /// <summary>Dropout of the LSTM's input; null: the encoder's default, 0 for log-mel and Whisper, 0.3 for others.</summary>
    public double? LstmDropout { get; init; }

    /// <summary>Dropout of the LSTM's state; null: the encoder's default, 0 for log-mel and Whisper, 0.3 for others.</summary>
    public double? RecurrentDropout { get; init; }

    /// <summary>
    /// Batch norm's figures for judging: <c>moving</c>, as Keras keeps them, or <c>recalibrated</c> over the training side after each epoch; null:
    /// the encoder's default, recalibrated for log-mel and Whisper, moving for others.
    /// </summary>
    public string? BatchNorm { get; init; }

    /// <summary><c>balanced</c>: every class counts the same; <c>none</c>.</summary>
    public string ClassWeight { get; init; } = "balanced";

    /// <summary>What chooses the best epoch and stops: <c>val_accuracy</c> or <c>val_uar</c>.</summary>
    public string Monitor { get; init; } = "val_accuracy";

    /// <summary>
    /// <c>corpus</c>: frames to mean 0 and deviation 1 a feature, by the training side; <c>speaker</c>: by all clips of the clip's own speaker, those that are judged
    /// among them, so that figures are transductive; <c>none</c>.
    /// </summary>
    public string Normalize { get; init; } = "corpus";

    /// <summary><c>none</c>, or <c>longest</c>: zeros up to the longest clip, as real frames, as the original has it.</summary>
    public string Padding { get; init; } = "none";

    /// <summary><c>default</c> or <c>original</c>, which restores the best weights before it writes the final ones, as Keras does.</summary>
    public string Recipe { get; init; } = "default";

    /// <summary>Whether convolutions go by direct products, and not by Winograd's.</summary>
    public bool ExactConvolution { get; init; }

    /// <summary>Steps from one checkpoint to the next within an epoch; 0: at the end of each epoch alone.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>The one source of chance.</summary>
    public ulong Seed { get; init; }

    /// <summary>To compute with; the results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// What the self-attention's logits are multiplied by at the start; it is learned from there on. Null: the encoder's default, 1 but for
    /// Whisper's. Dot products of 256 features are large: at 1 the softmax takes nearly all from one frame.
    /// </summary>
    public double? AttentionScale { get; init; }

    /// <summary>What <c>--recipe original</c> decides.</summary>
    public static TrainingOptions Original { get; } =
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
    /// What <c>--model v1</c> decides beside the network: Adam's β₂ .999, no noise, no MixUp, the plateau's factor .7 and patience 4. The recipe's authors left
    /// these out; they are ours.
    /// </summary>
    public TrainingOptions V1() =>
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

    /// <summary>The same with the encoder's defaults filled in.</summary>
    public TrainingOptions For(EncoderDescription encoder) => For(encoder, CheckpointState.CurrentVersion);

    /// <summary>The same, for a run whose checkpoints have a version.</summary>
    internal TrainingOptions For(EncoderDescription encoder, int checkpointVersion)
    {
        var defaults = EncoderDefaults.For(encoder, checkpointVersion);
        return this with
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
    }

    /// <summary>All that is wrong with the values.</summary>
    public IEnumerable<string> Errors()
    {
        if (Model is not ("v1" or "v2"))
            yield return $"--model {Model}: expected v1 or v2";
        if (Epochs is < 1 or > 100_000)
            yield return $"--epochs {Epochs}: expected 1 to 100000; the recipe uses 30";
        if (BatchSize is < 2 or > 4096)
            yield return $"--batch_size {BatchSize}: expected 2 (batch norm needs two clips) to 4096; the recipe uses 32";
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
            yield return $"--attention_scale {AttentionScale}: --model v1 has no scale; leave it out";
        if (CheckpointEvery < 0)
            yield return $"--checkpoint_every {CheckpointEvery}: expected 0 (each epoch) or more steps";
        if (Threads is < 1 or > 1024)
            yield return $"--threads {Threads}: expected 1 to 1024";
    }
}
