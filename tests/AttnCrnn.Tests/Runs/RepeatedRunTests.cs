using System.Text.Json.Nodes;
using AttnCrnn.Options;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Comparisons;
using AttnCrnn.Runs;
using AttnCrnn.Tests.Cli;

namespace AttnCrnn.Tests.Runs;

/// <summary>Runs that are trained with several seeds on the same split.</summary>
public sealed class RepeatedRunTests : IDisposable
{
    private readonly TempFolder folder = new();

    public RepeatedRunTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("features"), clips: 36, clipsPerSpeaker: 6);

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_seed_evaluates_the_same_clips_and_the_report_has_mean_and_deviation()
    {
        var run = await TrainAsync("work", "--repeat", "3", "--seed", "5");
        var metrics = ReadMetrics("work", run);
        var seeds = metrics["repeats"]!["seeds"]!.AsArray();
        Assert.Equal([5, 6, 7], seeds.Select(seed => (int)seed!["seed"]!));
        double[] uar = [.. seeds.Select(seed => (double)seed!["uar"]!)];
        Assert.Equal(uar.Average(), (double)metrics["repeats"]!["uar"]!["mean"]!, 1e-12);
        var variance = uar.Sum(value => Math.Pow(value - uar.Average(), 2)) / 2;
        Assert.Equal(Math.Sqrt(variance), (double)metrics["repeats"]!["uar"]!["deviation"]!, 1e-12);
        Assert.Equal(uar[0], (double)metrics["uar"]!, 1e-12);
        Assert.Equal(uar[1], (double)ReadMetrics("work", run, "seed_6")["uar"]!, 1e-12);
        Assert.Equal((3, 1), ((int)metrics["test_set"]!["evaluations"]!, (int)metrics["test_set"]!["runs"]!));
        foreach (var file in (string[])["report.html", "classification_report.txt"])
            Assert.Contains("Over 3 seeds (5 to 7)", ReadAnalysis("work", run, file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_of_a_repeated_run_has_the_weights_of_a_run_with_that_seed_and_split()
    {
        var repeated = await TrainAsync("repeated", "--repeat", "2", "--seed", "5");
        var single = await TrainAsync("single", "--seed", "6", "--split_seed", "5");
        Assert.Equal(ReadPredictions("single", single), ReadPredictions("repeated", repeated, "seed_6"));
        Assert.NotEqual(ReadPredictions("single", single), ReadPredictions("repeated", repeated));
    }

    [Fact]
    public async Task Folds_are_repeated_with_each_seed()
    {
        var run = await TrainAsync("folds", "--repeat", "2", "--folds", "3");
        foreach (var fold in (string[])["fold_1", "fold_2", "fold_3"])
            Assert.True(
                File.Exists(folder.PathOf("folds", "checkpoints", run, "seed_1", fold, "best_attn_crnn_model.keras")),
                fold
            );
        Assert.Equal(36, (int)ReadMetrics("folds", run, "seed_1")["n_clips"]!);
        Assert.Equal(2, ReadMetrics("folds", run)["repeats"]!["seeds"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_resumed_run_trains_the_seeds_that_are_missing_and_no_other()
    {
        var run = await TrainAsync("work", "--repeat", "2");
        var expected = ReadPredictions("work", run, "seed_1");
        var first = folder.PathOf("work", "checkpoints", run, "final_attn_crnn_model.keras");
        var written = File.GetLastWriteTimeUtc(first);
        // As if killed while the second seed was trained: the report of the run is the last that is written.
        File.Delete(folder.PathOf("work", "analysis_results", run, "report.html"));
        foreach (var part in (string[])["checkpoints", "analysis_results", "logs"])
            Directory.Delete(folder.PathOf("work", part, run, "seed_1"), recursive: true);
        var (code, _, error) = await InProcessProgram.RunAsync(
            "train",
            "--resume",
            run,
            "--workdir",
            folder.PathOf("work")
        );
        Assert.True(code == 0, error);
        Assert.Equal(expected, ReadPredictions("work", run, "seed_1"));
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.Equal(2, ReadMetrics("work", run)["repeats"]!["seeds"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_seed_that_is_missing_is_trained_although_the_run_has_been_evaluated()
    {
        var run = await TrainAsync("work", "--repeat", "2");
        var expected = ReadPredictions("work", run, "seed_1");
        foreach (var part in (string[])["checkpoints", "analysis_results", "logs"])
            Directory.Delete(folder.PathOf("work", part, run, "seed_1"), recursive: true);
        await RunAsync("train", ["--resume", run, "--workdir", folder.PathOf("work")]);
        Assert.Equal(expected, ReadPredictions("work", run, "seed_1"));
        Assert.Contains(
            "is finished",
            await RunAsync("train", ["--resume", run, "--workdir", folder.PathOf("work")]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_comparison_of_two_repeated_runs_is_paired_over_their_common_seeds()
    {
        var first = await TrainAsync("work", "--repeat", "3", "--seed", "5");
        var second = await TrainAsync("work", "--repeat", "3", "--seed", "6", "--split_seed", "5", "--mixup", "0");
        var comparison = RunComparison.Read(folder.PathOf("work"), [first, second], seed: 0);
        var seeds = SeedComparison.Read(comparison.Runs[0], comparison.Runs[1])!;
        Assert.Equal([6UL, 7UL], seeds.Seeds.Select(difference => difference.Seed));
        Assert.Equal(
            (double)ReadMetrics("work", first, "seed_7")["uar"]!
                - (double)ReadMetrics("work", second, "seed_7")["uar"]!,
            seeds.Seeds[1].Uar,
            1e-12
        );
        Assert.StartsWith("Paired over 2 seeds", seeds.Describe("A"), StringComparison.Ordinal);
        var pair = JsonNode.Parse(ComparisonJson.Serialize(comparison))!["pairs"]![0]!;
        Assert.Equal(2, pair["repeats"]!["seeds"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_seed_is_named_as_a_run_is()
    {
        var run = await TrainAsync("work", "--repeat", "2", "--seed", "5");
        var seed = $"{run}/seed_6";
        string[] work = ["--workdir", folder.PathOf("work")];
        await RunAsync("evaluate", [seed, "--explain_clips", "0", .. work]);
        Assert.True(File.Exists(folder.PathOf("work", "analysis_results", run, "seed_6", "MODEL_CARD.md")));
        await RunAsync("report", [seed, .. work]);
        var details = JsonNode.Parse(await RunAsync("show", [seed, "--json", .. work]))!;
        Assert.Equal((seed, seed), ((string)details["name"]!, (string)details["run"]!["run"]!));
        Assert.Equal(ReadMetrics("work", run, "seed_6")["uar"]!.ToJsonString(), $"{details["metrics"]!["uar"]}");
        var comparison = JsonNode.Parse(await RunAsync("compare", [run, seed, "--json", .. work]))!;
        Assert.Equal([run, seed], comparison["runs"]!.AsArray().Select(compared => (string)compared!["run"]!));
    }

    [Fact]
    public async Task The_list_of_runs_has_mean_and_deviation_over_the_seeds()
    {
        var run = await TrainAsync("work", "--repeat", "3", "--seed", "5");
        string[] work = ["--workdir", folder.PathOf("work")];
        var repeats = ReadMetrics("work", run)["repeats"]!;
        var expected = FormattableString.Invariant(
            $"{(double)repeats["uar"]!["mean"]!:0.000} ± {(double)repeats["uar"]!["deviation"]!:0.000} (seeds 5 to 7)"
        );
        Assert.Contains(expected, await RunAsync("models", work), StringComparison.Ordinal);
        var listed = JsonNode.Parse(await RunAsync("models", ["--json", .. work]))!["runs"]!.AsArray().Single()!;
        Assert.Equal((3, 3), ((int)listed["seeds"]!, (int)listed["trained_seeds"]!));
        Assert.Equal(repeats.ToJsonString(), listed["repeats"]!.ToJsonString());
        Assert.Contains("Over 3 seeds (5 to 7)", await RunAsync("show", [run, .. work]), StringComparison.Ordinal);
        Directory.Delete(folder.PathOf("work", "checkpoints", run, "seed_7"), recursive: true);
        listed = JsonNode.Parse(await RunAsync("models", ["--json", .. work]))!["runs"]!.AsArray().Single()!;
        Assert.Equal(("unfinished", 2), ((string)listed["state"]!, (int)listed["trained_seeds"]!));
    }

    [Theory]
    [InlineData("repeat=2,test_speakers=none", "reports metrics of a test set")]
    [InlineData("repeat=0", "expected")]
    [InlineData("repeat=2,seed=18446744073709551615", "do not fit")]
    public void Combinations_without_a_meaning_are_refused(string options, string expected)
    {
        var values = new OptionValues();
        foreach (var option in options.Split(','))
            values.Set(new(option.Split('=')[0]), [option.Split('=')[1]]);
        var errors = new List<OptionError>();
        RunConfiguration.Create(values, errors);
        Assert.Contains(expected, $"{Assert.Single(errors)}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_whose_further_seeds_are_not_evaluated_says_so() =>
        Assert.Equal(
            "Only seed 5 of 3 seeds is evaluated so far.",
            RepeatsText.Describe(new([new(5, 0.5, 0.5, 0.5)], Requested: 3))
        );

    private static async Task<string> RunAsync(string command, string[] arguments)
    {
        var (code, output, error) = await InProcessProgram.RunAsync([command, .. arguments]);
        Assert.True(code == 0, error);
        return output;
    }

    private async Task<string> TrainAsync(string work, params string[] options)
    {
        var existing = ListRuns(work);
        var (code, _, error) = await InProcessProgram.RunAsync([
            "train",
            "--data_dirs",
            folder.PathOf("features"),
            "--workdir",
            folder.PathOf(work),
            "--epochs",
            "2",
            "--batch_size",
            "16",
            "--threads",
            "1",
            .. options,
        ]);
        Assert.True(code == 0, error);
        return Assert.Single(ListRuns(work).Except(existing));
    }

    private IReadOnlyList<string> ListRuns(string work) => RunDirectory.List(folder.PathOf(work));

    private string ReadAnalysis(string work, params string[] parts) =>
        File.ReadAllText(folder.PathOf([work, "analysis_results", .. parts]));

    private JsonNode ReadMetrics(string work, params string[] parts) =>
        JsonNode.Parse(ReadAnalysis(work, [.. parts, "metrics.json"]))!;

    private string ReadPredictions(string work, params string[] parts) =>
        ReadAnalysis(work, [.. parts, "predictions.csv"]);
}
