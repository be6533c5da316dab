using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;

namespace AttnCrnn.Training.Averaging;

/// <summary>The methods of weight averaging.</summary>
internal static class AveragingMethods
{
    /// <summary>One line per method, in the order of the help.</summary>
    public static IReadOnlyList<AveragingDefinition> All { get; } =
    [
        NoAveraging.Definition,
        ExponentialAveraging.Definition, // Keras' use_ema; Polyak and Juditsky 1992
        LastEpochsAveraging.Definition, // Izmailov et al. 2018
    ];

    /// <summary>The errors of the options of averaging.</summary>
    public static IEnumerable<OptionError> FindErrors(TrainingOptions options) =>
        TrainingVariant.FindUnusedOptions(options, OptionKeys.Averaging, All);

    /// <summary>Whether the selected method uses an option.</summary>
    public static bool IsUsed(TrainingOptions options, OptionKey key) => Find(options).Options.Contains(key);

    /// <summary>Creates the selected method.</summary>
    /// <param name="parameters">Those of the network; must stay alive.</param>
    public static IWeightAveraging Create(TrainingOptions options, Parameters parameters, WorkerPool workers) =>
        Find(options).Create(options, new(parameters.Values, parameters.TrainableLength), workers);

    private static AveragingDefinition Find(TrainingOptions options) =>
        All.First(definition => definition.Averaging == options.Averaging);
}
