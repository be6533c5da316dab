using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Classifiers;

namespace AttnCrnn.Cli.Commands;

/// <summary>What is known about a published classifier.</summary>
internal static class ClassifierDetails
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Title and text of each line.</summary>
    public static IEnumerable<KeyValuePair<string, string>> List(SpeechClassifier classifier)
    {
        yield return new("classifier", classifier.Name);
        yield return new("revision", classifier.Revision);
        yield return new("type", classifier.ModelType);
        yield return new("outputs", DescribeOutput(classifier.Output));
        yield return new("labels", string.Join(", ", classifier.Labels));
        if (!classifier.Labels.SequenceEqual(classifier.PublishedLabels))
            yield return new("published as", string.Join(", ", classifier.PublishedLabels));
        yield return new("training data", DescribeTraining(classifier));
        yield return new(
            "limit",
            "on the corpora that it was trained on, its results are better than on others; attn-crnn has not "
                + "evaluated it"
        );
    }

    /// <summary>The same as one JSON object.</summary>
    public static string Serialize(SpeechClassifier classifier) =>
        new JsonObject
        {
            ["name"] = classifier.Name,
            ["revision"] = classifier.Revision,
            ["type"] = classifier.ModelType,
            ["outputs"] = DescribeOutput(classifier.Output),
            ["labels"] = CreateStrings(classifier.Labels),
            ["published_labels"] = CreateStrings(classifier.PublishedLabels),
            ["training_data"] = PublishedTraining.Find(classifier.Name)?.Description,
        }.ToJsonString(Readable);

    private static string DescribeTraining(SpeechClassifier classifier) =>
        PublishedTraining.Find(classifier.Name) is { } published
            ? $"{published.Description}, as its authors say"
            : "unknown";

    private static string DescribeOutput(ClassifierOutput output) =>
        output switch
        {
            ClassifierOutput.Probabilities => "probabilities",
            ClassifierOutput.Values => "values",
            _ => "independent probabilities",
        };

    private static JsonArray CreateStrings(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
