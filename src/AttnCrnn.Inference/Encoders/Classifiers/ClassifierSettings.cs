using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Classifiers;

/// <summary>
/// What a checkpoint's configuration says of its classification head; its tensors decide which it is.
/// </summary>
internal sealed record ClassifierSettings
{
    private const int MaxLabels = 10_000;

    /// <summary>The file that the settings are from, for messages.</summary>
    public required string File { get; init; }

    /// <summary>[classes], as published; null: the configuration has none.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>With which the labels of outputs begin that are not used; null: all are used.</summary>
    public string? UnusedLabelPrefix { get; init; }

    /// <summary>What the outputs are.</summary>
    public ClassifierOutput Output { get; init; }

    /// <summary>How a <see cref="Heads.DenseHead"/> combines frames.</summary>
    public ClassifierPooling Pooling { get; init; }

    /// <summary>Whether the head weights all hidden states.</summary>
    public bool UsesWeightedLayerSum { get; init; }

    /// <summary>Reads a config.json, under transformers' names.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    public static ClassifierSettings Read(JsonCursor json) =>
        new()
        {
            File = json.SourceFile,
            Labels = ReadLabels(json),
            Output = json.GetString("problem_type", "single_label_classification") switch
            {
                "single_label_classification" => ClassifierOutput.Probabilities,
                "multi_label_classification" => ClassifierOutput.IndependentProbabilities,
                "regression" => ClassifierOutput.Values,
                _ => throw json.Get("problem_type")
                    .Unexpected("single_label_classification, multi_label_classification or regression"),
            },
            Pooling = json.GetString("pooling_mode", "mean") switch
            {
                "mean" => ClassifierPooling.Mean,
                "sum" => ClassifierPooling.Sum,
                "max" => ClassifierPooling.Max,
                _ => throw json.Get("pooling_mode").Unexpected("mean, sum or max"),
            },
            UsesWeightedLayerSum = json.GetBoolean("use_weighted_layer_sum", false),
        };

    // The keys of id2label are the indices of the outputs, in any order.
    private static string[]? ReadLabels(JsonCursor json)
    {
        if (json.Find("id2label") is not { IsNull: false } map)
            return null;
        var fields = map.Fields.Take(MaxLabels + 1).ToList();
        if (fields.Count is 0 or > MaxLabels)
            throw map.Unexpected($"1 to {MaxLabels} labels");
        var labels = new string?[fields.Count];
        foreach (var (key, value) in fields)
        {
            if (
                !int.TryParse(key, System.Globalization.CultureInfo.InvariantCulture, out var index)
                || index < 0
                || index >= labels.Length
                || labels[index] is not null
            )
                throw value.Unexpected($"a label with an index from 0 to {labels.Length - 1}, each once");
            labels[index] = value.AsText() ?? throw value.Unexpected("a label");
        }
        return labels!;
    }
}

/// <summary>How frames are combined to one vector.</summary>
internal enum ClassifierPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The maximum of each feature.</summary>
    Max,
}
