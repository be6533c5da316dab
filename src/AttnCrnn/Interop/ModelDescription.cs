using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

/// <summary>What this program adds to an archive, as attn_crnn.json: all that it needs, and that Keras' own entries do not say.</summary>
/// <param name="Takes">For people: the frames that the graph takes.</param>
/// <param name="Normalisation">Its kind; figures only where they are not in the graph.</param>
internal sealed record ModelDescription(
    IReadOnlyList<string> Labels,
    EncoderDescription Encoder,
    string Takes,
    Normalisation Normalisation,
    double Temperature,
    bool Synthetic,
    int Padding,
    bool ExactConvolution,
    JsonObject Training,
    string Version
)
{
    /// <summary>The archive's entry.</summary>
    public const string Entry = "attn_crnn.json";

    private const string Remedy =
        "train again, or remove the entry with  zip -d FILE attn_crnn.json  and name the labels with --labels";

    private static readonly JsonWriterOptions Readable = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The description of a model.</summary>
    public static ModelDescription Of(SavedModel model)
    {
        var isInGraph = model.Normalisation.Kind == "corpus";
        var takes = model.Normalisation.Kind switch
        {
            "corpus" => "frames as the encoder makes them: the graph begins with their normalisation",
            "speaker" =>
                "frames already normalised, each clip by its own speaker's mean and deviation; those under normalisation are for clips whose speaker has none",
            _ => "frames as the encoder makes them",
        };
        if (model.Padding > 0)
            takes +=
                $"; every clip padded at its end to {model.Padding} frames with {(isInGraph && !model.IsFixedLength ? "the normalisation's mean" : "zeros")}";
        return new(
            model.Labels,
            model.Encoder,
            takes,
            isInGraph ? new("corpus", [], []) : model.Normalisation,
            model.Temperature,
            model.Synthetic,
            model.Padding,
            model.Network.ExactConvolution,
            model.Training,
            model.Version
        );
    }

    public byte[] Json()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteStartArray("labels");
            foreach (var label in Labels)
                json.WriteStringValue(label);
            json.WriteEndArray();
            EncoderJson.Write(json, "encoder", Encoder);
            json.WriteString("takes", Takes);
            WriteNormalisation(json);
            json.WriteNumber("temperature", Temperature);
            json.WriteBoolean("synthetic", Synthetic);
            json.WriteNumber("padding", Padding);
            json.WriteBoolean("exact_convolution", ExactConvolution);
            json.WritePropertyName("training");
            Training.WriteTo(json);
            json.WriteString("version", Version);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }

    /// <exception cref="BadFileException">It cannot be read.</exception>
    public static ModelDescription Read(string path, byte[] text)
    {
        using var document = KerasJson.Parse($"{path}:{Entry}", text);
        try
        {
            var json = new JsonFields(document.RootElement, "the description");
            var normalisation = json.GetFields("normalisation");
            return new(
                json.GetStrings("labels"),
                EncoderJson.Read(json.GetFields("encoder")),
                json.GetString("takes"),
                new(
                    normalisation.GetString("kind"),
                    normalisation.GetSingles("mean"),
                    normalisation.GetSingles("deviation")
                ),
                json.GetDouble("temperature"),
                json.GetBoolean("synthetic"),
                json.GetInt32("padding"),
                json.GetBoolean("exact_convolution"),
                json.GetObject("training"),
                json.GetString("version")
            );
        }
        catch (JsonException fault)
        {
            throw Bad(
                path,
                $"a description that cannot be read ({fault.Message.Split('.')[0]})",
                "the one that train saves"
            );
        }
    }

    /// <summary>The model, with what the graph says.</summary>
    /// <param name="found">The normalisation in the graph; null: none.</param>
    /// <exception cref="BadFileException">Description and graph contradict each other, or the description itself.</exception>
    public SavedModel Join(string path, KerasNetwork network, Normalisation? found, DateTime saved)
    {
        var errors = Errors(network.Options, network.FixedFrames, found is not null).ToList();
        if (errors.Count > 0)
            throw Bad(path, string.Join("; ", errors), "a description that fits itself and the graph");
        return new(
            network.Options with
            {
                ExactConvolution = ExactConvolution,
            },
            Labels,
            Encoder,
            found ?? Normalisation,
            Temperature,
            Synthetic,
            Padding,
            Training,
            Version
        )
        {
            IsFixedLength = network.FixedFrames > 0,
            Saved = saved,
        };
    }

    /// <summary>All that is wrong with it.</summary>
    /// <param name="fixedFrames">The fixed length of the graph's input; 0: none.</param>
    /// <param name="isNormalised">Whether the graph normalises.</param>
    public IEnumerable<string> Errors(NetworkOptions of, int fixedFrames, bool isNormalised)
    {
        var scale = Normalisation;
        if (Labels.Count != of.Classes || Labels.Distinct().Count() != Labels.Count)
            yield return $"{Labels.Count} labels for {of.Classes} classes";
        if (Labels.FirstOrDefault(label => !InputFile.IsPlain(label)) is { } odd)
            yield return $"{InputFile.Quote(odd)} as a label";
        if (
            ((string[])[Encoder.Name, Encoder.Revision, Encoder.Layers, Version]).Any(text =>
                text.Length > 0 && !InputFile.IsPlain(text)
            )
            || Encoder.Name.Length == 0
        )
            yield return $"{InputFile.Quote($"{Encoder}")} as an encoder, by version {InputFile.Quote(Version)}";
        if (Encoder.Width < 1 || Encoder.LayerCount < 1 || (long)Encoder.Width * Encoder.LayerCount != of.FrameWidth)
            yield return $"frames {Encoder.Width} x {Encoder.LayerCount} wide for a network of {of.FrameWidth}";
        else if (of.Layers != 1 && of.Layers != Encoder.LayerCount)
            yield return $"a mix of {of.Layers} layers for frames of {Encoder.LayerCount}";
        var length = scale.Kind == "speaker" ? of.FrameWidth : 0; // the corpus' figures are in the graph
        var isWhole =
            scale.Mean.Length == length
            && scale.Deviation.Length == length
            && scale.Mean.All(float.IsFinite)
            && scale.Deviation.All(value => value > 0 && float.IsFinite(value));
        if (!isWhole || scale.Kind is not ("none" or "corpus" or "speaker") || (scale.Kind == "corpus") != isNormalised)
            yield return $"normalisation '{scale.Kind}' of {scale.Mean.Length} features, and {(isNormalised ? "one" : "none")} in the graph";
        if (Temperature is not (> 0 and < 1000))
            yield return $"temperature {Temperature}";
        if (Padding is < 0 or > NetworkOptions.MostPadding)
            yield return $"padding {Padding}";
        else if (fixedFrames > 0 && Padding != fixedFrames)
            yield return $"padding {Padding} for an input of {fixedFrames} frames";
    }

    private void WriteNormalisation(Utf8JsonWriter json)
    {
        json.WriteStartObject("normalisation");
        json.WriteString("kind", Normalisation.Kind);
        WriteNumbers(json, "mean", Normalisation.Mean);
        WriteNumbers(json, "deviation", Normalisation.Deviation);
        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string key, float[] values)
    {
        json.WriteStartArray(key);
        foreach (var value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static BadFileException Bad(string path, string found, string expected) =>
        new($"{path}:{Entry}", null, found, expected, Remedy);
}
