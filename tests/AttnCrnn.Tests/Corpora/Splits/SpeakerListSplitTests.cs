using AttnCrnn.Corpora.Splits;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Corpora.Splits;

/// <summary>Splits whose test and validation speakers are named.</summary>
public sealed class SpeakerListSplitTests
{
    private static readonly Func<uint, ulong, uint> Draws = new RandomStream(1).SampleBelow;

    // 24 actors with four clips each, of two labels.
    private static readonly SplitClip[] Clips =
    [
        .. from actor in Enumerable.Range(1, 24)
        from clip in Enumerable.Range(0, 4)
        select new SplitClip($"{actor:00}/{clip}", clip % 2 == 0 ? "angry" : "sad", $"ravdess_{actor:00}"),
    ];

    [Fact]
    public void Named_speakers_are_in_their_sets_and_the_others_are_trained_on()
    {
        var split = Create(["21-24"], ["ravdess_19", "20"]);
        Assert.Equal(["ravdess_21", "ravdess_22", "ravdess_23", "ravdess_24"], SpeakersOf(split, Subset.Test));
        Assert.Equal(["ravdess_19", "ravdess_20"], SpeakersOf(split, Subset.Validation));
        Assert.Equal(18, SpeakersOf(split, Subset.Train).Length);
        Assert.StartsWith(
            "The test and validation speakers were named. No speaker is in more than one subset.",
            ProtocolText.Describe(split.Facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Validation_speakers_are_drawn_from_the_others_if_they_are_not_named()
    {
        var split = Create(["1-4"], []);
        Assert.Equal(4, SpeakersOf(split, Subset.Test).Length);
        Assert.Equal((16, 4), (SpeakersOf(split, Subset.Train).Length, SpeakersOf(split, Subset.Validation).Length));
        Assert.StartsWith(
            "The test speakers were named; the validation speakers were drawn from the others.",
            ProtocolText.Describe(split.Facts),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void None_leaves_no_test_set()
    {
        var split = Create(["none"], ["24"]);
        Assert.Equal((0, 1, 23), Sizes(split));
        Assert.Equal((0, 4, 20), Sizes(Create(["none"], [])));
    }

    [Fact]
    public void Drawn_validation_speakers_are_those_of_whole_sessions()
    {
        SplitClip[] clips =
        [
            .. Clips.Select(clip => clip with { Session = $"{int.Parse(clip.Speaker![^2..], null) / 2}" }),
        ];
        var split = SpeakerListSplit.Create(clips, new(["2-3"], []), Draws);
        Assert.Equal((2, 0), (split.Facts.Test.Speakers, split.Facts.SharedSessions));
        Assert.StartsWith(
            "There is no test set; validation speakers were drawn, with 15% of the clips.",
            ProtocolText.Describe(SpeakerListSplit.Create(clips, new(["none"], []), Draws).Facts),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("99", "", "no clip is of this speaker; the speakers are ravdess_01, ravdess_02")]
    [InlineData("25-30", "", "no clip is of this speaker")]
    [InlineData("24-21", "", "no clip is of this speaker")]
    [InlineData("21", "ravdess_21", "is in test_speakers too")]
    [InlineData("1-12", "13-24", "no training clips remain")]
    public void What_cannot_be_split_is_refused(string test, string validation, string expected) =>
        Assert.Contains(
            expected,
            Assert.ThrowsAny<InvalidInputException>(() => Create([test], Parse(validation))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void A_number_of_speakers_of_two_corpora_is_refused_and_a_whole_name_is_not()
    {
        SplitClip[] clips = [.. Clips, new("x", "sad", "other_21")];
        Assert.Contains(
            "is a speaker of several corpora: use one of other_21, ravdess_21",
            Assert
                .ThrowsAny<InvalidInputException>(() => SpeakerListSplit.Create(clips, new(["21"], []), Draws))
                .Message,
            StringComparison.Ordinal
        );
        Assert.Equal(1, SpeakerListSplit.Create(clips, new(["other_21"], []), Draws).Facts.Test.Speakers);
    }

    [Fact]
    public void Clips_without_a_speaker_are_refused()
    {
        SplitClip[] clips = [.. Clips, new("x", "sad", null)];
        Assert.Contains(
            "1 of 97 clips have no speaker",
            Assert
                .ThrowsAny<InvalidInputException>(() => SpeakerListSplit.Create(clips, new(["21"], []), Draws))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "1", 0, SplitMethod.Default, "requires test_speakers")]
    [InlineData("none,1", "", 0, SplitMethod.Default, "none must be alone")]
    [InlineData("1", "", 5, SplitMethod.Default, "omit folds")]
    [InlineData("1", "", 0, SplitMethod.Random, "omit split")]
    public void Lists_contradict_other_options_of_the_split(
        string test,
        string validation,
        int folds,
        SplitMethod method,
        string expected
    )
    {
        var lists = new SpeakerLists(Parse(test), Parse(validation));
        var error = Assert.Single(lists.FindErrors(method, folds));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(SpeakerLists.None.FindErrors(SplitMethod.Random, 5));
    }

    private static string[] Parse(string names) => names.Length == 0 ? [] : names.Split(',');

    private static DatasetSplit Create(string[] test, string[] validation) =>
        SpeakerListSplit.Create(Clips, new(test, validation), Draws);

    private static (int Test, int Validation, int Train) Sizes(DatasetSplit split) =>
        (split.Facts.Test.Speakers, split.Facts.Validation.Speakers, split.Facts.Train.Speakers);

    private static string[] SpeakersOf(DatasetSplit split, Subset subset) =>
        [.. split.GetIndices(subset).Select(clip => Clips[clip].Speaker!).Distinct()];
}
