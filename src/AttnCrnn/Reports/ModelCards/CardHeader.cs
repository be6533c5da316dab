using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>
/// The header of a card for the Hugging Face hub (huggingface.co/docs/hub/model-cards): YAML between two lines of
/// hyphens. Every text is a double-quoted scalar as in JSON, which YAML 1.2 includes, so that no label or name can
/// become another type or end the header.
/// </summary>
internal static class CardHeader
{
    private const string UnnamedCorpus = "recordings that the author does not name";

    private static readonly string[] Tags =
    [
        "speech-emotion-recognition",
        "audio-classification",
        "speech",
        "keras",
        "onnx",
    ];

    private static readonly string Delimiter = new('-', 3);

    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The header, with its two delimiters.</summary>
    public static string Format(ModelCard card)
    {
        var yaml = new StringBuilder().Append(Delimiter).Append('\n');
        if (card.License is { } license)
            yaml.Append(CultureInfo.InvariantCulture, $"license: {Quote(license)}\n");
        yaml.Append("library_name: \"attn-crnn\"\npipeline_tag: \"audio-classification\"\n");
        AppendList(yaml, "tags", Tags);
        var training = card.TrainingCorpora ?? (card.IsOfEvaluatedCorpora ? card.Corpora : CardCorpora.None);
        if (training.Descriptions.Count > 0)
            AppendList(yaml, "datasets", training.Descriptions.Select(corpus => corpus.Name));
        if (card.Metrics is { } metrics)
        {
            AppendList(yaml, "metrics", ["recall", "accuracy", "f1"]);
            AppendResults(yaml, card, metrics.Summary);
        }
        return yaml.Append(Delimiter).Append('\n').ToString();
    }

    private static void AppendList(StringBuilder yaml, string key, IEnumerable<string> items)
    {
        yaml.Append(CultureInfo.InvariantCulture, $"{key}:\n");
        foreach (var item in items)
            yaml.Append(CultureInfo.InvariantCulture, $"- {Quote(item)}\n");
    }

    private static void AppendResults(StringBuilder yaml, ModelCard card, MetricsSummary summary)
    {
        var corpora = card.IsSynthetic
            ? "synthetic speech"
            : string.Join(
                ", ",
                [
                    .. card.Corpora.Descriptions.Select(corpus => corpus.Name),
                    .. card.Corpora.HasOther || card.Corpora.Descriptions.Count == 0 ? (string[])[UnnamedCorpus] : [],
                ]
            );
        yaml.Append(CultureInfo.InvariantCulture, $"model-index:\n- name: {Quote(card.Name)}\n  results:\n  - task:\n");
        yaml.Append("      type: \"audio-classification\"\n      name: \"Speech emotion recognition\"\n");
        yaml.Append("    dataset:\n");
        yaml.Append(CultureInfo.InvariantCulture, $"      name: {Quote(corpora)}\n      type: {Quote(corpora)}\n");
        yaml.Append("    metrics:\n");
        AppendMetric(yaml, "recall", "UAR (unweighted average recall)", summary.Uar, summary.UarInterval);
        AppendMetric(yaml, "accuracy", "Accuracy", summary.Accuracy, summary.AccuracyInterval);
        AppendMetric(yaml, "f1", "Macro F1", summary.MacroF1, summary.MacroF1Interval);
    }

    // The hub has no field for an interval: it is part of the name, which its tables show.
    private static void AppendMetric(
        StringBuilder yaml,
        string type,
        string name,
        double value,
        ConfidenceInterval? interval
    )
    {
        if (!double.IsFinite(value))
            return;
        var shown = interval is { } bounds ? $"{name}, 95% CI {CardNumbers.FormatInterval(bounds)}" : name;
        yaml.Append(
            CultureInfo.InvariantCulture,
            $"    - type: {Quote(type)}\n      name: {Quote(shown)}\n      value: {CardNumbers.Format(value)}\n"
        );
    }

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString(Quoted);
}
