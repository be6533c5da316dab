using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Evaluation;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>The options of training, and the values they resolve to.</summary>
internal sealed record TrainFlags(
    Option<string?> Recipe,
    Option<string?> Model,
    Option<int> Epochs,
    Option<int> BatchSize,
    Option<int?> Patience,
    Option<double> LearningRate,
    Option<double?> Beta2,
    Option<double?> PlateauFactor,
    Option<int?> PlateauPatience,
    Option<double> MinLearningRate,
    Option<double?> Noise,
    Option<double?> MixUp,
    Option<bool> DisableAugmentation,
    Option<int?> TimeMasks,
    Option<double> TimeMaskShare,
    Option<int?> FrequencyMasks,
    Option<int> FrequencyMaskBands,
    Option<double?> Tempo,
    Option<int?> Copies,
    Option<int?> BandShift,
    Option<double?> Gain,
    Option<double?> LstmDropout,
    Option<double?> RecurrentDropout,
    Option<double?> AttentionScale,
    Option<string?> BatchNorm,
    Option<string?> ClassWeight,
    Option<string?> Monitor,
    Option<string?> Normalize,
    Option<string?> Padding,
    Option<ulong> Seed,
    Option<int> Threads,
    Option<int> Folds,
    Option<string?> Split,
    Option<double> MaxInvalidFraction,
    Option<int> CheckpointEvery,
    Option<bool> ExactConvolution,
    LabelFlags Labels,
    Option<string?> Init,
    OutputFlags InitLabels
)
{
    /// <exception cref="UsageException">A value is invalid; the message lists all errors.</exception>
    public ExperimentOptions Read(ParseResult given)
    {
        var recipe = given.GetValue(Recipe) == "original" ? TrainingOptions.OriginalRecipe : new TrainingOptions();
        if (given.GetValue(Model) == "v1")
            recipe = recipe.WithV1Recipe();
        var random = given.GetResult(Split) is null or { Implicit: true }
            ? recipe.Recipe == "original"
            : given.GetValue(Split) == "random";
        var training = recipe with
        {
            Recipe = given.GetValue(Recipe) ?? "default",
            Model = given.GetValue(Model) ?? "v2",
            Epochs = given.GetValue(Epochs),
            BatchSize = given.GetValue(BatchSize),
            Patience = given.GetValue(Patience) ?? recipe.Patience,
            LearningRate = given.GetValue(LearningRate),
            Beta2 = given.GetValue(Beta2) ?? recipe.Beta2,
            PlateauFactor = given.GetValue(PlateauFactor) ?? recipe.PlateauFactor,
            PlateauPatience = given.GetValue(PlateauPatience) ?? recipe.PlateauPatience,
            MinLearningRate = given.GetValue(MinLearningRate),
            Noise = given.GetValue(Noise) ?? recipe.Noise,
            MixUp = given.GetValue(MixUp) ?? recipe.MixUp,
            Augmentation = !given.GetValue(DisableAugmentation),
            TimeMasks = given.GetValue(TimeMasks) ?? recipe.TimeMasks,
            TimeMaskShare = given.GetValue(TimeMaskShare),
            FrequencyMasks = given.GetValue(FrequencyMasks) ?? recipe.FrequencyMasks,
            FrequencyMaskBands = given.GetValue(FrequencyMaskBands),
            Tempo = given.GetValue(Tempo) ?? recipe.Tempo,
            Copies = given.GetValue(Copies) ?? recipe.Copies,
            BandShift = given.GetValue(BandShift) ?? recipe.BandShift,
            Gain = given.GetValue(Gain) ?? recipe.Gain,
            LstmDropout = given.GetValue(LstmDropout) ?? recipe.LstmDropout,
            RecurrentDropout = given.GetValue(RecurrentDropout) ?? recipe.RecurrentDropout,
            AttentionScale = given.GetValue(AttentionScale) ?? recipe.AttentionScale,
            BatchNorm = given.GetValue(BatchNorm) ?? recipe.BatchNorm,
            ClassWeight = given.GetValue(ClassWeight) ?? recipe.ClassWeight,
            Monitor = given.GetValue(Monitor)!,
            Normalize = given.GetValue(Normalize) ?? recipe.Normalize,
            Padding = given.GetValue(Padding) ?? recipe.Padding,
            Seed = given.GetValue(Seed),
            Threads = given.GetValue(Threads),
            CheckpointEvery = given.GetValue(CheckpointEvery),
            ExactConvolution = given.GetValue(ExactConvolution),
        };
        var options = new ExperimentOptions(
            training,
            Labels.Read(given),
            given.GetValue(Folds),
            random,
            given.GetValue(MaxInvalidFraction)
        )
        {
            InitialPath = given.GetValue(Init),
        };
        var errors = options.Errors().ToList();
        if (given.GetValue(Split) is not (null or "speaker" or "random"))
            errors.Add($"--split {given.GetValue(Split)}: expected speaker or random");
        if (given.GetValue(Init) is not null && given.GetValue(AttentionScale) is { } scale)
            errors.Add($"--attention_scale {scale}: the model of --init has its own; leave one of the two out");
        if (given.GetValue(Init) is null && InitLabels.Read(given) is not null)
            errors.Add(
                "--labels names the outputs of the model of --init; "
                    + "the classes of the run come from the clips, --map and --drop"
            );
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }

    /// <summary>Adds the initial weights of --init.</summary>
    /// <exception cref="InvalidInputException">The model file cannot be read.</exception>
    public ExperimentOptions WithInitial(ParseResult given, ExperimentOptions options) =>
        options.InitialPath is { } path
            ? options with
            {
                Initial = ModelFile.Read(path, InitLabels.Read(given)),
            }
            : options;
}
