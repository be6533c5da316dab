namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// The paired bootstrap over speakers: in each resample, both evaluations have the clips of the same drawn speakers, so
/// that what makes a speaker hard for both cancels out of the difference.
/// </summary>
internal static class PairedBootstrap
{
    /// <param name="count">Number of resamples, at least 1.</param>
    /// <param name="randomBelow">As for <see cref="SpeakerResamples.ForEach"/>.</param>
    public static (PairedDifference Uar, PairedDifference Accuracy) Compute(
        IReadOnlyList<(ClipPrediction First, ClipPrediction Second)> pairs,
        int count,
        Func<uint, ulong, uint> randomBelow
    )
    {
        var resamples = new SpeakerResamples([.. pairs.Select(pair => pair.First)], count);
        var labels = pairs
            .Select(pair => pair.First.Truth)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .Select((label, index) => (label, index))
            .ToDictionary(pair => pair.label, pair => pair.index);
        var clips = pairs
            .Select(
                (pair, i) =>
                    (
                        Unit: resamples.UnitOfClip[i],
                        Class: labels[pair.First.Truth],
                        First: pair.First.IsCorrect,
                        Second: pair.Second.IsCorrect
                    )
            )
            .ToArray();
        var (uar, accuracy) = Measure([.. Enumerable.Repeat(1, resamples.Units)]);
        var uars = new double[resamples.Count];
        var accuracies = new double[resamples.Count];
        resamples.ForEach(randomBelow, (r, counts) => (uars[r], accuracies[r]) = Measure(counts));
        return (new(uar, ComputeInterval(uar, uars)), new(accuracy, ComputeInterval(accuracy, accuracies)));

        ConfidenceInterval? ComputeInterval(double value, double[] resampled) =>
            resamples.Count == 0 ? null : BootstrapInterval.ComputeOfDifference(value, resampled, resamples.Units);

        // A class without clips in a resample is excluded from its mean.
        (double Uar, double Accuracy) Measure(int[] counts)
        {
            var support = new long[labels.Count];
            var gain = new long[labels.Count]; // correct predictions of the first minus those of the second
            foreach (var (unit, label, first, second) in clips)
            {
                support[label] += counts[unit];
                if (first != second)
                    gain[label] += first ? counts[unit] : -counts[unit];
            }
            var recalls = 0.0;
            var classes = 0;
            for (var k = 0; k < support.Length; k++)
                if (support[k] > 0)
                {
                    recalls += (double)gain[k] / support[k];
                    classes++;
                }
            return (recalls / classes, (double)gain.Sum() / support.Sum());
        }
    }
}
