using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Training;

/// <summary>
/// The defaults of release 0.1, whose configurations contain null for every option that was left to the recipe, to the
/// network or to the encoder. They are frozen: a run keeps the values with which it was started.
/// </summary>
internal static class Version1Defaults
{
    private static readonly Row[] Rows =
    [
        new Row(OptionKeys.Beta2, "0.98").InV1("0.999"),
        new Row(OptionKeys.PlateauFactor, "0.5").InV1("0.7"),
        new Row(OptionKeys.MixUp, "0.2").InV1("0"),
        new Row(OptionKeys.ClassWeight, "balanced").InOriginalRecipe("none"),
        new Row(OptionKeys.Normalize, "corpus").InOriginalRecipe("none"),
        new Row(OptionKeys.Padding, "none").InOriginalRecipe("longest"),
        new Row(OptionKeys.Patience, "6", "15", "15").InOriginalRecipe("6"),
        new Row(OptionKeys.PlateauPatience, "2", "3", "3").InOriginalRecipe("2").InV1("4"),
        new Row(OptionKeys.Noise, "0.005", "0.005", "0.2").InOriginalRecipe("0.005").InV1("0"),
        new Row(OptionKeys.TimeMasks, "0", "2", "2").InOriginalRecipe("0"),
        new Row(OptionKeys.FrequencyMasks, "0", "2", "0").InOriginalRecipe("0"),
        new Row(OptionKeys.Tempo, "0", "0.15", "0").InOriginalRecipe("0"),
        new Row(OptionKeys.BandShift, "0", "3", "0").InOriginalRecipe("0"),
        new Row(OptionKeys.Gain, "0", "0.1", "0").InOriginalRecipe("0"),
        new Row(OptionKeys.Copies, "1", "8", "2").InOriginalRecipe("1"),
        new Row(OptionKeys.LstmDropout, "0.3", "0", "0").InOriginalRecipe("0.3").InV1("0"),
        new Row(OptionKeys.RecurrentDropout, "0.3", "0", "0").InOriginalRecipe("0.3").InV1("0"),
        new Row(OptionKeys.BatchNorm, "moving", "recalibrated", "recalibrated").InOriginalRecipe("moving"),
        new Row(OptionKeys.AttentionScale, "1", "1", "0.0625").InOriginalRecipe("1").InV1("1"),
    ];

    /// <summary>The values of the options that a configuration of 0.1 leaves to its recipe and its network.</summary>
    /// <param name="isOriginal">Whether the recipe is the original one.</param>
    /// <param name="isV1">Whether the network is v1, whose defaults override the recipe's.</param>
    public static OptionValues GetRecipeDefaults(bool isOriginal, bool isV1)
    {
        var values = new OptionValues { DefaultsVersion = 1 };
        foreach (var row in Rows)
        {
            var text = (isV1 ? row.V1 : null) ?? (isOriginal ? row.Original : null) ?? row.ForAllEncoders;
            if (text is not null)
                values.Set(row.Key, [text]);
        }
        return values;
    }

    /// <summary>Sets the options without a value to the defaults that 0.1 had for an encoder.</summary>
    public static TrainingOptions Resolve(TrainingOptions options, EncoderDescription encoder)
    {
        var name = encoder.TrainingDefaultsName;
        var values = new OptionValues();
        foreach (var row in Rows)
            if (TrainingOptions.Table[row.Key].Format(options).Length == 0)
                values.Set(
                    row.Key,
                    [options.Model == NetworkVersion.V1 && row.V1 is { } v1 ? v1 : row.Defaults.Select(name)]
                );
        var resolved = TrainingOptions
            .Table.Parse(options, values, [])
            .WithoutUnusedPatience(options)
            .WithoutUnusedStatistics(options);
        return resolved.Augmentation ? resolved : resolved with { Copies = 1 };
    }

    /// <summary>The default of an option for each encoder, as text.</summary>
    private sealed record Row(OptionKey Key, EncoderDefaults<string> Defaults)
    {
        public Row(OptionKey key, string value)
            : this(key, new EncoderDefaults<string>(value)) => ForAllEncoders = value;

        public Row(OptionKey key, string others, string logMel, string whisper)
            : this(key, new EncoderDefaults<string>(others, logMel, whisper)) { }

        /// <summary>The default if it does not depend on the encoder; null if it does.</summary>
        public string? ForAllEncoders { get; }

        public string? Original { get; private init; }

        public string? V1 { get; private init; }

        public Row InOriginalRecipe(string value) => this with { Original = value };

        public Row InV1(string value) => this with { V1 = value };
    }
}
