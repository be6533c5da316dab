using AttnCrnn.Corpora.Splits;
using AttnCrnn.Numerics.Random;
using CsCheck;

namespace AttnCrnn.Tests.Corpora.Splits;

public sealed class DatasetSplitterTests
{
    private static readonly Func<uint, ulong, uint> Draws = new RandomStream(1).SampleBelow;

    [Fact]
    public void Folds_are_speaker_disjoint_complete_and_order_independent() =>
        Gen.Select(Gen.Int[3, 25], Gen.Int[1, 12], Gen.Int[0, 1000])
            .Sample(
                (speakers, clipsEach, seed) =>
                {
                    var clips = CreateClips(speakers, clipsEach);
                    Func<uint, ulong, uint> draws = new RandomStream((ulong)seed).SampleBelow;
                    var split = DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Default, draws);
                    Assert.True(split.SpeakersDisjoint);
                    Assert.All(Enum.GetValues<Subset>(), subset => Assert.NotEmpty(split.GetIndices(subset)));
                    var reversedSplit = DatasetSplitter.CreateTrainValidationTest(
                        [.. clips.AsEnumerable().Reverse()],
                        SplitMethod.Speaker,
                        draws
                    );
                    Assert.Equal(split.Subsets, reversedSplit.Subsets.Reverse());
                    var folds = DatasetSplitter.CreateFolds(clips, 3, SplitMethod.Default, draws);
                    Assert.All(folds, fold => Assert.True(fold.SpeakersDisjoint));
                    Assert.Equal(
                        Enumerable.Range(0, clips.Length),
                        folds.SelectMany(fold => fold.GetIndices(Subset.Test)).Order()
                    );
                },
                iter: 60
            );

    [Fact]
    public void The_facts_count_clips_and_speakers_of_each_subset()
    {
        var clips = CreateClips(speakers: 20, clipsEach: 6);
        var split = DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Default, Draws);
        var facts = split.Facts;
        Assert.Equal((SplitKind.Speaker, null), (facts.Kind, facts.Reason));
        Assert.Equal((120, 20, 0, 0), (facts.Clips, facts.NamedSpeakers, facts.ClipsWithoutSpeaker, facts.Folds));
        Assert.Equal(new SubsetSize(split.GetIndices(Subset.Test).Count, 3), facts.Test);
        Assert.Equal(20, facts.Train.Speakers + facts.Validation.Speakers + facts.Test.Speakers);
    }

    [Fact]
    public void Speakers_are_in_several_subsets_of_a_random_split()
    {
        var split = DatasetSplitter.CreateTrainValidationTest(CreateClips(5, 12), SplitMethod.Random, Draws);
        Assert.Equal((SplitKind.Random, null), (split.Facts.Kind, split.Facts.Reason));
        Assert.Equal((5, false), (split.Facts.SharedSpeakers, split.SpeakersDisjoint));
    }

    [Fact]
    public void By_default_clips_are_assigned_if_more_than_a_twentieth_has_no_speaker()
    {
        var clips = CreateClips(5, 12);
        foreach (var clip in (int[])[7, 8, 20, 30])
            clips[clip] = clips[clip] with { Speaker = null };
        var facts = DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Default, Draws).Facts;
        Assert.Equal((SplitKind.Clip, ClipSplitReason.ClipsWithoutSpeaker), (facts.Kind, facts.Reason));
        Assert.Equal((4, false), (facts.ClipsWithoutSpeaker, facts.SpeakersDisjoint));
    }

    [Fact]
    public void By_default_a_twentieth_of_clips_without_a_speaker_is_left_out_of_a_split_by_speaker()
    {
        var clips = CreateClips(5, 12);
        foreach (var clip in (int[])[7, 8, 20])
            clips[clip] = clips[clip] with { Speaker = null };
        var split = DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Default, Draws);
        Assert.Equal((SplitKind.Speaker, null, 57), (split.Facts.Kind, split.Facts.Reason, split.Facts.Clips));
        Assert.Equal((3, true), (split.Facts.LeftOutWithoutSpeaker, split.SpeakersDisjoint));
        Assert.Null(split.Subsets[7]);
        Assert.Contains(
            "Left out: 3 clips without a speaker.",
            AttnCrnn.Reports.ProtocolText.Describe(split.Facts),
            StringComparison.Ordinal
        );
        var refused = Assert.Throws<InvalidInputException>(() =>
            DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Speaker, Draws)
        );
        Assert.Contains("3 of 60 clips have no speaker", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void By_default_clips_are_assigned_if_two_speakers_are_named()
    {
        var facts = DatasetSplitter.CreateTrainValidationTest(CreateClips(2, 12), SplitMethod.Default, Draws).Facts;
        Assert.Equal((SplitKind.Clip, ClipSplitReason.TooFewSpeakers), (facts.Kind, facts.Reason));
        Assert.Equal((2, false), (facts.NamedSpeakers, facts.SpeakersDisjoint));
    }

    [Theory]
    [InlineData(SplitMethod.Default)]
    [InlineData(SplitMethod.Speaker)]
    [InlineData(SplitMethod.Manifest)]
    public void The_split_of_a_manifest_is_kept(SplitMethod method)
    {
        SplitClip[] clips =
        [
            .. CreateClips(5, 12).Select((clip, i) => clip with { AssignedSubset = (Subset)(i % 5 % 3) }),
        ];
        var split = DatasetSplitter.CreateTrainValidationTest(clips, method, Draws);
        Assert.Equal((SplitKind.Manifest, true), (split.Facts.Kind, split.SpeakersDisjoint));
        Assert.Equal(clips.Select(clip => clip.AssignedSubset), split.Subsets);
    }

    [Theory]
    [InlineData(SplitMethod.Default)]
    [InlineData(SplitMethod.Manifest)]
    public void Clips_without_a_subset_are_left_out_of_the_split_of_a_manifest(SplitMethod method)
    {
        var clips = CreateClipsOfManifest();
        clips[8] = clips[8] with { AssignedSubset = null };
        var split = DatasetSplitter.CreateTrainValidationTest(clips, method, Draws);
        Assert.Equal((SplitKind.Manifest, 1), (split.Facts.Kind, split.Facts.ClipsWithoutSubset));
        Assert.Equal(clips.Select(clip => clip.AssignedSubset), split.Subsets);
    }

    [Fact]
    public void A_run_of_an_earlier_version_keeps_its_split_of_an_incomplete_manifest()
    {
        var clips = CreateClipsOfManifest();
        clips[8] = clips[8] with { AssignedSubset = null };
        var split = DatasetSplitter.CreateTrainValidationTest(
            clips,
            SplitMethod.Default,
            Draws,
            completeManifestOnly: true
        );
        Assert.Equal((SplitKind.Speaker, 60), (split.Facts.Kind, split.Facts.Clips));
    }

    [Fact]
    public void A_split_by_speaker_uses_clips_that_an_incomplete_manifest_leaves_out()
    {
        var clips = CreateClipsOfManifest();
        clips[8] = clips[8] with { AssignedSubset = null };
        var split = DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Speaker, Draws);
        Assert.Equal((SplitKind.Speaker, 60, 0), (split.Facts.Kind, split.Facts.Clips, split.Facts.ClipsWithoutSubset));
    }

    [Fact]
    public void A_split_by_a_manifest_that_assigns_no_clip_is_refused()
    {
        var error = Assert.Throws<InvalidInputException>(() =>
            DatasetSplitter.CreateTrainValidationTest(CreateClips(5, 12), SplitMethod.Manifest, Draws)
        );
        Assert.StartsWith("split manifest: none of 60 clips has a subset", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Subset.Validation, "the manifest has no validation (val) rows: its column split has 48 train, 0 val")]
    [InlineData(Subset.Train, "the manifest has no training (train) rows: its column split has 0 train, 24 val")]
    public void A_manifest_without_training_or_validation_clips_is_refused(Subset missing, string expected)
    {
        SplitClip[] clips =
        [
            .. CreateClipsOfManifest()
                .Select(clip =>
                    clip.AssignedSubset != missing ? clip
                    : missing == Subset.Train ? clip with { AssignedSubset = null }
                    : clip with { AssignedSubset = Subset.Train }
                ),
        ];
        var error = Assert.Throws<InvalidInputException>(() =>
            DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Default, Draws)
        );
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_speaker_of_two_speakers_is_refused()
    {
        var message = RefuseSplit(CreateClips(2, 12));
        Assert.Contains("split speaker: 2 speakers are named, expected at least 3", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_speaker_of_clips_without_speakers_is_refused()
    {
        var message = RefuseSplit([.. CreateClips(5, 12).Select(clip => clip with { Speaker = null })]);
        Assert.Contains("split speaker: 60 of 60 clips have no speaker", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SplitMethod.Default)]
    [InlineData(SplitMethod.Speaker)]
    public void More_folds_than_speakers_are_refused_with_what_is_possible(SplitMethod method)
    {
        var message = RefuseFolds(CreateClips(8, 12), 9, method);
        Assert.StartsWith("folds 9: 8 speakers are named", message, StringComparison.Ordinal);
        Assert.EndsWith(
            "at most 8 folds, or folds speakers (leave one speaker out)",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("3")]
    [InlineData("speakers")]
    public void Folds_of_two_speakers_are_refused(string folds)
    {
        var message = RefuseFolds(CreateClips(2, 12), FoldCount.Parse(folds));
        Assert.StartsWith(
            $"folds {folds}: 2 speakers are named, expected at least 3",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("split random", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("speakers")]
    public void Folds_of_clips_without_a_speaker_are_refused(string folds)
    {
        var clips = CreateClips(8, 12);
        clips[5] = clips[5] with { Speaker = null };
        var message = RefuseFolds(clips, FoldCount.Parse(folds));
        Assert.StartsWith($"folds {folds}: 1 of 96 clips have no speaker", message, StringComparison.Ordinal);
        Assert.Contains("8 speakers", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_folds_need_no_speakers()
    {
        var folds = DatasetSplitter.CreateFolds(CreateClips(8, 12), 9, SplitMethod.Random, Draws);
        Assert.Equal(9, folds.Count);
        Assert.All(folds, fold => Assert.Equal((SplitKind.Random, 9), (fold.Facts.Kind, fold.Facts.Folds)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)]
    public void Fewer_than_three_folds_are_refused(int folds) =>
        Assert.Contains("expected at least 3", RefuseFolds(CreateClips(8, 12), folds), StringComparison.Ordinal);

    [Fact]
    public void Leaving_one_speaker_out_tests_each_speaker_and_validates_on_the_next()
    {
        // No random number is used: the folds are the speakers in ordinal order.
        uint ThrowIfUsed(uint count, ulong index) => throw new InvalidOperationException("a random number was used");
        SplitClip[] clips = [.. CreateClips(4, 6).Reverse()];
        var folds = DatasetSplitter.CreateFolds(clips, FoldCount.Speakers, SplitMethod.Default, ThrowIfUsed);
        string[] SpeakersOf(int fold, Subset subset) =>
            [.. folds[fold].GetIndices(subset).Select(i => clips[i].Speaker!).Distinct().Order()];
        Assert.Equal(4, folds.Count);
        Assert.Equal(["s0", "s1", "s2", "s3"], Enumerable.Range(0, 4).SelectMany(k => SpeakersOf(k, Subset.Test)));
        Assert.Equal(
            ["s1", "s2", "s3", "s0"],
            Enumerable.Range(0, 4).SelectMany(k => SpeakersOf(k, Subset.Validation))
        );
        Assert.Equal(["s0", "s3"], SpeakersOf(1, Subset.Train));
        Assert.All(folds, fold => Assert.Equal((true, 4), (fold.Facts.LeavesOneSpeakerOut, fold.Facts.Folds)));
        Assert.All(folds, fold => Assert.Equal(24, fold.Facts.Clips));
    }

    [Fact]
    public void Leaving_one_speaker_out_contradicts_a_random_split() =>
        Assert.StartsWith(
            "folds speakers: split random assigns clips",
            RefuseFolds(CreateClips(8, 12), FoldCount.Speakers, SplitMethod.Random),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_run_of_an_earlier_version_keeps_folds_of_clips()
    {
        var folds = DatasetSplitter.CreateFolds(
            CreateClips(8, 12),
            9,
            SplitMethod.Default,
            Draws,
            clipsIfTooFewSpeakers: true
        );
        Assert.Equal(9, folds.Count);
        Assert.All(folds, fold =>
            Assert.Equal((SplitKind.Clip, ClipSplitReason.TooFewSpeakers), (fold.Facts.Kind, fold.Facts.Reason))
        );
    }

    // 24 training, 24 validation and 12 test clips, by speaker.
    private static SplitClip[] CreateClipsOfManifest() =>
        [.. CreateClips(5, 12).Select((clip, i) => clip with { AssignedSubset = (Subset)(i % 5 % 3) })];

    private static SplitClip[] CreateClips(int speakers, int clipsEach) =>
        [
            .. Enumerable
                .Range(0, speakers * clipsEach)
                .Select(i => new SplitClip($"{i:0000}", $"l{i % 3}", $"s{i % speakers}")),
        ];

    private static string RefuseSplit(SplitClip[] clips) =>
        Assert
            .Throws<InvalidInputException>(() =>
                DatasetSplitter.CreateTrainValidationTest(clips, SplitMethod.Speaker, Draws)
            )
            .Message;

    private static string RefuseFolds(SplitClip[] clips, FoldCount folds, SplitMethod method = SplitMethod.Default) =>
        Assert.ThrowsAny<InvalidInputException>(() => DatasetSplitter.CreateFolds(clips, folds, method, Draws)).Message;
}
