using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class ClipNamesTests
{
    [Theory]
    [InlineData("Angry", "angry")]
    [InlineData("angry\u00A0", "angry")]
    [InlineData("\u200Bangry", "angry")]
    [InlineData("col\u00E8re", "cole\u0300re")]
    [InlineData("STRASSE", "stra\u00DFe")]
    [InlineData("GRO\u1E9E", "gross")]
    public void Labels_that_look_alike_are_one_label_in_the_most_frequent_spelling(string other, string frequent)
    {
        var (clips, notices) = Unify([other, frequent, frequent, "sad"]);
        Assert.Equal(["sad"], clips.Select(clip => clip.Label).Except([clips[0].Label]));
        Assert.Equal(AttnCrnn.IO.Unicode.CanonicalComposition.Compose(frequent), clips[0].Label);
        Assert.StartsWith("2 spellings are 1 label: ", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Spellings_are_told_with_their_numbers_also_where_they_look_the_same()
    {
        var (_, notices) = Unify(["Angry", "angry", "angry", "angry\u00A0", "Sad", "sad"]);
        Assert.Equal(
            "5 spellings are 2 labels: Angry (1), angry (2), angry\\u00A0 (1) are angry; Sad (1), sad (1) are sad",
            Assert.Single(notices)
        );
    }

    [Fact]
    public void Spellings_that_differ_in_invisible_characters_count_together()
    {
        var (clips, _) = Unify(["Angry", "Angry", "angry", "angry\u00A0", "\u200Bangry"]);
        Assert.All(clips, clip => Assert.Equal("angry", clip.Label));
    }

    [Fact]
    public void Missing_values_are_no_labels_and_said()
    {
        var (clips, notices) = Unify(["NaN", "None", "n/a", "-", "Unknown", "", "sad", "neutral", "other"]);
        Assert.Equal(["sad", "neutral", "other"], clips.Select(clip => clip.Label).OfType<string>());
        Assert.Equal(
            "5 clips have a label that means none, and so have none: NaN (1), None (1), n/a (1), - (1), Unknown (1)",
            Assert.Single(notices)
        );
    }

    [Fact]
    public void Unknown_speakers_are_no_speakers_and_spellings_of_one_are_one()
    {
        List<string> notices = [];
        string[] speakers = ["Unknown", "?", "-", "NaN", "S1", "s1", "s1", "s2"];
        var clips = ClipNames.Unify([.. speakers.Select(name => new Clip("/a.wav", null, name))], notices);
        Assert.Equal([null, null, null, null, "s1", "s1", "s1", "s2"], clips.Select(clip => clip.Speaker));
        Assert.Equal(
            [
                "2 spellings are 1 speaker: S1 (1), s1 (2) are s1",
                "4 clips have a speaker that means none, and so have none: Unknown (1), ? (1), - (1), NaN (1)",
            ],
            notices
        );
    }

    [Fact]
    public void Speakers_that_are_integers_with_a_fraction_are_the_integers_and_leading_zeros_are_said()
    {
        List<string> notices = [];
        string[] speakers = ["1.0", "1", "2.0", "2.0", "03", "3", "3", "1.5"];
        var clips = ClipNames.Unify([.. speakers.Select(name => new Clip("/a.wav", null, name))], notices);
        Assert.Equal(["1", "1", "2", "2", "03", "3", "3", "1.5"], clips.Select(clip => clip.Speaker));
        Assert.Equal(
            [
                "3 clips have a speaker that is an integer written as a decimal, and is read as the integer: "
                    + "1.0 (1) is 1, 2.0 (2) is 2",
                "speakers that differ in leading zeros only are different ones: 03 (1) and 3 (2): if they are one, "
                    + "spell them alike in all sources",
            ],
            notices
        );
    }

    [Fact]
    public void Words_for_one_emotion_are_said_with_the_option_that_makes_them_one_class()
    {
        var (clips, notices) = Unify(["anger", "anger", "angry", "Anger", "joy", "joy", "happiness", "sad"]);
        Assert.Equal(
            ["anger", "angry", "happiness", "joy", "sad"],
            clips.Select(clip => clip.Label).Distinct().Order()
        );
        Assert.Equal(
            [
                "2 spellings are 1 label: anger (2), Anger (1) are anger",
                "labels angry (1) and anger (3) are words for one emotion, but 2 classes unless map anger=angry makes "
                    + "them one",
                "labels joy (2) and happiness (1) are words for one emotion, but 2 classes unless map happiness=joy "
                    + "makes them one",
            ],
            notices.Select(notice => NoticeText.Decode(notice).ToString())
        );
    }

    [Fact]
    public void Different_names_stay_as_they_are_and_nothing_is_said()
    {
        var (clips, notices) = Unify(["Angry", "Sad", "very sad"]);
        Assert.Equal(["Angry", "Sad", "very sad"], clips.Select(clip => clip.Label));
        Assert.Empty(notices);
    }

    [Fact]
    public void Votes_have_the_spelling_of_the_labels()
    {
        Clip[] clips =
        [
            new("/a.wav", "angry", null),
            new("/b.wav", "angry", null),
            new("/c.wav", "Angry", null) { Votes = new([new("Angry", 2), new("sad", 1)]) },
        ];
        Assert.Equal("angry=2;sad=1", ClipNames.Unify(clips, [])[2].Votes?.ToString());
    }

    [Fact]
    public void Names_of_folders_are_unified_as_those_of_manifests_are()
    {
        using var folder = new TempFolder();
        foreach (var label in (string[])["Happy", "happy", "None"])
        foreach (var number in Enumerable.Range(0, label == "happy" ? 2 : 1))
            AttnCrnn.Formats.Wav.WavWriter.Write(folder.PathOf(label, $"{label}{number}.wav"), new float[1600], 16_000);
        var corpus = CorpusReader.Read([folder.Path]);
        Assert.Equal(
            ["happy", "happy", "happy", null],
            corpus.Clips.Select(clip => clip.Label).OrderByDescending(label => label)
        );
        Assert.Contains("2 spellings are 1 label: Happy (1), happy (2) are happy", corpus.Notices);
    }

    private static (IReadOnlyList<Clip> Clips, List<string> Notices) Unify(string[] labels)
    {
        List<string> notices = [];
        return (ClipNames.Unify([.. labels.Select(label => new Clip("/a.wav", label, null))], notices), notices);
    }
}
