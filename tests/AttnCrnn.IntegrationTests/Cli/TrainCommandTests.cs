using System.Text.Json.Nodes;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>What train takes from its command line, and what it says about it.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly TempFolder folder = new();

    public TrainCommandTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6, encoder: "log-mel");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_feature_folder_without_its_option_is_refused_with_the_option()
    {
        var (code, _, error) = BuiltProgram.Run(folder.Path, "train", "store");

        Assert.Equal(2, code);
        Assert.StartsWith(
            "attn-crnn: store: unexpected argument of train; feature folders follow --data_dirs, as in "
                + "--data_dirs store\n",
            error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    [Requires("unix")] // fetch makes symbolic links
    public void Resume_latest_resumes_the_run_that_was_fetched_last()
    {
        Train("--epochs", "2", "--train_only");
        var run = Path.GetFileName(Assert.Single(Directory.GetDirectories(folder.PathOf("checkpoints"))));
        File.CreateSymbolicLink(folder.PathOf("analysis_results", "latest"), run);

        var (code, output, error) = BuiltProgram.Run(folder.Path, "train", "--resume", "latest");

        Assert.True(code == 0, error);
        Assert.DoesNotContain("epoch 1/2", error, StringComparison.Ordinal); // it is trained already
        Assert.Contains($"run      {run}\n", output, StringComparison.Ordinal);
        Assert.Equal([folder.PathOf("checkpoints", run)], Directory.GetDirectories(folder.PathOf("checkpoints")));
    }

    [Fact]
    public void Without_augmentation_the_settings_are_those_that_are_used()
    {
        var error = Train("--epochs", "1", "--disable_augmentation", "--noise", "0.5", "--copies", "3");

        string[] off = ["noise", "mixup", "time_masks", "frequency_masks", "tempo", "band_shift", "gain"];
        (string Key, string Value)[] expected =
        [
            .. off.Select(key => (key, "0")),
            ("copies", "1"),
            ("disable_augmentation", "true"),
        ];
        var echo = Assert.Single(error.Split('\n'), line =>
            line.StartsWith("Augmentation: ", StringComparison.Ordinal)
        );
        Assert.Equal(
            expected.Select(option => $"{option.Key} {option.Value}").Order(),
            echo["Augmentation: ".Length..].Split(", ").Order()
        );
        var analysis = Assert.Single(Directory.GetDirectories(folder.PathOf("analysis_results")));
        var configuration = JsonNode.Parse(File.ReadAllText(Path.Combine(analysis, "config.json")))!;
        var report = File.ReadAllText(Path.Combine(analysis, "report.html"));
        Assert.All(expected, option =>
        {
            Assert.Equal(option.Value, configuration[option.Key]!.ToJsonString());
            Assert.Contains(
                $"<th scope=\"row\">{option.Key}</th><td>{option.Value}</td>",
                report,
                StringComparison.Ordinal
            );
        });
    }

    /// <returns>What the program wrote to stderr.</returns>
    private string Train(params string[] options)
    {
        var (code, _, error) = BuiltProgram.Run(
            folder.Path,
            ["train", "--data_dirs", "store", "--batch_size", "8", .. options]
        );
        Assert.True(code == 0, error);
        return error;
    }
}
