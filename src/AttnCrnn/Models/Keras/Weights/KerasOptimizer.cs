using System.Text.Json;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>
/// Adam's state in an archive: its options in config.json, its steps, learning rate and both moments of each tensor in
/// model.weights.h5.
/// </summary>
internal static class KerasOptimizer
{
    /// <summary>
    /// Path of the optimizer's variables: step, learning rate, then moment and velocity of each tensor in turn.
    /// </summary>
    public const string Folder = "optimizer/vars";

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
    public static OptimizerState? Read(JsonElement compilation, KerasWeights weights, NetworkOptions network)
    {
        if (
            Value(Value(compilation, "optimizer"), "class_name") is not { ValueKind: JsonValueKind.String } name
            || !name.ValueEquals("Adam")
        )
            return null;
        var config = Value(Value(compilation, "optimizer"), "config");
        if (
            UnsupportedOptions.Any(option =>
                Value(config, option).ValueKind
                    is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False)
            )
        )
            return null;
        if (Number(config, "learning_rate") is null)
            return null; // a learning rate schedule
        if (
            Number(config, "beta_1") is not { } beta1
            || Number(config, "beta_2") is not { } beta2
            || Number(config, "epsilon") is not { } epsilon
        )
            return null;
        var trainable = Parameters.Shapes(network).Where(tensor => tensor.Trainable).ToArray();
        var count = weights.CountIn(Folder);
        if (count != 2 && count != 2 + (2 * trainable.Length))
            return null;
        if (!weights.Contains(Folder + "/0") || !weights.Contains(Folder + "/1"))
            return null;
        var moments = new List<ModelTensor>();
        var velocities = new List<ModelTensor>();
        for (var i = 0; count > 2 && i < trainable.Length; i++)
        {
            var (tensor, shape, _) = trainable[i];
            moments.Add(new(tensor, shape, weights.Read($"{Folder}/{2 + (2 * i)}", shape)));
            velocities.Add(new(tensor, shape, weights.Read($"{Folder}/{3 + (2 * i)}", shape)));
        }
        var steps = weights.Integer(Folder + "/0");
        var rate = weights.Read(Folder + "/1")[0];
        // Values that Adam cannot reach are not a valid state.
        return
            steps < 0
            || rate < 0
            || beta1 is not (>= 0 and < 1)
            || beta2 is not (>= 0 and < 1)
            || epsilon is not (> 0 and < 1)
            ? null
            : new(steps, rate, beta1, beta2, epsilon, moments, velocities);
    }

    private static JsonElement Value(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    private static double? Number(JsonElement element, string name) =>
        Value(element, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number)
            ? number
            : null;
}
