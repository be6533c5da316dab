using AttnCrnn.Corpora.Layouts;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Readers;

/// <summary>Assigns the clips of a corpus to the subsets of a customary protocol.</summary>
internal static class ProtocolAssignment
{
    /// <summary>
    /// The clips in the subsets of the protocol that the options name; without one, in those that the corpus' own
    /// folders or tables name, if it has any. A notice says how many clips are in which subset.
    /// </summary>
    /// <exception cref="InvalidInputException">The corpus has no such protocol.</exception>
    public static CorpusClips Apply(CorpusDescription corpus, CorpusClips clips, CorpusReadOptions options)
    {
        if (options.DisregardsSplits)
            return clips.Clips.Count(clip => clip.Split is not null) is > 0 and var split
                ? clips with
                {
                    Notices =
                    [
                        .. clips.Notices,
                        $"{corpus.Name}: the published subsets of {split} clips are not used, as asked for",
                    ],
                }
                : clips;
        if (options.Protocol is not { } name)
            return clips.Clips.Any(clip => clip.Split is not null)
                ? AddNotice(clips, corpus, "split as published with the corpus")
                : clips;
        var protocol = corpus.FindProtocol(name) ?? throw CreateUnknownError(corpus, name);
        var assigned = clips with
        {
            Clips = [.. clips.Clips.Select(clip => clip with { Split = protocol.Assign(clip) })],
        };
        return AddNotice(assigned, corpus, $"protocol {protocol.Name} ({protocol.Summary})");
    }

    /// <summary>Without subsets for the protocol <see cref="CorpusProtocol.None"/>.</summary>
    public static IReadOnlyList<Clip> Clear(IReadOnlyList<Clip> clips, CorpusReadOptions options) =>
        options.DisregardsSplits ? [.. clips.Select(clip => clip with { Split = null })] : clips;

    /// <summary>Refuses a protocol for a source that is no known corpus.</summary>
    /// <exception cref="InvalidInputException">The options name a protocol.</exception>
    public static void RequireNone(string source, CorpusReadOptions options)
    {
        if (options.Protocol is { } name && !options.DisregardsSplits)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Protocol} {name}: {source} is not recognized as a corpus with protocols; omit "
                        + $"{OptionKeys.Protocol}, and assign the clips in the column split of a manifest"
                )
            );
    }

    private static InvalidInputException CreateUnknownError(CorpusDescription corpus, string name)
    {
        var protocols = string.Join(
            ", ",
            corpus.Protocols.Select(protocol => protocol.Name).Append(CorpusProtocol.None)
        );
        return new(OptionText.Create($"{OptionKeys.Protocol} {name}: {corpus.Name} has the protocols {protocols}"));
    }

    private static CorpusClips AddNotice(CorpusClips clips, CorpusDescription corpus, string split)
    {
        var labeled = clips.Clips.Where(clip => clip.Label is not null).ToList();
        var shared = labeled
            .Where(clip => clip.Speaker is not null && clip.Split is not null)
            .GroupBy(clip => clip.Speaker)
            .Count(speaker => speaker.Select(clip => clip.Split).Distinct().Skip(1).Any());
        var counts =
            $"{Count(Subset.Train)} train, {Count(Subset.Validation)} validation and {Count(Subset.Test)} test clips, "
            + $"{clips.Clips.Count(clip => clip.Split is null)} in no subset; {shared} speakers are in several subsets"
            + DescribeUnlabeled([.. clips.Clips.Where(clip => clip.Label is null)]);
        return clips with { Notices = [.. clips.Notices, $"{corpus.Name}: {split}: {counts}"] };

        int Count(Subset subset) => clips.Clips.Count(clip => clip.Split == subset);
    }

    // Not trained on, and in no metrics.
    private static string DescribeUnlabeled(Clip[] unlabeled)
    {
        var subsets = SubsetNames.Count(unlabeled);
        return unlabeled.Length == 0
            ? ""
            : $"; {unlabeled.Length} of the clips have no label ({(subsets.Length > 0 ? subsets : "in no subset")})";
    }
}
