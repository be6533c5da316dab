using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>A corpus of four speakers, through <c>--folds speakers</c> to its report.</summary>
public sealed class LeaveOneSpeakerOutTests(SaveeRun run) : IClassFixture<SaveeRun>
{
    private const string Sentence = "Leave-one-speaker-out cross-validation with 4 folds";

    [Fact]
    public void Corpus_recognizes_the_recordings_and_cites_them()
    {
        Assert.True(run.Audit.Code == 0, run.Audit.Error);
        Assert.Contains("SAVEE (synthetic): 56 clips, 4 speakers", run.Audit.Output, StringComparison.Ordinal);
        Assert.Contains("cite     SAVEE: S. Haq and P. J. B. Jackson", run.Audit.Output, StringComparison.Ordinal);
        Assert.Contains("license  SAVEE: research only", run.Audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_training_and_its_report_name_the_protocol()
    {
        Assert.True(run.Training.Code == 0, run.Training.Error);
        Assert.Contains($"split    {Sentence}", run.Training.Output, StringComparison.Ordinal);
        Assert.All((string[])["report.html", "classification_report.txt", "metrics.json"], file =>
            Assert.Contains(Sentence, ReadAnalysis(file), StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Each_fold_tests_one_speaker()
    {
        var metrics = JsonNode.Parse(ReadAnalysis("metrics.json"))!;
        Assert.Equal([1, 2, 3, 4], metrics["folds"]!.AsArray().Select(fold => (int)fold!["fold"]!));
        Assert.All(metrics["folds"]!.AsArray(), fold =>
            Assert.Equal((1, 14), ((int)fold!["n_speakers"]!, (int)fold["n_clips"]!))
        );
        Assert.True((bool)metrics["split"]!["speakers_disjoint"]!);
    }

    [Fact]
    public void The_configuration_keeps_the_word() =>
        Assert.Equal("speakers", (string?)JsonNode.Parse(ReadAnalysis("config.json"))!["folds"]);

    [Fact]
    public void A_finished_run_is_evaluated_with_its_folds()
    {
        var (code, output, error) = run.Run("evaluate", run.Name);
        Assert.True(code == 0, error);
        Assert.Contains($"split    {Sentence}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_a_finished_run_finds_all_folds()
    {
        var (code, output, error) = run.Run("train", "--resume", run.Name);
        Assert.True(code == 0, error);
        Assert.Contains("is finished", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_fold_is_trained_alone_and_resumed()
    {
        string[] work = ["--workdir", "single"];
        var (code, _, error) = run.Train(["--folds", "speakers", "--fold", "2", "--train_only", .. work]);
        Assert.True(code == 0, error);
        Assert.Contains("fold 2/4 epoch 1/1", error, StringComparison.Ordinal);
        Assert.DoesNotContain("fold 1/4 epoch", error, StringComparison.Ordinal);
        var name = Path.GetFileName(Directory.GetDirectories(run.PathOf("single", "checkpoints")).Single());
        var resumption = run.Run(["train", "--resume", name, "--fold", "4", .. work]);
        Assert.True(resumption.Code == 0, resumption.Error);
        Assert.Contains("Only 2 of 4 folds are trained so far", resumption.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fold_that_no_speaker_has_is_rejected_before_a_run_is_created()
    {
        var (code, _, error) = run.Train("--folds", "speakers", "--fold", "5", "--workdir", "fifth");
        Assert.Equal(3, code); // the number of speakers is in the data
        Assert.Contains("--fold 5: expected 1 to 4", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(run.PathOf("fifth")));
    }

    [Fact]
    public void More_folds_than_speakers_are_rejected_before_a_run_is_created()
    {
        FeatureStoreBuilder.WriteLearnable(run.PathOf("eight"), clips: 48, clipsPerSpeaker: 6);
        var (code, _, error) = run.Run("train", "--data_dirs", "eight", "--folds", "9", "--workdir", "nine");
        Assert.Equal(3, code);
        Assert.Contains("folds 9: 8 speakers are named", error, StringComparison.Ordinal);
        Assert.Contains(
            "at most 8 folds, or --folds speakers (leave one speaker out)",
            error,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(run.PathOf("nine")));
    }

    [Fact]
    public void Folds_by_speaker_that_the_speakers_cannot_give_are_rejected()
    {
        var (code, _, error) = run.Train("--split", "speaker", "--folds", "20", "--workdir", "twenty");
        Assert.Equal(3, code);
        Assert.Contains("folds 20: 4 speakers are named", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "many",
        "--folds many: expected 0 (one train/validation/test split), 3 to 1000, speakers (leave one speaker out), or "
            + "emobox (the folds of EmoBox)"
    )]
    [InlineData("2", "--folds 2: expected 0")]
    public void Invalid_folds_are_a_usage_error(string folds, string expected)
    {
        var (code, _, error) = run.Train("--folds", folds, "--workdir", "invalid");
        Assert.Equal(2, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_file_may_contain_a_number_or_the_word()
    {
        File.WriteAllText(run.PathOf("c.json"), """{"folds": 9.0}""");
        Assert.Contains("folds 9: 4 speakers", Train("c.json").Error, StringComparison.Ordinal);
        File.WriteAllText(run.PathOf("c.json"), """{"folds": "speakers", "split": "random"}""");
        Assert.Contains("folds speakers: split random", Train("c.json").Error, StringComparison.Ordinal);

        (int Code, string Output, string Error) Train(string file) =>
            run.Train("--config", file, "--workdir", "configured");
    }

    private string ReadAnalysis(string file) => File.ReadAllText(run.PathOf("analysis_results", run.Name, file));
}
