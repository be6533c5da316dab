using AttnCrnn.IO;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>
/// The state of Adam or AdamW in an archive: its options in config.json; its steps, learning rate and both moments of
/// each tensor in model.weights.h5.
/// </summary>
internal static class KerasOptimizer
{
    private const string Adam = "Adam";
    private const string AdamW = "AdamW";

    private static readonly string[] UnsupportedOptions =
    [
        "clipnorm",
        "clipvalue",
        "use_ema",
        "loss_scale_factor",
        "gradient_accumulation_steps",
        "amsgrad",
        "is_legacy_optimizer",
        "decay",
    ];

    /// <summary>
    /// Reads the state; null unless it is an Adam without weight decay, or an AdamW, that trains every tensor.
    /// </summary>
    /// <exception cref="InvalidFileException">A moment is non-finite.</exception>
    public static OptimizerState? Read(JsonCursor? compilation, KerasWeights weights, NetworkOptions network)
    {
        if (compilation?.Find("optimizer") is not { } optimizer || ReadOptions(optimizer) is not { } options)
            return null;
        var trainable = Parameters.ListShapes(network).Where(tensor => tensor.Trainable).ToArray();
        var count = weights.CountTensors(KerasPaths.GetVariables(KerasPaths.Optimizer));
        // Keras 2 has the learning rate only in config.json.
        var first = count % 2 == 0 ? 2 : 1;
        if (count != first && count != first + (2 * trainable.Length))
            return null;
        if (!weights.Contains(GetVariable(0)) || !weights.Contains(GetVariable(first - 1)))
            return null;
        var firstMoments = new List<ModelTensor>();
        var secondMoments = new List<ModelTensor>();
        for (var i = 0; count > first && i < trainable.Length; i++)
        {
            var (tensor, shape, _) = trainable[i];
            firstMoments.Add(new(tensor, shape, weights.Read(GetVariable(first + (2 * i)), shape)));
            secondMoments.Add(new(tensor, shape, weights.Read(GetVariable(first + 1 + (2 * i)), shape)));
        }
        var state = options with
        {
            Steps = weights.ReadInt64(GetVariable(0)),
            LearningRate = first == 2 ? weights.Read(GetVariable(1))[0] : options.LearningRate,
            FirstMoments = firstMoments,
            SecondMoments = secondMoments,
        };
        return IsValid(state) ? state : null;
    }

    /// <summary>The class of the optimizer in Keras.</summary>
    public static string GetClassName(OptimizerState state) => state.WeightDecay is null ? Adam : AdamW;

    /// <summary>The name that Keras gives to an optimizer.</summary>
    public static string GetName(OptimizerState state) => GetClassName(state).ToLowerInvariant();

    /// <summary>
    /// Path of a variable of the optimizer: step, learning rate, then moment and velocity of each tensor in turn.
    /// </summary>
    public static string GetVariable(int index) => KerasPaths.GetVariable(KerasPaths.Optimizer, index);

    // The hyperparameters in config.json, without steps and moments; null if the optimizer is not supported.
    private static OptimizerState? ReadOptions(JsonCursor optimizer)
    {
        var className = optimizer.Find("class_name")?.AsString();
        if (className is not (Adam or AdamW) || optimizer.Find("config") is not { } config)
            return null;
        if (UnsupportedOptions.Any(option => IsSet(config.Find(option))))
            return null;
        if (config.Find("learning_rate")?.AsSingle() is not { } learningRate)
            return null; // a learning rate schedule
        if (
            config.Find("beta_1")?.AsDouble() is not { } beta1
            || config.Find("beta_2")?.AsDouble() is not { } beta2
            || config.Find("epsilon")?.AsDouble() is not { } epsilon
        )
            return null;
        var state = new OptimizerState(0, learningRate, beta1, beta2, epsilon, [], [])
        {
            WeightDecay = ReadOptional(config.Find("weight_decay")),
            GlobalClipNorm = ReadOptional(config.Find("global_clipnorm")),
        };
        return GetClassName(state) == className ? state : null;
    }

    // Null if the option is off; NaN, which is not valid, if it is not a number.
    private static double? ReadOptional(JsonCursor? option) =>
        option is not null && IsSet(option) ? option.AsDouble() ?? double.NaN : null;

    private static bool IsSet(JsonCursor? option) => option is { IsNull: false } && option.AsBoolean() != false;

    // Values that the optimizer cannot reach are not a valid state.
    private static bool IsValid(OptimizerState state) =>
        state is { Steps: >= 0, LearningRate: >= 0, Beta1: >= 0 and < 1, Beta2: >= 0 and < 1, Epsilon: > 0 and < 1 }
        && state.WeightDecay is null or (>= 0 and <= double.MaxValue)
        && state.GlobalClipNorm is null or (> 0 and <= double.MaxValue);
}
