using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Layouts.Names;
using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Tests.Corpora.Layouts.Names;

/// <summary>Folders without a table, of no known corpus.</summary>
public sealed class FolderNamesTests
{
    /// <summary>Folders, and label, speaker, subset and sex of the recording in the first of them.</summary>
    public static TheoryData<string, string?> Layouts { get; } =
        new()
        {
            { "angry/anna angry/ben happy/anna happy/ben angry/eva happy/eva sad/max", "angry anna - -" },
            { "anna/angry anna/happy ben/angry ben/happy eva/angry eva/sad max/sad", "angry anna - -" },
            { "anger/s01 anger/s02 joy/s01", "anger s01 - -" },
            { "s01/anger s01/joy s02/joy", "anger s01 - -" },
            { "01/anger 01/joy 02/joy 02/anger", "anger 01 - -" },
            { "train/angry train/sad test/angry", "angry - train -" },
            { "train/angry/s1 train/sad/s1 test/angry/s2", "angry s1 train -" },
            { "s1/train/wut s1/test/freude s2/dev/wut", "wut s1 train -" },
            { "audio/wav/angry/s1 audio/wav/happy/s1", "angry s1 - -" },
            { "s1/angry/wav s1/sad/wav s2/sad/wav", "angry s1 - -" },
            { "session1/angry session2/angry session1/sad", "angry - - -" },
            { "session1/s1/angry session2/s1/sad session1/s2/angry session2/s2/sad", "angry s1 - -" },
            { "DC/angry DC/sad JE/angry JE/sad", "angry DC - -" },
            { "strong/angry weak/angry strong/sad normal/sad", "angry - - -" },
            { "angry/low angry/high sad/low sad/high", "angry - - -" },
            { "acted/angry spontaneous/angry acted/sad spontaneous/sad", "angry - - -" },
            { "scripted01/angry improvised_2/angry scripted01/sad improvised_2/sad", "angry - - -" },
            { "sentence_a/angry sentence_b/angry sentence_a/sad sentence_b/sad", "angry - - -" },
            { "car/angry phone/angry studio/sad car/sad", "angry - - -" },
            { "Männer/angry Frauen/angry Männer/sad Frauen/sad", "angry - - male" },
            { "Ma\u0308nner/angry FRAUEN/angry Ma\u0308nner/sad FRAUEN/sad", "angry - - male" },
            { "Femme/angry Homme/angry Femme/sad Homme/sad", "angry - - female" },
            { "age_20-30/angry 60+/angry age_20-30/sad 60+/sad", "angry - - -" },
            { "Deutsch/angry Français/angry Deutsch/sad Français/sad", "angry - - -" },
            { "RAVDESS/angry crema_d/angry RAVDESS/sad crema_d/sad", "angry - - -" },
            { "male/m1/angry female/f1/sad male/m2/sad", "angry m1 - male" },
            { "angry/clip1_a angry/clip2_b happy/clip3_c", "angry - - -" },
            { "low/s1 high/s1 low/s2 high/s2", "low s1 - -" },
            { "red/s1 blue/s1 red/s2", "red s1 - -" },
            { "s1 s2 s3", "- s1 - -" },
            { "glad blue", "glad - - -" },
            { "0 1 2", "0 - - -" },
            { "angry", "angry - - -" },
            { "low high again/low again/high", "low - - -" },
            { "clean/angry clean/sad noisy/angry noisy/sad", "angry - - -" },
            { "16k/angry/s1 48kHz/angry/s1 16k/sad/s2", "angry s1 - -" },
            { "wav/glad wav/blue mp3/glad", "glad - - -" },
            { "audio_mic1/angry/s1 video-left/angry/s1 video-left/sad/s1", "angry s1 - -" },
            { "english/angry german/angry english/sad", "angry - - -" },
            { "agent/angry customer/angry agent/sad", "angry - - -" },
            { "agent_1/angry agent_2/angry agent_1/sad", "angry agent_1 - -" },
            { "wav", "- - - -" },
            { "train_splits", "- - - -" },
            { "wav mp3", "- - - -" },
            { "session1 session2", "- - - -" },
            { "glad", "glad - - -" },
            { "glad blue copy/glad", "glad - - -" },
        };

    [Theory, MemberData(nameof(Layouts))]
    public void Labels_and_speakers_are_the_names_of_a_level_each(string folders, string? expected) =>
        Assert.Equal(expected, Describe(folders, folders.Split(' ')[0]));

