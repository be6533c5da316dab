using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation.Statistics;

/// <summary>
/// Metrics of resamples of one set of clips: a resample is the number of times each speaker was drawn, and a clip
/// counts as often as its speaker. Clips are sorted only once, so that 2,000 resamples of 1,200 clips take a fraction
/// of a second. A class without clips in a resample is excluded from that resample's means.
/// </summary>
internal sealed class BootstrapMetrics
{
    private readonly int classes;
    private readonly int[] unitOfClip;
    private readonly int[] cellOfClip;
    private readonly bool[] hasClips;
    private readonly bool[] averaged;
    private readonly int[] counts;
    private readonly Ranking[] rankings;

    public BootstrapMetrics(int[] truth, IReadOnlyList<ClipPrediction> predictions, int classes, int[] unitOfClip)
    {
        this.classes = classes;
        this.unitOfClip = unitOfClip;
        cellOfClip =
        [
            .. truth.Select(
                (t, i) => (t * classes) + ClassProbabilities.FindMostProbable(predictions[i].Probabilities)
            ),
        ];
        hasClips = [.. Enumerable.Range(0, classes).Select(k => truth.Contains(k))];
        averaged = new bool[classes];
        counts = new int[classes * classes];
        rankings =
        [
            .. Enumerable
                .Range(0, classes)
                .Select(k => new Ranking(
                    [.. predictions.Select(clip => clip.Probabilities[k])],
                    [.. truth.Select(t => t == k)],
                    unitOfClip
                )),
        ];
    }

    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    public (double Uar, double Accuracy, double MacroF1, double MacroAuc) Compute(int[] unitCounts)
    {
        Array.Clear(counts);
        for (int i = 0; i < cellOfClip.Length; i++)
            counts[cellOfClip[i]] += unitCounts[unitOfClip[i]];

        double aucSum = 0;
        int definedCount = 0;
        for (int k = 0; k < classes; k++)
        {
            bool present = ConfusionMetrics.CountSupport(counts, classes, k) > 0;
            averaged[k] = present || !hasClips[k];
            if (!present)
                continue;
            double auc = rankings[k].ComputeAuc(unitCounts);
            if (double.IsNaN(auc))
                continue;
            aucSum += auc;
            definedCount++;
        }
        return (
            ConfusionMetrics.ComputeUar(counts, classes),
            ConfusionMetrics.ComputeAccuracy(counts, classes),
            ConfusionMetrics.ComputeMacroF1(counts, classes, averaged),
            definedCount == 0 ? double.NaN : aucSum / definedCount
        );
    }

    /// <summary>Clips in ascending order of a class's probability.</summary>
    private sealed class Ranking
    {
        private readonly int[] unit;
        private readonly bool[] inClass;
        private readonly bool[] lastOfTie;

        public Ranking(double[] scores, bool[] inClass, int[] unitOfClip)
        {
            int[] order = [.. Enumerable.Range(0, scores.Length).OrderBy(i => scores[i])];
            unit = [.. order.Select(i => unitOfClip[i])];
            this.inClass = [.. order.Select(i => inClass[i])];
            lastOfTie =
            [
                .. order.Select((clip, rank) => rank + 1 == order.Length || scores[order[rank + 1]] != scores[clip]),
            ];
        }

        /// <summary>
        /// Fraction of correctly ordered (clip of the class, other clip) pairs, ties counting half; NaN without pairs.
        /// </summary>
        public double ComputeAuc(int[] unitCounts)
        {
            long twicePairs = 0;
            long positives = 0;
            long negatives = 0;
            long tiedPositives = 0;
            long tiedNegatives = 0;
            for (int i = 0; i < unit.Length; i++)
            {
                if (inClass[i])
                    tiedPositives += unitCounts[unit[i]];
                else
                    tiedNegatives += unitCounts[unit[i]];
                if (!lastOfTie[i])
                    continue;
                twicePairs += tiedPositives * ((2 * negatives) + tiedNegatives);
                positives += tiedPositives;
                negatives += tiedNegatives;
                tiedPositives = tiedNegatives = 0;
            }
            return positives == 0 || negatives == 0 ? double.NaN : twicePairs / (2.0 * positives * negatives);
        }
    }
}
