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
