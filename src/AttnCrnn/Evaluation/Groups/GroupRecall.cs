namespace AttnCrnn.Evaluation.Groups;

/// <summary>UAR and accuracy of a group's clips in resamples of speakers.</summary>
internal sealed class GroupRecall
{
    private readonly (int Unit, int Label, int Clips, int Correct)[] entries;
    private readonly IReadOnlyList<int> averaged;
    private readonly int classes;

    /// <param name="truth">[clips], class indices.</param>
    /// <param name="isCorrect">[clips], whether the prediction is the class.</param>
    /// <param name="unitOfClip">[clips], the unit of resampling.</param>
    /// <param name="averaged">The classes over which UAR is a mean.</param>
    /// <param name="classes">Number of classes.</param>
    public GroupRecall(int[] truth, bool[] isCorrect, int[] unitOfClip, IReadOnlyList<int> averaged, int classes)
    {
        this.averaged = averaged;
        this.classes = classes;
        entries =
        [
            .. Enumerable
                .Range(0, truth.Length)
                .GroupBy(clip => (Unit: unitOfClip[clip], Label: truth[clip]))
                .OrderBy(clips => clips.Key)
                .Select(clips =>
                    (clips.Key.Unit, clips.Key.Label, clips.Count(), clips.Count(clip => isCorrect[clip]))
                ),
        ];
    }

    /// <summary>Computes both; NaN if the resample has no clip of the group, or none of the averaged classes.</summary>
    /// <param name="unitCounts">[units], number of times each was drawn.</param>
    public (double Uar, double Accuracy) Compute(int[] unitCounts)
    {
        var support = new long[classes];
        var correct = new long[classes];
        foreach (var (unit, label, clips, correctClips) in entries)
        {
            support[label] += (long)unitCounts[unit] * clips;
            correct[label] += (long)unitCounts[unit] * correctClips;
        }
        var recalls = 0.0;
        var present = 0;
        foreach (var label in averaged)
            if (support[label] > 0)
            {
                recalls += (double)correct[label] / support[label];
                present++;
            }
        return (recalls / present, (double)correct.Sum() / support.Sum());
    }
}
