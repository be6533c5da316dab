using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Cross-validation over the folds that EmoBox has for a known corpus (Ma et al. 2024), by its speakers: fold k tests
/// the speakers of its protocol <c>emobox</c>k, and validates on those of the next fold.
/// </summary>
internal static class EmoBoxFolds
{
    private const string Name = "emobox";

    /// <param name="clips">Of one corpus, all of whose speakers have labeled clips.</param>
    /// <exception cref="InvalidInputException">
    /// A labeled clip is not of a speaker of EmoBox' folds, the clips are of several corpora, or speakers are missing.
    /// </exception>
    public static IReadOnlyList<DatasetSplit> Create(IReadOnlyList<SplitClip> clips)
    {
        // The first clip of each speaker.
        var speakers = clips.Where(clip => clip.Label is not null).DistinctBy(clip => clip.Speaker).ToList();
        var corpus = FindCorpus(speakers);
        var protocols = ListFolds(corpus);
        var foldOfSpeaker = speakers.ToDictionary(
            clip => clip.Speaker!,
            clip => FindFold(protocols, clip.Speaker)!.Value
        );
        if (foldOfSpeaker.Count != corpus.Speakers)
            throw CreateError(
                $"{foldOfSpeaker.Count} of the {corpus.Speakers} speakers of {corpus.Name} have clips, and the folds "
                    + "of EmoBox are of all; extract the whole corpus, or use a number of folds"
            );
        int?[] assigned = [.. clips.Select(clip => clip.Label is null ? null : (int?)foldOfSpeaker[clip.Speaker!])];
        return
        [
            .. Enumerable
                .Range(0, protocols.Count)
                .Select(fold => CreateSplit(clips, assigned, fold, protocols.Count, corpus.Name)),
        ];
    }

    private static DatasetSplit CreateSplit(
        IReadOnlyList<SplitClip> clips,
        int?[] assigned,
        int fold,
        int count,
        string corpus
    )
    {
        Subset?[] subsets = [.. assigned.Select(tested => DatasetSplitter.GetSubset(tested, fold, count))];
        return new(
            subsets,
            SplitFacts.Create(clips, subsets, SplitKind.Speaker) with
            {
                Folds = count,

                EmoBoxCorpus = corpus,
            }
        );
    }

    private static CorpusDescription FindCorpus(List<SplitClip> speakers)
    {
        var corpora = CorpusReaders
            .All.Select(reader => reader.Description)
            .Where(corpus => ListFolds(corpus).Count > 0)
            .ToList();
        var names = string.Join(", ", corpora.Select(corpus => corpus.Name));
        var ofCorpora = speakers.ConvertAll(clip => corpora.Find(candidate => Contains(candidate, clip.Speaker)));
        if (ofCorpora.IndexOf(null) is >= 0 and var index)
            throw CreateError(
                $"{speakers[index].Key.Split('|')[0]} is of the speaker {speakers[index].Speaker ?? "(none)"}, who is "
                    + $"in no fold of EmoBox that is known here ({names}); use a number of folds"
            );
        return ofCorpora.Distinct().ToList() is [{ } corpus]
            ? corpus
            : throw CreateError(
                $"the clips are of {ofCorpora.Distinct().Count()} corpora with folds of EmoBox (of {names}): expected "
                    + "one; train on each alone, or use a number of folds"
            );
    }

    private static List<CorpusProtocol> ListFolds(CorpusDescription corpus) =>
        [
            .. Enumerable
                .Range(1, FoldCount.Max)
                .Select(fold => corpus.FindProtocol(FormattableString.Invariant($"{Name}{fold}")))
                .TakeWhile(protocol => protocol is not null)
                .OfType<CorpusProtocol>(),
        ];

    private static bool Contains(CorpusDescription corpus, string? speaker) =>
        speaker is not null && FindFold(ListFolds(corpus), speaker) is not null;

    private static int? FindFold(List<CorpusProtocol> protocols, string? speaker)
    {
        var fold = protocols.FindIndex(protocol => protocol.Assign(new("", null, speaker)) == Subset.Test);
        return fold < 0 ? null : fold;
    }

    private static InvalidInputException CreateError(string problem) =>
        new(OptionText.Create($"{OptionKeys.Folds} {FoldCount.EmoBox}: {problem}"));
}
