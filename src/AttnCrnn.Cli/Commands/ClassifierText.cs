using AttnCrnn.Encoders.Classifiers;

namespace AttnCrnn.Cli.Commands;

/// <summary>What is said of a published classifier before it is used.</summary>
internal static class ClassifierText
{
    /// <summary>Its name, its type, and what its authors say of its training data.</summary>
    public static string Describe(SpeechClassifier classifier)
    {
        var training = PublishedTraining.Find(classifier.Name) is { } published
            ? $"trained on {published.Description}, as its authors say"
            : "its training data are unknown";
        return $"{classifier.Name} ({classifier.ModelType}, {classifier.Labels.Count} outputs): {training}; on the "
            + "corpora that it was trained on, its results are better than on others";
    }
}
