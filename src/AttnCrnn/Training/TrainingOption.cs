using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <summary>A default of a training option.</summary>
/// <param name="Value">The value.</param>
internal readonly record struct TrainingDefault<TValue>(TValue Value)
{
    public static implicit operator TrainingDefault<TValue>(TValue value) => new(value);
}

/// <summary>An option whose default may depend on the recipe, on the network or on the encoder.</summary>
internal interface ITrainingOption
{
    /// <summary>Sets the default of the original recipe, if there is one.</summary>
    TrainingOptions ApplyOriginalRecipe(TrainingOptions options);

    /// <summary>Sets the default of network v1, if there is one.</summary>
    TrainingOptions ApplyV1(TrainingOptions options);

    /// <summary>Sets the default for an encoder if the option has no value.</summary>
    /// <param name="defaults">Name of the encoder's defaults, as in <see cref="EncoderDefaults"/>.</param>
    TrainingOptions ApplyEncoder(TrainingOptions options, string defaults);
}

/// <summary>An option of a training.</summary>
/// <typeparam name="TValue">Type of the value; nullable if the default depends on the encoder.</typeparam>
internal sealed class TrainingOption<TValue> : OptionDefinition<TrainingOptions, TValue>, ITrainingOption
{
    public TrainingOption(
        OptionKey key,
        OptionType<TValue> type,
        Func<TrainingOptions, TValue> get,
        Func<TrainingOptions, TValue, TrainingOptions> set
    )
        : base(key, type, get, set) { }

    /// <summary>The default for each encoder; null if it does not depend on the encoder.</summary>
    public EncoderDefaults<TValue>? ByEncoder { get; init; }

    /// <summary>The default with network v1, if it differs.</summary>
    public TrainingDefault<TValue>? V1 { get; init; }

    /// <summary>The default in the original recipe, if it differs.</summary>
    public TrainingDefault<TValue>? Original { get; init; }

    /// <summary><c>15 for log-mel and Whisper, 6 for others; 4 with model v1</c>.</summary>
    public override string DescribeDefault()
    {
        var text = ByEncoder?.Describe(FormatValue) ?? base.DescribeDefault();
        if (V1 is { } v1)
            text += $"; {FormatValue(v1.Value)} with model v1";
        if (Original is { } original && FormatValue(original.Value) is var formatted && text != formatted)
            text += $"; {formatted} with recipe original";
        return text;
    }

    public TrainingOptions ApplyOriginalRecipe(TrainingOptions options) =>
        Original is { } value ? Set(options, value.Value) : options;

    public TrainingOptions ApplyV1(TrainingOptions options) => V1 is { } value ? Set(options, value.Value) : options;

    public TrainingOptions ApplyEncoder(TrainingOptions options, string defaults) =>
        ByEncoder is null || Get(options) is not null ? options : Set(options, ByEncoder.Select(defaults));
}
