using System.Text;
using System.Text.Json;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Evaluation of, and training from, an archive that Keras saved again.</summary>
public sealed class ResavedArchiveTests(ResavedArchive archive) : IClassFixture<ResavedArchive>
{
    [Fact]
    public void Evaluate_takes_labels_in_the_order_of_the_outputs()
    {
        var accuracy = Accuracy(archive.Best);
        Assert.Equal(accuracy, Accuracy("again.keras", "--labels", "calm,glad,sad"));
        Assert.NotEqual(accuracy, Accuracy("again.keras", "--labels", "glad,sad,calm"));
    }

    [Fact]
    public void A_warm_start_prints_what_it_takes_over()
    {
        Assert.True(archive.Training.Code == 0, archive.Training.Error);
        Assert.Contains("warm start from again.keras", archive.Training.Error, StringComparison.Ordinal);
        Assert.Contains("--normalize corpus", archive.Training.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_start_says_that_the_training_clips_of_the_archive_are_not_known() =>
        Assert.Contains(
            "Whether that model was trained on the test clips cannot be checked (no training_clips.csv is beside it)",
            string.Join(' ', archive.Training.Output.Split(' ', StringSplitOptions.TrimEntries)),
            StringComparison.Ordinal
        );

    [Fact]
    public void The_configuration_contains_the_archives_path()
    {
        var path = archive.PathOf("second", "analysis_results", archive.RunName, "config.json");
        using var configuration = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(archive.PathOf("again.keras"), configuration.RootElement.GetProperty("init").GetString());
    }

    [Fact]
    public void The_trained_model_contains_the_archives_name_without_its_folder()
    {
        var path = archive.PathOf("second", "checkpoints", archive.RunName, "best_attn_crnn_model.keras");
        var description = Encoding.UTF8.GetString(KerasBuilder.FromFile(path)["attn_crnn.json"]);
        Assert.Contains("\"again.keras\"", description, StringComparison.Ordinal);
        Assert.DoesNotContain(archive.PathOf(), description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_warm_started_run_is_evaluated_without_the_archive()
    {
        Assert.True(archive.Evaluation.Code == 0, archive.Evaluation.Error);
        Assert.Contains("again.keras", archive.Evaluation.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_that_differ_from_the_store_are_rejected()
    {
        string[] start = ["--init", "again.keras", "--labels", "calm,glad,angry", "--workdir", "third"];
        Assert.Equal(3, archive.Run(["train", "--data_dirs", "features", .. start]).Code);
        Assert.False(Directory.Exists(archive.PathOf("third")));
    }

    [Fact]
    public void Labels_without_an_initial_model_are_a_usage_error()
    {
        string[] labels = ["--labels", "calm,glad,sad", "--workdir", "fourth"];
        Assert.Equal(2, archive.Run(["train", "--data_dirs", "features", .. labels]).Code);
        Assert.False(Directory.Exists(archive.PathOf("fourth")));
    }

    private string Accuracy(params string[] arguments)
    {
        string[] line = ["evaluate", .. arguments, "--data_dirs", "features", "--json", "--quiet"];
        var (code, output, error) = archive.Run(line);
        Assert.True(code == 0, error);
        using var metrics = JsonDocument.Parse(output);
        return metrics.RootElement.GetProperty("accuracy").GetRawText();
    }
}
