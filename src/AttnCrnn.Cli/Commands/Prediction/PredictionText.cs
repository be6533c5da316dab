using System.Globalization;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// Path, time, label, all labels by probability, and the names of the warnings; errors are on stderr alone.
/// </summary>
/// <param name="labels">[classes].</param>
/// <param name="output">What the outputs are: values are printed in the order of the labels, without a label.</param>
/// <param name="minConfidence">Below this probability, (abstained) is printed instead of the label.</param>
internal sealed class PredictionText(
    IReadOnlyList<string> labels,
    ClassifierOutput output = ClassifierOutput.Probabilities,
    double minConfidence = 0
) : IPredictionFormat
{
    private const string Abstained = "(abstained)";

    private readonly LabelChoice choice = new(labels, output, minConfidence);

    public string? Header => null;

    public bool IsProse => true;

    public string? Format(RecordingPrediction prediction, string? plot = null)
    {
        if (prediction.Probabilities is not { } probabilities)
            return null;
        var time = prediction.StartSeconds is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $"  {prediction.StartSeconds:0.00}-{prediction.EndSeconds:0.00} s"
            );
        var warnings =
            prediction.Warnings.Count == 0
                ? ""
                : $"  [{string.Join(", ", prediction.Warnings.Select(warning => warning.Name))}]";
        if (!choice.HasProbabilities)
        {
            var values = FormatNumbers(Enumerable.Range(0, labels.Count), probabilities);
            return $"{prediction.Input.Path}{time}  {values}{warnings}";
        }
        var label = choice.Choose(probabilities) ?? Abstained;
        var ranking = Enumerable.Range(0, labels.Count).OrderByDescending(k => probabilities[k]);
        return $"{prediction.Input.Path}{time}  {label}  {FormatNumbers(ranking, probabilities)}{warnings}";
    }

    private string FormatNumbers(IEnumerable<int> indices, double[] numbers) =>
        string.Join(
            ' ',
            indices.Select(k => string.Create(CultureInfo.InvariantCulture, $"{labels[k]}={numbers[k]:0.0000}"))
        );
}
