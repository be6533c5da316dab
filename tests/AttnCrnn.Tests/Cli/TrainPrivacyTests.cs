using AttnCrnn.Formats.Wav;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Cli;

/// <summary>What the report of a training shows of the people who were recorded.</summary>
public sealed class TrainPrivacyTests : IAsyncLifetime
{
    private const int Clips = 12;

    private readonly TempFolder folder = new();

    public async ValueTask InitializeAsync()
    {
        List<string> lines = ["path,label,speaker"];
        for (var i = 0; i < Clips; i++)
        {
            WavWriter.Write(folder.PathOf("clips", $"{i}.wav"), LogMelModels.Sweep(0.5 + (0.02 * i)), 16_000);
            lines.Add($"clips/{i}.wav,{(i % 2 == 0 ? "low" : "high")},Quentin{i / 2}");
        }
        await File.WriteAllLinesAsync(folder.PathOf("clips.csv"), lines, TestContext.Current.CancellationToken);
        await RunAsync("extract", folder.PathOf("clips.csv"), "--encoder", "log-mel", "--out", folder.PathOf("store"));
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_report_names_no_speaker_and_has_no_voice_unless_it_is_asked_for()
    {
        await TrainAsync();
        var page = ReadPage();
        Assert.DoesNotContain("Quentin", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data:audio", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_recordings_are_in_the_report_of_a_training_that_asks_for_them()
    {
        await TrainAsync("--with_names", "--embed_audio");
        var page = ReadPage();
        Assert.Contains("Quentin", page, StringComparison.Ordinal);
        Assert.Contains("data:audio", page, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resumed_training_keeps_them_and_its_models_do_not_have_them()
    {
        await TrainAsync("--with_names", "--train_only");
        var run = Path.GetFileName(Directory.GetDirectories(folder.PathOf("runs", "checkpoints")).Single());
        await RunAsync("train", "--resume", run, "--workdir", folder.PathOf("runs"));
        Assert.Contains("Quentin", ReadPage(), StringComparison.Ordinal);
        var model = ModelFile.Read(folder.PathOf("runs", "checkpoints", run, "fold_1", "best_attn_crnn_model.keras"));
        Assert.DoesNotContain("with_names", model.Info.Training.Select(option => option.Key));
    }

    private Task TrainAsync(params string[] options) =>
        RunAsync([
            "train",
            "--data_dirs",
            folder.PathOf("store"),
            "--workdir",
            folder.PathOf("runs"),
            "--epochs",
            "1",
            "--threads",
            "1",
            "--explain_clips",
            "0",
            "--folds",
            "3",
            .. options,
        ]);

    private string ReadPage() =>
        File.ReadAllText(
            Directory.GetFiles(folder.PathOf("runs"), "report.html", SearchOption.AllDirectories).Single()
        );

    private static async Task RunAsync(params string[] arguments)
    {
        var (code, _, error) = await InProcessProgram.RunAsync(arguments);
        Assert.True(code == 0, error);
    }
}
