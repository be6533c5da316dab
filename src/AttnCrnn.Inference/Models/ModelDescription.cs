using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.IO;
using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Networks;
using AttnCrnn.Options;

namespace AttnCrnn.Models;

/// <summary>The archive entry attn_crnn.json: what inference needs and Keras' own entries do not contain.</summary>
/// <param name="InputDescription">The frames that the graph expects, for human readers.</param>
/// <param name="Normalization">Its kind; mean and standard deviation only if they are not in the graph.</param>
internal sealed record ModelDescription(
    IReadOnlyList<string> Labels,
    EncoderDescription Encoder,
    string InputDescription,
    FeatureNormalization Normalization,
    double Temperature,
    bool Synthetic,
    int Padding,
    bool ExactConvolution,
    JsonObject Training,
    string Version
)
{
    /// <summary>The entry's name in the archive.</summary>
    public const string Entry = "attn_crnn.json";

    /// <summary>Temperatures are above 0 and below this.</summary>
    public const double MaxTemperature = 1000;

    /// <summary>Format version of the entry that is written.</summary>
    public const int FormatVersion = 2;

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    // Not a field: static fields are initialized in the order of the text, and OptionKeys is another class.
    private static OptionText Remedy =>
        OptionText.Create(
            $"train again, or remove the entry with  zip -d FILE {Entry}  and specify the labels with "
                + $"{OptionKeys.Labels}"
        );

    /// <summary>Name and layers of the network; null: the file is of version 1, which has the graph alone.</summary>
    public JsonObject? Network { get; init; }

    /// <summary>Creates the description of a model.</summary>
    public static ModelDescription Create(TrainedModelInfo model)
    {
        var isInGraph = model.Normalization.Kind == NormalizationMode.Corpus;
        var inputDescription = model.Normalization.Kind switch
        {
            NormalizationMode.Corpus => "frames as computed by the encoder: the graph normalizes them first",
            NormalizationMode.Speaker =>
                "frames already normalized with the mean and standard deviation of the clip's speaker; "
                    + "those under 'normalisation' are for clips of speakers without statistics",
            _ => "frames as computed by the encoder",
        };
        if (model.Padding > 0)
        {
            var value = isInGraph && !model.IsFixedLength ? "the normalization mean" : "zeros";
            inputDescription += $"; every clip padded at its end to {model.Padding} frames with {value}";
        }
        return new(
            model.Labels,
            model.Encoder,
            inputDescription,
            isInGraph ? new(NormalizationMode.Corpus, [], []) : model.Normalization,
            model.Temperature,
            model.Synthetic,
            model.Padding,
            model.Network.ExactConvolution,
            model.Training,
            model.Version
        )
        {
            Network = DescribeNetwork(model.Network),
        };
    }

    public byte[] ToJson() => JsonBytes.WriteObject(WriteFields, Readable);

    /// <exception cref="InvalidFileException">The description is malformed.</exception>
    public static ModelDescription Read(string path, byte[] text)
    {
        var json = new JsonSource($"{path}:{Entry}", "the description that training saves", Remedy).Parse(text);
        var version = json.GetInt32("format_version", min: 1, defaultValue: 1);
        if (version > FormatVersion)
            throw new InvalidFileException(
                $"{path}:{Entry}",
                null,
                $"format version {version}",
                $"at most {FormatVersion}",
                "a newer version of this program wrote the file: update the program"
            );
        var normalization = json.GetObject("normalisation");
        return new(
            json.GetStrings("labels"),
            EncoderJson.Read(json.GetObject("encoder")),
            json.GetString("takes"),
            new(ReadMode(normalization), normalization.GetSingles("mean"), normalization.GetSingles("deviation")),
            json.GetDouble("temperature"),
            json.GetBoolean("synthetic"),
            json.GetInt32("padding"),
            json.GetBoolean("exact_convolution"),
            json.GetObject("training").ToJsonObject(),
            json.GetString("version")
        )
        {
            Network = json.Find("network") is { IsNull: false } network ? network.ToJsonObject() : null,
        };
    }

    /// <summary>Combines the description with what was read from the graph.</summary>
    /// <param name="graphNormalization">The graph's normalization; null: none.</param>
    /// <exception cref="InvalidFileException">The description contradicts itself or the graph.</exception>
    public TrainedModelInfo Combine(
        string path,
        KerasNetwork network,
        FeatureNormalization? graphNormalization,
        DateTime savedTime
    )
    {
        var errors = Errors(network.Options, network.FixedFrames, graphNormalization is not null).ToList();
        // Archives of earlier versions have the temperature in the description alone.
        if (network.Temperature is { } graphTemperature && !KerasTemperature.IsSame(graphTemperature, Temperature))
            errors.Add($"temperature {Temperature}, and {graphTemperature} in the graph");
        if (errors.Count > 0)
            throw CreateError(path, string.Join("; ", errors), "a description consistent with the graph");
        return new(
            network.Options with
            {
                ExactConvolution = ExactConvolution,
            },
            Labels,
            Encoder,
            graphNormalization ?? Normalization,
            Temperature,
            Synthetic,
            Padding,
            Training,
            Version
        )
        {
            IsFixedLength = network.FixedFrames > 0,
            Saved = savedTime,
        };
    }

    /// <summary>Returns all validation errors.</summary>
    /// <param name="fixedFrames">Fixed length of the graph's input, in frames; 0: any length.</param>
    /// <param name="isNormalized">Whether the graph normalizes its input.</param>
    public IEnumerable<string> Errors(NetworkOptions networkOptions, int fixedFrames, bool isNormalized)
    {
        var normalization = Normalization;
        if (Labels.Count != networkOptions.Classes || Labels.Distinct().Count() != Labels.Count)
            yield return $"{Labels.Count} labels for {networkOptions.Classes} classes";
        if (Labels.FirstOrDefault(label => !InputFile.IsPrintable(label)) is { } invalidLabel)
            yield return $"{InputFile.Quote(invalidLabel)} as a label";
        if (
            ((string[])[Encoder.Name, Encoder.Revision, Encoder.Layers, Version]).Any(text =>
                text.Length > 0 && !InputFile.IsPrintable(text)
            )
            || Encoder.Name.Length == 0
        )
            yield return $"{InputFile.Quote($"{Encoder}")} as an encoder, by version {InputFile.Quote(Version)}";
        if (
            Encoder.Width < 1
            || Encoder.LayerCount < 1
            || (long)Encoder.Width * Encoder.LayerCount != networkOptions.FrameWidth
        )
            yield return $"feature dimension {Encoder.Width} x {Encoder.LayerCount} layers "
                + $"for a network with {networkOptions.FrameWidth}";
        else if (networkOptions.EncoderLayers != 1 && networkOptions.EncoderLayers != Encoder.LayerCount)
            yield return $"weights of {networkOptions.EncoderLayers} encoder layers for frames of {Encoder.LayerCount}";
        if (Network is not null && Network.ToJsonString() != DescribeNetwork(networkOptions).ToJsonString())
            yield return $"layers of a network that are not those of the graph "
                + $"({NetworkVersions.Format(networkOptions.Version)})";
        // corpus statistics are in the graph
        var length = normalization.Kind == NormalizationMode.Speaker ? networkOptions.FrameWidth : 0;
        var isValid =
            normalization.Mean.Length == length
            && normalization.StandardDeviation.Length == length
            && normalization.Mean.All(float.IsFinite)
            && normalization.StandardDeviation.All(value => value > 0 && float.IsFinite(value));
        if (!isValid || (normalization.Kind == NormalizationMode.Corpus) != isNormalized)
            yield return $"normalization '{NormalizationModes.Format(normalization.Kind)}' of "
                + $"{normalization.Mean.Length} features, "
                + $"and {(isNormalized ? "one" : "none")} in the graph";
        if (Temperature is not (> 0 and < MaxTemperature))
            yield return $"temperature {Temperature}";
        if (Padding is < 0 or > NetworkOptions.MaxPadding)
            yield return $"padding {Padding}";
        else if (fixedFrames > 0 && Padding != fixedFrames)
            yield return $"padding {Padding} for an input of {fixedFrames} frames";
    }

    private static NormalizationMode ReadMode(JsonCursor normalization) =>
        NormalizationModes.Find(normalization.GetString("kind"))
        ?? throw normalization.Get("kind").Unexpected("none, corpus or speaker");

    private static JsonObject DescribeNetwork(NetworkOptions options)
    {
        var layers = new LayerDescriptions();
        options.Declare().Accept(layers);
        return new()
        {
            ["name"] = NetworkVersions.Format(options.Version),

            ["layers"] = new JsonArray([.. layers.All]),
        };
    }

    private void WriteFields(Utf8JsonWriter json)
    {
        json.WriteNumber("format_version", FormatVersion);
        json.WriteStartArray("labels");
        foreach (var label in Labels)
            json.WriteStringValue(label);
        json.WriteEndArray();
        EncoderJson.Write(json, "encoder", Encoder);
        json.WriteString("takes", InputDescription);
        WriteNormalization(json);
        json.WriteNumber("temperature", Temperature);
        json.WriteBoolean("synthetic", Synthetic);
        json.WriteNumber("padding", Padding);
        json.WriteBoolean("exact_convolution", ExactConvolution);
        if (Network is not null)
        {
            json.WritePropertyName("network");
            Network.WriteTo(json);
        }
        json.WritePropertyName("training");
        Training.WriteTo(json);
        json.WriteString("version", Version);
    }

    private void WriteNormalization(Utf8JsonWriter json)
    {
        json.WriteStartObject("normalisation");
        json.WriteString("kind", NormalizationModes.Format(Normalization.Kind));
        WriteNumbers(json, "mean", Normalization.Mean);
        WriteNumbers(json, "deviation", Normalization.StandardDeviation);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, float[] values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static InvalidFileException CreateError(string path, string graphNormalization, string expected) =>
        new($"{path}:{Entry}", null, graphNormalization, expected, Remedy);
}
