using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Metrics;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>The label of a prediction: the most probable one, if its probability is high enough.</summary>
/// <param name="labels">[classes].</param>
/// <param name="output">What the outputs are: values have no label.</param>
/// <param name="minConfidence">Below this probability there is no label (<c>--abstain</c>).</param>
internal sealed class LabelChoice(IReadOnlyList<string> labels, ClassifierOutput output, double minConfidence)
{
    /// <summary>Whether the outputs are probabilities.</summary>
    public bool HasProbabilities => output != ClassifierOutput.Values;

    /// <summary>The label; null: none.</summary>
    public string? Choose(double[]? probabilities)
    {
        if (probabilities is null || !HasProbabilities)
            return null;
        var best = ClassProbabilities.FindMostProbable(probabilities);
        return probabilities[best] < minConfidence ? null : labels[best];
    }
}
