using System.Globalization;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Metrics;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>Path, time, label, and all labels by probability; errors are on stderr alone.</summary>
/// <param name="labels">[classes].</param>
/// <param name="output">What the outputs are: values are printed in the order of the labels, without a label.</param>
internal sealed class PredictionText(
    IReadOnlyList<string> labels,
    ClassifierOutput output = ClassifierOutput.Probabilities
) : IPredictionFormat
{
    public string? Header => null;

    public bool IsProse => true;

    public string? Format(RecordingPrediction prediction)
    {
        if (prediction.Probabilities is not { } probabilities)
            return null;
        var time = prediction.StartSeconds is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"  {prediction.StartSeconds:0.00}-{prediction.EndSeconds:0.00} s"
            );
        if (output == ClassifierOutput.Values)
            return $"{prediction.Input.Path}{time}  {FormatNumbers(Enumerable.Range(0, labels.Count), probabilities)}";
        var label = labels[ClassProbabilities.FindMostProbable(probabilities)];
        var ranking = Enumerable.Range(0, labels.Count).OrderByDescending(k => probabilities[k]);
        return $"{prediction.Input.Path}{time}  {label}  {FormatNumbers(ranking, probabilities)}";
    }

    private string FormatNumbers(IEnumerable<int> indices, double[] numbers) =>
        string.Join(
            ' ',
            indices.Select(k => string.Create(CultureInfo.InvariantCulture, $"{labels[k]}={numbers[k]:0.0000}"))
        );
}
