using AttnCrnn.Corpora.Readers;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Corpora.Readers;

/// <summary>Cross-validation over the folds of EmoBox.</summary>
public sealed class EmoBoxFoldsTests
{
    private static readonly string[] Actors = [.. Enumerable.Range(1, 24).Select(actor => $"ravdess_{actor:00}")];

    [Fact]
    public void Each_fold_of_RAVDESS_is_the_protocol_of_its_number()
    {
        var clips = CreateClips(Actors);
        var splits = EmoBoxFolds.Create(clips);
        Assert.Equal(6, splits.Count);
        foreach (var (index, split) in splits.Index())
        {
            var protocol = new RavdessReader().Description.FindProtocol($"emobox{index + 1}")!;
            Assert.Equal(clips.Select(clip => protocol.Assign(new("", clip.Label, clip.Speaker))), split.Subsets);
            Assert.Equal((6, "RAVDESS", 0), (split.Facts.Folds, split.Facts.EmoBoxCorpus, split.Facts.SharedSpeakers));
        }
        Assert.StartsWith(
            "The 6 folds are those of EmoBox for RAVDESS",
            ProtocolText.Describe(splits[0].Facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Clips_without_a_label_are_in_no_subset()
    {
        SplitClip[] clips = [.. CreateClips(Actors), new("unlabeled", null, "ravdess_01"), new("other", null, null)];
        Assert.All(EmoBoxFolds.Create(clips), split => Assert.Equal([null, null], split.Subsets.TakeLast(2)));
    }

    [Theory]
    [InlineData("crema_1001", "who is in no fold of EmoBox")]
    [InlineData("", "(none)")]
    [InlineData("emovo_f1", "of 2 corpora")]
    public void A_clip_of_another_corpus_is_refused(string speaker, string expected)
    {
        SplitClip[] clips = [.. CreateClips(Actors), new("clip", "angry", speaker.Length == 0 ? null : speaker)];
        Assert.Contains(expected, Refuse(clips), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_speakers_is_refused() =>
        Assert.Contains(
            "20 of the 24 speakers of RAVDESS",
            Refuse(CreateClips(Actors[..20])),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_other_splitter_does_not_make_these_folds() =>
        Assert.Throws<ArgumentException>(() =>
            DatasetSplitter.CreateFolds(CreateClips(Actors), FoldCount.EmoBox, SplitMethod.Default, (_, _) => 0)
        );

    private static string Refuse(SplitClip[] clips) =>
        Assert.Throws<InvalidInputException>(() => EmoBoxFolds.Create(clips)).Message;

    private static SplitClip[] CreateClips(IEnumerable<string> speakers) =>
        [
            .. speakers.SelectMany(speaker =>
                (SplitClip[])[new($"{speaker}/a.wav", "angry", speaker), new($"{speaker}/s.wav", "sad", speaker)]
            ),
        ];
}
