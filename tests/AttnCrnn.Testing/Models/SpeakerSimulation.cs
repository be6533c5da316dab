using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;

namespace AttnCrnn.Testing.Models;

/// <summary>
/// Test sets of simulated speakers whose metrics in the population are known, to measure how often an interval contains
/// them. A mixed-effects multinomial logit model, which is not the model of any bootstrap: the logit of a clip's true
/// class has a fixed effect of the class, a normal random effect of the speaker, and one of the speaker and the class;
/// each speaker also prefers classes, whatever is said. Given these effects, clips are independent. Numbers of clips
/// are Poisson, and classes unbalanced, so that UAR and accuracy differ.
/// </summary>
internal sealed class SpeakerSimulation
{
    private const double SpeakerDeviation = 0.8;
    private const double ClassDeviation = 0.6;
    private const double PreferenceDeviation = 0.3;
    private const int PopulationSpeakers = 200_000;

    private static readonly double[] MeanClips = [10, 6, 5, 3]; // of a speaker, by class
    private static readonly double[] MeanAdvantage = [2.0, 1.2, 1.6, 0.9]; // logit of the true class
    private static readonly int Classes = MeanClips.Length;

    /// <param name="seed">Of the population's metrics; test sets have their own.</param>
    public SpeakerSimulation(int seed)
    {
        var random = new Random(seed);
        var confusion = new double[Classes, Classes];
        for (var speaker = 0; speaker < PopulationSpeakers; speaker++)
        {
            var effects = DrawSpeaker(random);
            for (var truth = 0; truth < Classes; truth++)
            {
                var probabilities = ComputeSoftmax(effects[truth]);
                for (var k = 0; k < Classes; k++)
                    confusion[truth, k] += MeanClips[truth] * probabilities[k];
            }
        }
        (Recalls, Accuracy, MacroF1) = ComputeMetrics(confusion);
    }

    /// <summary>Unweighted average recall in the population.</summary>
    public double Uar => Recalls.Average();

    /// <summary>[classes], recall in the population.</summary>
    public double[] Recalls { get; }

    /// <summary>Accuracy in the population.</summary>
    public double Accuracy { get; }

    /// <summary>Macro F1 in the population.</summary>
    public double MacroF1 { get; }

    /// <summary>[classes].</summary>
    public static string[] Labels => PredictionBuilder.Labels;

    /// <summary>Draws the predictions of a test set of new speakers.</summary>
    public static ClipPrediction[] Draw(int seed, int speakers)
    {
        var random = new Random(seed);
        List<ClipPrediction> clips = [];
        for (var speaker = 0; speaker < speakers; speaker++)
        {
            var effects = DrawSpeaker(random);
            for (var truth = 0; truth < Classes; truth++)
            for (var clip = DrawPoisson(random, MeanClips[truth]); clip > 0; clip--)
            {
                double[] logits = [.. effects[truth].Select(logit => logit + DrawGumbel(random))];
                clips.Add(
                    PredictionBuilder.Clip(
                        $"/{speaker}/{truth}_{clip}.wav",
                        $"s{speaker}",
                        truth,
                        ComputeSoftmax(logits)
                    )
                );
            }
        }
        return [.. clips];
    }

    // [true class][class], logits of a speaker's clips: the most probable class of logits with Gumbel noise has the
    // distribution of their softmax.
    private static double[][] DrawSpeaker(Random random)
    {
        var speaker = SpeakerDeviation * DrawNormal(random);
        double[] ofClass = [.. MeanClips.Select(_ => ClassDeviation * DrawNormal(random))];
        double[] preference = [.. MeanClips.Select(_ => PreferenceDeviation * DrawNormal(random))];
        return
        [
            .. Enumerable
                .Range(0, Classes)
                .Select(truth =>
                    preference
                        .Select(
                            (logit, k) => logit + (k == truth ? MeanAdvantage[truth] + speaker + ofClass[truth] : 0)
                        )
                        .ToArray()
                ),
        ];
    }

    private static (double[] Recalls, double Accuracy, double MacroF1) ComputeMetrics(double[,] confusion)
    {
        int[] labels = [.. Enumerable.Range(0, Classes)];
        double[] support = [.. labels.Select(k => labels.Sum(other => confusion[k, other]))];
        double[] predicted = [.. labels.Select(k => labels.Sum(other => confusion[other, k]))];
        return (
            [.. labels.Select(k => confusion[k, k] / support[k])],
            labels.Sum(k => confusion[k, k]) / support.Sum(),
            labels.Average(k => 2 * confusion[k, k] / (support[k] + predicted[k]))
        );
    }

    private static double[] ComputeSoftmax(double[] logits) => Temperature.ComputeSoftmax(logits, inverse: 1);

    // Box and Muller 1958.
    private static double DrawNormal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static double DrawGumbel(Random random) => -Math.Log(-Math.Log(1 - random.NextDouble()));

    // Knuth: The Art of Computer Programming, volume 2, 3.4.1.
    private static int DrawPoisson(Random random, double mean)
    {
        var limit = Math.Exp(-mean);
        var count = 0;
        for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
            count++;
        return count;
    }
}
