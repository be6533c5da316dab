using System.Reflection;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Onnx;
using AttnCrnn.Runs;

namespace AttnCrnn.Export.Onnx;

/// <summary>
/// Exports a published classifier as ONNX, operator set 21: <c>samples</c> [samples], 16 kHz mono, to
/// <c>probabilities</c> [outputs], or to <c>values</c> [outputs] of a dimensional model. Recordings that the classifier
/// rejects give NaN. The metadata hold the labels, and what is known of the training data.
/// </summary>
public static class OnnxClassifierExporter
{
    /// <summary>The extension of the name of a classifier's file, as of models with their encoder.</summary>
    public const string Extension = ".waveform.onnx";

    /// <summary>
    /// Writes a classifier; large weights go to an external data file next to the model. The same classifier gives the
    /// same bytes.
    /// </summary>
    /// <param name="path">Output file, replaced if it exists; its folder is created if missing.</param>
    /// <exception cref="InvalidInputException">The checkpoint has changed since the classifier was opened.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static ExportResult Export(SpeechClassifier classifier, string path) =>
        Export(classifier, path, OnnxFile.MaxInlineBytes);

    internal static ExportResult Export(SpeechClassifier classifier, string path, long maxInlineBytes)
    {
        var files = OnnxFile.Write(path, classifier.WeightBytes, maxInlineBytes, graph => Add(graph, classifier));
        return new(files, [GetRange(classifier).DescribeLimit()]);
    }

    private static void Add(GraphBuilder graph, SpeechClassifier classifier)
    {
        var range = GetRange(classifier);
        var samples = graph.AddInput("samples", "samples");
        var outputs = classifier.AddToGraph(graph, range.AddPadding(graph, samples));
        graph.AddOutput(
            classifier.Output == ClassifierOutput.Values ? "values" : "probabilities",
            graph.Add(outputs, range.AddValidation(graph, samples)),
            classifier.Labels.Count
        );
        var version = new RunProgram(Assembly.GetExecutingAssembly(), TimeProvider.System).Version;
        OnnxDescription.AddClassifier(graph, classifier, version);
        OnnxDescription.AddSamples(graph, range);
    }

    private static SampleRange GetRange(SpeechClassifier classifier) =>
        new(classifier.MinSamples, classifier.MaxSamples);
}