    [Theory]
    [InlineData("anna/red anna/blue ben/red ben/blue")]
    [InlineData("0/anna 0/bob 1/anna 1/bob")]
    [InlineData("red/angry blue/angry red/sad blue/sad")]
    [InlineData("angry/anna/x angry/ben/x angry/anna/y angry/ben/y sad/anna/x sad/ben/x sad/anna/y sad/ben/y")]
    [InlineData("red/blue red/green/deep")]
    [InlineData("angry/anna angry/ben")]
    [InlineData("angry/a angry/b angry/c angry/d sad/a sad/e sad/f")]
    public void What_is_ambiguous_is_asked_for(string folders)
    {
        var error = Assert.Throws<InvalidInputException>(() => Read(folders));
        Assert.Contains("ambiguous", error.Message, StringComparison.Ordinal);
        Assert.Contains("labels_from", error.Message, StringComparison.Ordinal);
        Assert.Contains("speakers_from", error.Message, StringComparison.Ordinal);
        var pattern = CorpusReadOptions.Default with { LabelsFrom = "none" };
        Assert.All(Read(folders, pattern).Clips, clip => Assert.Null(clip.Label));
    }

    [Fact]
    public void What_was_taken_for_what_is_said_with_numbers() =>
        Assert.Equal(
            "/data: labels are the names of level 2 (2: angry, sad); speakers are those of level 1 (3: s1, s2, s3); "
                + "not used: level 3 (2: take1, take2)",
            Assert.Single(Read("s1/angry/take1 s2/angry/take2 s3/sad/take1 s1/sad/take2").Notices)
        );

