using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Evaluation;
using AttnCrnn.Models;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>The options of training, and the values they resolve to.</summary>
internal sealed record TrainCommandOptions(
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
    LabelRuleOptions Labels,
    Option<string?> Init,
    OutputLabelOptions InitLabels
)
{
    /// <exception cref="UsageException">A value is invalid; the message lists all errors.</exception>
    public ExperimentOptions Read(ParseResult parseResult)
    {
        var recipe =
            parseResult.GetValue(Recipe) == "original" ? TrainingOptions.OriginalRecipe : new TrainingOptions();
        if (parseResult.GetValue(Model) == "v1")
            recipe = recipe.WithV1Recipe();
        var random = parseResult.GetResult(Split) is null or { Implicit: true }
            ? recipe.Recipe == "original"
            : parseResult.GetValue(Split) == "random";
        var training = recipe with
        {
            Recipe = parseResult.GetValue(Recipe) ?? "default",
            Model = parseResult.GetValue(Model) ?? "v2",
            Epochs = parseResult.GetValue(Epochs),
            BatchSize = parseResult.GetValue(BatchSize),
            Patience = parseResult.GetValue(Patience) ?? recipe.Patience,
            LearningRate = parseResult.GetValue(LearningRate),
            Beta2 = parseResult.GetValue(Beta2) ?? recipe.Beta2,
            PlateauFactor = parseResult.GetValue(PlateauFactor) ?? recipe.PlateauFactor,
            PlateauPatience = parseResult.GetValue(PlateauPatience) ?? recipe.PlateauPatience,
            MinLearningRate = parseResult.GetValue(MinLearningRate),
            Noise = parseResult.GetValue(Noise) ?? recipe.Noise,
            MixUp = parseResult.GetValue(MixUp) ?? recipe.MixUp,
            Augmentation = !parseResult.GetValue(DisableAugmentation),
            TimeMasks = parseResult.GetValue(TimeMasks) ?? recipe.TimeMasks,
            TimeMaskShare = parseResult.GetValue(TimeMaskShare),
            FrequencyMasks = parseResult.GetValue(FrequencyMasks) ?? recipe.FrequencyMasks,
            FrequencyMaskBands = parseResult.GetValue(FrequencyMaskBands),
            Tempo = parseResult.GetValue(Tempo) ?? recipe.Tempo,
            Copies = parseResult.GetValue(Copies) ?? recipe.Copies,
            BandShift = parseResult.GetValue(BandShift) ?? recipe.BandShift,
            Gain = parseResult.GetValue(Gain) ?? recipe.Gain,
            LstmDropout = parseResult.GetValue(LstmDropout) ?? recipe.LstmDropout,
            RecurrentDropout = parseResult.GetValue(RecurrentDropout) ?? recipe.RecurrentDropout,
            AttentionScale = parseResult.GetValue(AttentionScale) ?? recipe.AttentionScale,
            BatchNorm = parseResult.GetValue(BatchNorm) ?? recipe.BatchNorm,
            ClassWeight = parseResult.GetValue(ClassWeight) ?? recipe.ClassWeight,
            Monitor = parseResult.GetValue(Monitor)!,
            Normalize = parseResult.GetValue(Normalize) ?? recipe.Normalize,
            Padding = parseResult.GetValue(Padding) ?? recipe.Padding,
            Seed = parseResult.GetValue(Seed),
            Threads = parseResult.GetValue(Threads),
            CheckpointEvery = parseResult.GetValue(CheckpointEvery),
            ExactConvolution = parseResult.GetValue(ExactConvolution),
        };
        var options = new ExperimentOptions(
            training,
            Labels.Read(parseResult),
            parseResult.GetValue(Folds),
            random,
            parseResult.GetValue(MaxInvalidFraction)
        )
        {
            InitialPath = parseResult.GetValue(Init),
        };
        var errors = options.Errors().ToList();
        if (parseResult.GetValue(Split) is not (null or "speaker" or "random"))
            errors.Add($"--split {parseResult.GetValue(Split)}: expected speaker or random");
        if (parseResult.GetValue(Init) is not null && parseResult.GetValue(AttentionScale) is { } scale)
            errors.Add($"--attention_scale {scale}: the model of --init has its own; omit one of them");
        if (parseResult.GetValue(Init) is null && InitLabels.Read(parseResult) is not null)
            errors.Add(
                "--labels applies to the outputs of the model of --init; "
                    + "the classes of the run come from the clips, --map and --drop"
            );
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }

    /// <summary>Adds the initial weights of --init.</summary>
    /// <exception cref="InvalidInputException">The model file cannot be read.</exception>
    public ExperimentOptions AddInitialModel(ParseResult parseResult, ExperimentOptions options) =>
        options.InitialPath is { } path
            ? options with
            {
                Initial = ModelFile.Read(path, InitLabels.Read(parseResult)),
            }
            : options;
}
