namespace AttnCrnn.Corpora;

/// <summary>The distribution of a clip's votes over the classes of an experiment.</summary>
internal static class VoteDistribution
{
    /// <summary>
    /// Votes after the rules, normalized. Votes for labels that the rules exclude, or that are no class, are left out.
    /// </summary>
    /// <param name="votes">Votes of the clip; null: none.</param>
    /// <param name="classes">[classes], all different.</param>
    /// <returns>[classes], with the sum 1; null if no vote is left.</returns>
    public static double[]? Compute(LabelVotes? votes, LabelRules rules, IReadOnlyList<string> classes)
    {
        if (votes is null)
            return null;
        var distribution = new double[classes.Count];
        foreach (var vote in votes.Votes)
            if (rules.Apply(vote.Label) is { } label && FindClass(classes, label) is var index and >= 0)
                distribution[index] += vote.Count;
        var sum = distribution.Sum();
        if (sum == 0)
            return null;
        for (var k = 0; k < distribution.Length; k++)
            distribution[k] /= sum;
        return distribution;
    }

    /// <summary>The votes for labels that the rules exclude, or that are no class, the most first.</summary>
    public static IReadOnlyList<LabelVote> CountExcluded(
        IEnumerable<LabelVotes?> votes,
        LabelRules rules,
        IReadOnlyList<string> classes
    ) =>
        [
            .. votes
                .OfType<LabelVotes>()
                .SelectMany(clip => clip.Votes)
                .Where(vote => rules.Apply(vote.Label) is not { } label || FindClass(classes, label) < 0)
                .GroupBy(vote => vote.Label)
                .Select(label => new LabelVote(label.Key, label.Sum(vote => vote.Count)))
                .OrderByDescending(label => label.Count)
                .ThenBy(label => label.Label, StringComparer.Ordinal),
        ];

    private static int FindClass(IReadOnlyList<string> classes, string label)
    {
        for (var k = 0; k < classes.Count; k++)
            if (classes[k] == label)
                return k;
        return -1;
    }
}
