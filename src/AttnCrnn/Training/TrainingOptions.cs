using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <summary>
/// Options of a training. <see cref="Table"/> declares their keys, ranges, help and the defaults that depend on the
/// encoder, the network or the recipe.
/// </summary>
public sealed partial record TrainingOptions
{
    /// <summary>
    /// <c>v2</c>, <c>v2-stats</c>, or <c>v1</c>, the predecessor; <see cref="WithV1Recipe"/> sets the options of its
    /// recipe.
    /// </summary>
    public NetworkVersion Model { get; init; }

    /// <summary>Maximum number of epochs; early stopping may end training sooner.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Clips per optimizer step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>
    /// Epochs without improvement of <see cref="Monitor"/> after which training stops; null for the encoder's default.
    /// </summary>
    public int? Patience { get; init; }

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>
    /// Learning rate: the initial one with <see cref="LearningRateSchedule.Plateau"/>, otherwise the highest.
    /// </summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam's decay rate of the second moment.</summary>
    public double Beta2 { get; init; } = 0.98;

    /// <summary>The optimizer.</summary>
    public OptimizerAlgorithm Optimizer { get; init; }

    /// <summary>
    /// Decoupled weight decay of AdamW, which is multiplied by the learning rate; null for its default, and with other
    /// optimizers.
    /// </summary>
    public double? WeightDecay { get; init; }

    /// <summary>Maximum Euclidean norm of all gradients, to which they are scaled; 0 for none.</summary>
    public double ClipNorm { get; init; }

    /// <summary>Factor that the learning rate is multiplied by when val_loss stops improving.</summary>
    public double PlateauFactor { get; init; } = 0.5;

    /// <summary>
    /// Epochs without improvement of val_loss before the learning rate is reduced; null for the encoder's default, and
    /// with another schedule than <see cref="LearningRateSchedule.Plateau"/>.
    /// </summary>
    public int? PlateauPatience { get; init; }

    /// <summary>
    /// Lower bound of the learning rate, at which <see cref="LearningRateSchedule.Cosine"/> ends; not used by <see
    /// cref="LearningRateSchedule.OneCycle"/>.
    /// </summary>
    public double MinLearningRate { get; init; } = 3e-5;

    /// <summary>
    /// Fraction of the steps in which <see cref="LearningRateSchedule.Cosine"/> raises the learning rate from 0.
    /// </summary>
    public double Warmup { get; init; } = 0.1;

    /// <summary>Average of the weights with which the training is validated and which its models have.</summary>
    public WeightAveraging Averaging { get; init; }

    /// <summary>Weight of the previous average in <see cref="WeightAveraging.Ema"/>.</summary>
    public double EmaMomentum { get; init; } = 0.99;

    /// <summary>Epochs of <see cref="WeightAveraging.Last"/>.</summary>
    public int AverageEpochs { get; init; } = 5;

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

    /// <summary>How the frames of a clip become one vector; null for the network's.</summary>
    public TemporalPooling? Pooling { get; init; }

    /// <summary>Normalization of the hidden dense layer; null for the network's.</summary>
    public HeadNormalization? HeadNorm { get; init; }

    /// <summary>Activation of the hidden dense layer; null for the network's.</summary>
    public HeadActivation? Activation { get; init; }

    /// <summary>
    /// Statistics with which batch norm is evaluated; null for the encoder's default, and without batch norm.
    /// </summary>
    public BatchNormStatistics? BatchNorm { get; init; }

    /// <summary>The loss that training minimizes; val_loss is always the cross-entropy.</summary>
    public LossFunction Loss { get; init; }

    /// <summary>γ of the focal loss; null for its default, and with other losses.</summary>
    public double? FocalGamma { get; init; }

    /// <summary>Probability that label smoothing distributes over all classes; 0 for none.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Whether targets are labels or the votes of raters.</summary>
    public TargetKind Targets { get; init; }

    /// <summary>Weights of the classes in the loss.</summary>
    public ClassWeighting ClassWeight { get; init; }

    /// <summary>Metric for the best epoch and early stopping.</summary>
    public MonitoredMetric Monitor { get; init; }

    /// <summary>How features are normalized.</summary>
    public NormalizationMode Normalize { get; init; }

    /// <summary>Zero padding of training clips.</summary>
    public PaddingMode Padding { get; init; }

    /// <summary>
    /// The recipe. <see cref="OriginalRecipe"/> has its defaults; this property alone selects which weights the final
    /// model has.
    /// </summary>
    public TrainingRecipe Recipe { get; init; }

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

    /// <summary>Every option with its key, range, defaults and help.</summary>
    public static OptionTable<TrainingOptions> Table => TrainingOptionTable.All;

    /// <summary>The defaults of the original recipe.</summary>
    public static TrainingOptions OriginalRecipe { get; } =
        TrainingOptionTable.ApplyAll(new() { Recipe = TrainingRecipe.Original }, (option, options) =>
            option.ApplyOriginalRecipe(options)
        );

    /// <summary>
    /// Selects network v1 and sets its defaults, among them Adam's β₂ 0.999, no noise and no MixUp. The recipe's
    /// authors do not state these; they are our choice.
    /// </summary>
    public TrainingOptions WithV1Recipe() =>
        TrainingOptionTable.ApplyAll(this with { Model = NetworkVersion.V1 }, (option, options) =>
            option.ApplyV1(options)
        );

    /// <summary>The defaults of a recipe and a network.</summary>
    /// <param name="model">The network; <c>v1</c> has its own defaults.</param>
    public static TrainingOptions Create(TrainingRecipe recipe, NetworkVersion model)
    {
        var options = recipe == TrainingRecipe.Original ? OriginalRecipe : new();
        return model == NetworkVersion.V1 ? options.WithV1Recipe() : options with { Model = model };
    }
}
