using AttnCrnn.IO;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>
/// Adam's state in an archive: its options in config.json, its steps, learning rate and both moments of each tensor in
/// model.weights.h5.
/// </summary>
internal static class KerasOptimizer
{
    private static readonly string[] UnsupportedOptions =
    [
        "weight_decay",
        "clipnorm",
        "global_clipnorm",
        "clipvalue",
        "use_ema",
        "loss_scale_factor",
        "gradient_accumulation_steps",
        "amsgrad",
    ];

    /// <summary>Reads the state; null unless it is a plain Adam that trains every tensor.</summary>
    /// <exception cref="InvalidFileException">A moment is non-finite.</exception>
    public static OptimizerState? Read(JsonCursor? compilation, KerasWeights weights, NetworkOptions network)
    {
        var adam = compilation?.Find("optimizer");
        if (adam?.Find("class_name")?.AsString() != "Adam" || adam.Find("config") is not { } config)
            return null;
        if (
            UnsupportedOptions.Any(option =>
                config.Find(option) is { IsNull: false } value && value.AsBoolean() != false
            )
        )
            return null;
        if (config.Find("learning_rate")?.AsDouble() is null)
            return null; // a learning rate schedule
        if (
            config.Find("beta_1")?.AsDouble() is not { } beta1
            || config.Find("beta_2")?.AsDouble() is not { } beta2
            || config.Find("epsilon")?.AsDouble() is not { } epsilon
        )
            return null;
        var trainable = Parameters.ListShapes(network).Where(tensor => tensor.Trainable).ToArray();
        var count = weights.CountTensors(KerasPaths.GetVariables(KerasPaths.Optimizer));
        if (count != 2 && count != 2 + (2 * trainable.Length))
            return null;
        if (!weights.Contains(GetVariable(0)) || !weights.Contains(GetVariable(1)))
            return null;
        var firstMoments = new List<ModelTensor>();
        var secondMoments = new List<ModelTensor>();
        for (var i = 0; count > 2 && i < trainable.Length; i++)
        {
            var (tensor, shape, _) = trainable[i];
            firstMoments.Add(new(tensor, shape, weights.Read(GetVariable(2 + (2 * i)), shape)));
            secondMoments.Add(new(tensor, shape, weights.Read(GetVariable(3 + (2 * i)), shape)));
        }
        var steps = weights.ReadInt64(GetVariable(0));
        var rate = weights.Read(GetVariable(1))[0];
        // Values that Adam cannot reach are not a valid state.
        return
            steps < 0
            || rate < 0
            || beta1 is not (>= 0 and < 1)
            || beta2 is not (>= 0 and < 1)
            || epsilon is not (> 0 and < 1)
            ? null
            : new(steps, rate, beta1, beta2, epsilon, firstMoments, secondMoments);
    }

    /// <summary>
    /// Path of a variable of the optimizer: step, learning rate, then moment and velocity of each tensor in turn.
    /// </summary>
    public static string GetVariable(int index) => KerasPaths.GetVariable(KerasPaths.Optimizer, index);
}
