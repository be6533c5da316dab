using AttnCrnn.Encoders;

namespace AttnCrnn.Training;

/// <summary>
/// Names of the sets of defaults: options whose best value depends on the features have one for each. How the values
/// were found: docs/performance.md.
/// </summary>
internal static class EncoderDefaults
{
    public const string LogMel = "log-mel";

    /// <summary>Chosen on the validation speakers of RAVDESS, by val_loss and val_uar over five folds.</summary>
    public const string Whisper = "Whisper";
}

/// <summary>The defaults of an option for all encoders.</summary>
/// <param name="others">For encoders without a default of their own.</param>
/// <param name="logMel">For log-mel, if it differs.</param>
/// <param name="whisper">For Whisper, if it differs.</param>
internal sealed class EncoderDefaults<TValue>(
    TValue others,
    TrainingDefault<TValue>? logMel = null,
    TrainingDefault<TValue>? whisper = null
)
{
    /// <param name="name"><see cref="EncoderDescription.TrainingDefaultsName"/>.</param>
    public TValue Select(string name) =>
        name switch
        {
            EncoderDefaults.LogMel => logMel is { } value ? value.Value : others,
            EncoderDefaults.Whisper => whisper is { } value ? value.Value : others,
            _ => others,
        };

    /// <summary>All defaults as text: <c>15 for log-mel and Whisper, 6 for others</c>.</summary>
    public string Describe(Func<TValue, string> format)
    {
        var defaultText = format(others);
        var groups = ((string[])[EncoderDefaults.LogMel, EncoderDefaults.Whisper])
            .Select(name => (Encoder: name, Value: format(Select(name))))
            .Where(exception => exception.Value != defaultText)
            .GroupBy(exception => exception.Value)
            .Select(group => $"{group.Key} for {string.Join(" and ", group.Select(exception => exception.Encoder))}");
        return string.Join(", ", [.. groups, $"{defaultText} for others"]);
    }
}
