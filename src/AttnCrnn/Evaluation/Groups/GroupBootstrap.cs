using AttnCrnn.Evaluation.Statistics;

namespace AttnCrnn.Evaluation.Groups;

/// <summary>
/// Compares the groups of clips by the bootstrap over speakers, whose resamples all groups share: a speaker with clips
/// in two groups is drawn for both.
/// </summary>
internal sealed class GroupBootstrap
{
    private readonly IReadOnlyList<string> labels;
    private readonly int[] truth;
    private readonly bool[] correct;
    private readonly SpeakerResamples resamples;
    private readonly Func<uint, ulong, uint> randomBelow;

    /// <param name="labels">[classes].</param>
    /// <param name="predictions">One per clip.</param>
    /// <param name="randomBelow">As for <see cref="SpeakerResamples.ForEach"/>.</param>
    public GroupBootstrap(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        Func<uint, ulong, uint> randomBelow
    )
    {
        this.labels = labels;
        this.randomBelow = randomBelow;
        truth = EvaluationResult.MapTruthToIndices(labels, predictions);
        correct = [.. predictions.Select(clip => clip.IsCorrect)];
        resamples = new(predictions, SpeakerBootstrap.DefaultResamples);
    }

    /// <summary>Compares the groups of every attribute that has more than one.</summary>
    public static IReadOnlyList<GroupComparison> Compare(
        IReadOnlyList<string> labels,
        IReadOnlyList<ClipPrediction> predictions,
        Func<uint, ulong, uint> randomBelow
    )
    {
        var bootstrap = new GroupBootstrap(labels, predictions, randomBelow);
        return
        [
            .. ClipAttribute
                .List(predictions)
                .Where(attribute => attribute.Values.OfType<string>().Distinct().Skip(1).Any())
                .Select(bootstrap.Compare),
        ];
    }

    /// <summary>Compares the groups of an attribute.</summary>
    public GroupComparison Compare(ClipAttribute attribute)
    {
        var groups = attribute
            .Values.Select((name, clip) => (Name: name, Clip: clip))
            .Where(clip => clip.Name is not null)
            .GroupBy(clip => clip.Name!, clip => clip.Clip)
            .OrderBy(group => ClipAttribute.GetPlace(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new Group(group.Key, [.. group], CountUnits(group)))
            .ToList();
        var compared = groups.Where(IsLargeEnough).ToList();
        var classes = FindCommonClasses(compared);
        var metrics = classes.Count == 0 ? [] : Measure(compared, classes);
        return new()
        {
            Attribute = attribute.Name,
            Definition = attribute.Definition,
            Groups = [.. metrics.Select(group => group.Metrics)],
            Excluded =
            [
                .. groups
                    .Where(group => classes.Count == 0 || !IsLargeEnough(group))
                    .Select(group => new ExcludedGroup(group.Name, group.Clips.Length, group.Units)),
            ],
            ClipsWithoutValue = attribute.Values.Count(value => value is null),
            Classes = [.. classes.Select(label => labels[label])],
            Gap = metrics.Count < 2 ? null : MeasureGap(metrics),
        };
    }

    // A clip without a speaker is a unit of its own, as in the resamples.
    private int CountUnits(IEnumerable<int> clips) =>
        clips.Select(clip => resamples.UnitOfClip[clip]).Distinct().Count();

    private static bool IsLargeEnough(Group group) =>
        group.Clips.Length >= GroupComparison.MinClips && group.Units >= GroupComparison.MinSpeakers;

    private List<int> FindCommonClasses(List<Group> groups) =>
        groups.Count == 0
            ? []
            :
            [
                .. Enumerable
                    .Range(0, labels.Count)
                    .Where(label => groups.All(group => group.Clips.Any(clip => truth[clip] == label))),
            ];

    private List<MeasuredGroup> Measure(List<Group> groups, List<int> classes)
    {
        var recalls = groups
            .Select(group => new GroupRecall(
                [.. group.Clips.Select(clip => truth[clip])],
                [.. group.Clips.Select(clip => correct[clip])],
                [.. group.Clips.Select(clip => resamples.UnitOfClip[clip])],
                classes,
                labels.Count
            ))
            .ToList();
        double[][] uars = [.. groups.Select(_ => new double[resamples.Count])];
        double[][] accuracies = [.. groups.Select(_ => new double[resamples.Count])];
        resamples.ForEach(randomBelow, (r, counts) =>
        {
            for (var group = 0; group < groups.Count; group++)
                (uars[group][r], accuracies[group][r]) = recalls[group].Compute(counts);
        });
        int[] ones = [.. Enumerable.Repeat(1, resamples.Units)];
        return [.. groups.Select((group, i) => Describe(group, recalls[i].Compute(ones), uars[i], accuracies[i]))];
    }

    private static MeasuredGroup Describe(
        Group group,
        (double Uar, double Accuracy) value,
        double[] uars,
        double[] accuracies
    ) =>
        new(
            new(
                group.Name,
                group.Clips.Length,
                group.Units,
                value.Uar,
                BootstrapInterval.ComputeOfMetric(value.Uar, uars, group.Units),
                value.Accuracy,
                BootstrapInterval.ComputeOfMetric(value.Accuracy, accuracies, group.Units)
            ),
            uars
        );

    // The degrees of freedom are those of the group with fewer speakers, which is on the safe side.
    private static PairedDifference MeasureGap(List<MeasuredGroup> groups)
    {
        var best = groups.MaxBy(group => group.Metrics.Uar)!;
        var worst = groups.MinBy(group => group.Metrics.Uar)!;
        double[] differences = [.. best.Resampled.Zip(worst.Resampled, (high, low) => high - low)];
        var gap = best.Metrics.Uar - worst.Metrics.Uar;
        var units = Math.Min(best.Metrics.Speakers, worst.Metrics.Speakers);
        return new(gap, BootstrapInterval.ComputeOfDifference(gap, differences, units));
    }

    private sealed record Group(string Name, int[] Clips, int Units);

    private sealed record MeasuredGroup(GroupMetrics Metrics, double[] Resampled);
}
