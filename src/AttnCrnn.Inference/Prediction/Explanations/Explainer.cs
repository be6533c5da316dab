using AttnCrnn.Audio;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Prediction.Explanations;

/// <summary>Explains predictions of a model.</summary>
/// <param name="path">The recording, for messages; null: it has no name.</param>
/// <param name="speaker">Statistics of its speaker; null: those of the training corpus.</param>
internal sealed class Explainer(IRecordingModel model, string? path, FeatureNormalization? speaker)
{
    private const int OcclusionSamples = (int)(Explanation.OcclusionSeconds * Waveform.SampleRateHz);

    /// <param name="samples">[samples], 16 kHz mono, finite; not changed later.</param>
    /// <param name="prepared">What <paramref name="samples"/> are predicted from; null: it is prepared here.</param>
    /// <exception cref="InvalidInputException">
    /// The samples are too many or too few, or the model predicts values without classes.
    /// </exception>
    public Explanation Explain(ReadOnlyMemory<float> samples, ModelInput? prepared, CancellationToken cancellationToken)
    {
        RequireExplainable(samples.Length);
        var input = prepared ?? model.Prepare(samples, path, cancellationToken);
        var probabilities = model.Predict(input, speaker);
        var predicted = ClassProbabilities.FindMostProbable(probabilities);
        return new()
        {
            Waveform = samples,
            Probabilities = probabilities,
            PredictedClass = predicted,
            Attention = model.ComputeAttention(input, speaker),
            ProbabilityLost =
            [
                .. Enumerable
                    .Range(0, CountParts(samples.Length))
                    .Select(part => probabilities[predicted] - Occlude(samples, part, cancellationToken)[predicted]),
            ],
        };
    }

    private static int CountParts(int samples) => (samples + OcclusionSamples - 1) / OcclusionSamples;

    private double[] Occlude(ReadOnlyMemory<float> samples, int part, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var occluded = samples.ToArray();
        var first = part * OcclusionSamples;
        occluded.AsSpan(first, Math.Min(OcclusionSamples, occluded.Length - first)).Clear();
        return model.Predict(model.Prepare(occluded, path, cancellationToken), speaker);
    }

    private void RequireExplainable(int samples)
    {
        if (model.Output == ClassifierOutput.Values)
            throw new InvalidInputException(
                $"the model predicts values ({string.Join(", ", model.Labels)}), not classes: there is no probability "
                    + "to explain"
            );
        var seconds = (double)samples / Waveform.SampleRateHz;
        if (seconds > Explanation.MaxSeconds)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{seconds:0.0} s, and at most {Explanation.MaxSeconds:0} s are explained at once, since they are "
                        + $"encoded again for each half second: explain windows of it ({OptionKeys.Window})"
                )
            );
    }
}
