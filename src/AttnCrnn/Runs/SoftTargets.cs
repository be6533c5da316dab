using AttnCrnn.Corpora;
using AttnCrnn.Features;
using AttnCrnn.Metrics;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>Soft targets of an experiment: the distributions of the raters' votes over the classes.</summary>
public sealed class SoftTargets
{
    private readonly float[]?[] targets;

    private SoftTargets(float[]?[] targets) => this.targets = targets;

    /// <summary>[clips of the store], each [classes], with the sum 1; null without votes for a class.</summary>
    public IReadOnlyList<float[]?> Targets => targets;

    /// <summary>Clips with a class.</summary>
    public int ClipCount { get; private init; }

    /// <summary>Clips with a class whose targets are votes; the label is the target of the others.</summary>
    public int ClipsWithVotes { get; private init; }

    /// <summary>Clips whose label does not have the most votes, or shares them with another class.</summary>
    public int ClipsWithOtherMajority { get; private init; }

    /// <summary>
    /// Votes of clips with a class for labels that are no class, the most first: they are left out of the targets.
    /// </summary>
    public IReadOnlyList<LabelVote> ExcludedVotes { get; private init; } = [];

    /// <summary>Votes of clips with a class, of all labels.</summary>
    public double VoteCount { get; private init; }

    /// <summary>Computes the targets of the clips that have a class.</summary>
    /// <param name="labelOfClip">[clips of the store], null for a clip without a class.</param>
    /// <exception cref="InvalidOptionsException">No clip has votes for a class.</exception>
    internal static SoftTargets Compute(
        FeatureStore store,
        string?[] labelOfClip,
        LabelRules rules,
        IReadOnlyList<string> classes
    )
    {
        var targets = new float[]?[labelOfClip.Length];
        var otherMajority = 0;
        for (var clip = 0; clip < targets.Length; clip++)
        {
            if (
                labelOfClip[clip] is not { } label
                || VoteDistribution.Compute(store.Clips[clip].Votes, rules, classes) is not { } distribution
            )
                continue;
            targets[clip] = [.. distribution.Select(value => (float)value)];
            if (VoteMetrics.FindMajority(distribution) is not { } majority || classes[majority] != label)
                otherMajority++;
        }
        var labeled = labelOfClip.Count(label => label is not null);
        var voted = targets.Count(target => target is not null);
        if (voted == 0)
            InvalidOptionsException.ThrowIfAny([
                new(
                    OptionKeys.Targets,
                    "soft",
                    $"none of {labeled} clips has votes of raters; extract a corpus or a manifest with votes again, "
                        + "or use hard"
                ),
            ]);
        LabelVotes?[] votes =
        [
            .. store.Clips.Where((_, clip) => labelOfClip[clip] is not null).Select(clip => clip.Votes),
        ];
        return new(targets)
        {
            ExcludedVotes = VoteDistribution.CountExcluded(votes, rules, classes),
            VoteCount = votes.OfType<LabelVotes>().Sum(clip => clip.Votes.Sum(vote => vote.Count)),
            ClipCount = labeled,
            ClipsWithVotes = voted,
            ClipsWithOtherMajority = otherMajority,
        };
    }
}
