using System.Globalization;
using AttnCrnn.Encoders;

namespace AttnCrnn.Training;

/// <summary>
/// Defaults of training options whose best value depends on the features. How each was found: docs/performance.md.
/// </summary>
internal sealed record EncoderDefaults
{
    private static readonly EncoderDefaults Speech = new();

    private static readonly EncoderDefaults LogMel = new()
    {
        Patience = 15,
        PlateauPatience = 3,
        TimeMasks = 2,
        FrequencyMasks = 2,
        Tempo = 0.15,
        BandShift = 3,
        Gain = 0.1,
        Copies = 8,
        LstmDropout = 0,
        RecurrentDropout = 0,
        BatchNorm = "recalibrated",
    };

    // Chosen on the validation speakers of RAVDESS, by val_loss and val_uar over five folds.
    private static readonly EncoderDefaults Whisper = new()
    {
        Patience = 15,
        PlateauPatience = 3,
        Noise = 0.35,
        TimeMasks = 2,
        Copies = 2,
        LstmDropout = 0,
        RecurrentDropout = 0,
        BatchNorm = "recalibrated",
        AttentionScale = 1.0 / 16,
    };

    // Defaults of runs whose checkpoints have no version; resuming uses them.
    private static readonly EncoderDefaults WhisperVersion1 = Whisper with { Noise = 0.2 };

    public int Patience { get; init; } = 6;

    public int PlateauPatience { get; init; } = 2;

    public double Noise { get; init; } = 0.005;

    public int TimeMasks { get; init; }

    public int FrequencyMasks { get; init; }

    public double Tempo { get; init; }

    public int BandShift { get; init; }

    public double Gain { get; init; }

    public int Copies { get; init; } = 1;

    public double LstmDropout { get; init; } = 0.3;

    public double RecurrentDropout { get; init; } = 0.3;

    public string BatchNorm { get; init; } = "moving";

    public double AttentionScale { get; init; } = 1;

    /// <summary>A default of all encoders as text: <c>15 for log-mel and Whisper, 6 for others</c>.</summary>
    public static string Describe(Func<EncoderDefaults, object?> option)
    {
        var defaultText = Format(Speech);
        (string Encoder, string Value)[] exceptions =
        [
            (LogMelEncoder.Name, Format(LogMel)),
            ("Whisper", Format(Whisper)),
        ];
        var groups = exceptions
            .Where(exception => exception.Value != defaultText)
            .GroupBy(exception => exception.Value)
            .Select(group => $"{group.Key} for {string.Join(" and ", group.Select(exception => exception.Encoder))}");
        return string.Join(", ", [.. groups, $"{defaultText} for others"]);

        string Format(EncoderDefaults defaults) => Convert.ToString(option(defaults), CultureInfo.InvariantCulture)!;
    }

    /// <summary>Defaults for an encoder's frames: log-mel, Whisper, or the recipe's.</summary>
    /// <param name="checkpointVersion">
    /// Version of the run's first checkpoint; a run keeps the defaults with which it was started.
    /// </param>
    public static EncoderDefaults Select(EncoderDescription encoder, int checkpointVersion) =>
        encoder.Name == LogMelEncoder.Name ? LogMel
        : encoder.Context is null ? Speech
        : checkpointVersion == 1 ? WhisperVersion1
        : Whisper;
}