    [Fact]
    public void Recordings_outside_of_a_subfolder_are_counted()
    {
        var clips = Read("angry sad .");
        Assert.Null(clips.Clips.Single(clip => clip.Path == "/data/1.wav").Label);
        Assert.Contains(clips.Notices, notice =>
            notice.Contains("1 recordings are not in a subfolder", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_folder_that_is_all_there_is_and_no_label_is_named() =>
        Assert.Equal(
            "/data: labels are unknown (labels_from takes them from paths); speakers are unknown; "
                + "not used: level 1 (1: wav)",
            NoticeText.Decode(Assert.Single(Read("wav").Notices)).ToString()
        );

    [Fact]
    public void Versions_of_recordings_are_counted()
    {
        var notices = Read("clean/angry noisy/angry clean/sad").Notices;
        Assert.EndsWith("not used: level 1 (2: clean, noisy)", notices[0], StringComparison.Ordinal);
        Assert.StartsWith(
            "/data: 1 names of recordings recur under level 1 (2: clean, noisy) (for example /data/clean/angry/1.wav)",
            notices[1],
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("anna/angry anna/sad bob/sad angry sad", "3 of 5 recordings", "anna/angry", "'{speaker}/{label}/*'")]
    [InlineData("angry sad/take1", "1 of 2 recordings", "sad/take1", "'{speaker}/{label}/*'")]
    public void Names_that_only_some_recordings_have_are_counted(
        string folders,
        string counts,
        string example,
        string pattern
    )
    {
        var notice = Read(folders).Notices[^1];
        Assert.Contains(
            $"{counts} are in more folders than the others (for example {example})",
            notice,
            StringComparison.Ordinal
        );
        Assert.Contains(pattern, notice, StringComparison.Ordinal);
        var options = CorpusReadOptions.Default with { SpeakersFrom = "{speaker}/*/*" };
        Assert.DoesNotContain(Read(folders, options).Notices, text =>
            text.Contains("more folders", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(
        "train/s1/sad train/s1/angry train/s2/sad test/s3/sad test/s3/angry train/s1",
        "labels are the names of level 3 (2: angry, sad); speakers are those of level 2 (3: s1, s2, s3); "
            + "subsets are those of level 1 (2: test, train)",
        "1 of 6 recordings are at another depth than the others (for example train/s1/1.wav)"
    )]
    [InlineData(
        "train/sad train/angry test/sad test/angry train",
        "labels are the names of level 2 (2: angry, sad); speakers are unknown; "
            + "subsets are those of level 1 (2: test, train)",
        "1 of 5 recordings are at another depth than the others (for example train/1.wav)"
    )]
    [InlineData(
        "s1/sad s1/angry s2/sad s2/angry s1",
        "labels are the names of level 2 (2: angry, sad); speakers are those of level 1 (2: s1, s2)",
        "1 of 5 recordings are at another depth than the others (for example s1/1.wav)"
    )]
    public void Few_recordings_at_another_depth_do_not_decide(string folders, string decision, string notice)
    {
        var read = Read(folders);
        Assert.Equal($"/data: {decision}", read.Notices[0]);
        Assert.StartsWith($"/data: {notice}", read.Notices[1], StringComparison.Ordinal);
        var stray = read.Clips.Single(clip => clip.Path == $"/data/{folders.Split(' ')[^1]}/1.wav");
        Assert.Null(stray.Label);
        Assert.Null(stray.Speaker);
    }

    [Theory]
    [InlineData("s1/sad s1/angry s2/sad s2/angry s1/sad/take2", "sad s1 - -")]
    [InlineData("s1/sad s1/angry s2/sad s2/angry happy", "happy - - -")]
    [InlineData("s1/sad s1/angry s2/sad s2/angry copy/s2/sad", "sad s2 - -")]
    [InlineData("train/s1/sad train/s1/angry train/s2/sad train/s2/angry test/sad", "sad - test -")]
    public void Few_recordings_at_another_depth_have_what_their_folders_say(string folders, string expected) =>
        Assert.Equal(expected, Describe(folders, folders.Split(' ')[^1]));

    [Theory]
    [InlineData("train/sad test/sad extra/sad train/angry", "extra 1", "sad - - -")]
    [InlineData("train/sad dev/sad train/angry blind/x/y blind/z", "blind 2", "- - - -")]
    [InlineData("train/sad test/sad train/angry unlabeled", "unlabeled 1", "- - - -")]
    public void Folders_beside_the_subsets_are_in_none(string folders, string counts, string expected)
    {
        var read = Read(folders);
        Assert.Contains($"/data: recordings in folders beside the subsets are in no subset: {counts}", read.Notices);
        Assert.All(read.Clips, clip => Assert.Null(clip.Speaker));
        Assert.Equal("sad - train -", Describe(folders, "train/sad"));
        var beside = folders.Split(' ').First(name => name.StartsWith(counts.Split(' ')[0], StringComparison.Ordinal));
        Assert.Equal(expected, Describe(folders, beside));
    }

    [Fact]
    public void Subsets_hold_where_only_some_have_speakers()
    {
        const string folders = "train/s1/sad train/s2/angry test/sad test/angry";
        Assert.Equal("sad - train -", Describe(folders, "train/s1/sad"));
        Assert.Equal("angry - test -", Describe(folders, "test/angry"));
    }

    [Fact]
    public void Labels_are_kept_where_only_speakers_are_ambiguous()
    {
        const string folders = "red/angry blue/angry red/sad blue/sad";
        Assert.Contains(
            "speakers_from none",
            Assert.Throws<InvalidInputException>(() => Read(folders)).Message,
            StringComparison.Ordinal
        );
        var read = Read(folders, CorpusReadOptions.Default with { SpeakersFrom = "none" });
        Assert.Equal(["angry", "sad"], read.Clips.Select(clip => clip.Label!).Distinct());
        Assert.All(read.Clips, clip => Assert.Null(clip.Speaker));
        Assert.Equal("/data: labels are the names of level 2 (2: angry, sad)", Assert.Single(read.Notices));
    }

    [Fact]
    public void Folders_of_files_that_are_named_after_emotions_are_ambiguous()
    {
        var recordings = new CorpusFolder(
            "/data",
            ["/data/anna/angry_1.wav", "/data/anna/sad_1.wav", "/data/ben/sad2.wav"]
        );
        var error = Assert.Throws<InvalidInputException>(() => FolderNames.Read(recordings, CorpusReadOptions.Default));
        Assert.Contains("(angry, sad), so that labels are ambiguous", error.Message, StringComparison.Ordinal);
        Assert.Contains("level 1 (2: anna, ben)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_subsets_are_no_labels()
    {
        var read = Read("sad angry test");
        Assert.Equal("- - - -", Describe("sad angry test", "test"));
        Assert.Contains(read.Notices, notice =>
            notice.Contains("names of subsets are no labels and no speakers", StringComparison.Ordinal)
            && notice.EndsWith(": test 1", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Subsets_that_are_not_asked_for_are_not_said_to_be_used() =>
        Assert.EndsWith(
            "the subsets of level 1 (2: test, train) are not used, as asked for",
            Read("train/angry test/sad", CorpusReadOptions.Default with { Protocol = "none" }).Notices[0],
            StringComparison.Ordinal
        );

    // Label, speaker, subset and sex of the recording in a folder.
    private static string Describe(string folders, string folder)
    {
        var clip = Read(folders).Clips.Single(clip => clip.Path == $"/data/{folder}/1.wav");
        return $"{clip.Label ?? "-"} {clip.Speaker ?? "-"} {Text(Manifest.GetName(clip.Split))} {clip.Sex ?? "-"}";
    }

    private static string Text(string cell) => cell.Length == 0 ? "-" : cell;

    private static CorpusClips Read(string folders, CorpusReadOptions? options = null)
    {
        var files = folders.Split(' ').Select(name => name == "." ? "/data/1.wav" : $"/data/{name}/1.wav");
        return FolderNames.Read(new("/data", [.. files]), options ?? CorpusReadOptions.Default);
    }
}
