using System.Diagnostics;
using System.Globalization;
using AttnCrnn.Corpora.Synthetic;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>samples/TrainOnFolder, samples/ResumeTraining and samples/CustomEncoder.</summary>
public sealed class TrainingSampleTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_folder_is_trained_evaluated_and_its_run_opened_again()
    {
        DemoCorpus.Generate(folder.PathOf("speech"), speakers: 3, clipsPerEmotion: 1);
        var trained = SampleProgram.Run("TrainOnFolder", folder.Path, "speech", "1");
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Matches(@"(?m)^UAR [01]\.\d+ on \d+ test clips: ", trained.Output);
        var run = Path.GetFileName(Directory.GetDirectories(folder.PathOf("checkpoints")).Single());
        Assert.True(File.Exists(folder.PathOf("analysis_results", run, "report.html")));

        File.Delete(folder.PathOf("analysis_results", run, "report.html"));
        var resumed = SampleProgram.Run("ResumeTraining", folder.Path, run);
        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.StartsWith("UAR ", resumed.Output, StringComparison.Ordinal); // nothing is trained again
        Assert.True(File.Exists(folder.PathOf("analysis_results", run, "report.html")));
    }

    [Fact]
    [Requires("unix")]
    public void An_interrupted_training_is_continued_after_its_last_epoch()
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6);
        string[] training = ["train", "--data_dirs", "store", "--epochs", "40", "--patience", "40"];
        using (var program = BuiltProgram.Start(folder.Path, [], training))
            InterruptAfter(program, program.StandardError, "epoch 2/");
        var run = Path.GetFileName(Directory.GetDirectories(folder.PathOf("checkpoints")).Single());

        using (var sample = Process.Start(SampleProgram.Prepare("ResumeTraining", folder.Path, run))!)
        {
            InterruptAfter(sample, sample.StandardOutput, "epoch 5, ");
            Assert.Equal(130, sample.ExitCode);
        }
        var finished = SampleProgram.Run("ResumeTraining", folder.Path, run);
        Assert.True(finished.Code == 0, finished.Error);
        Assert.StartsWith("epoch ", finished.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 1, ", finished.Output, StringComparison.Ordinal);
        var events = File.ReadAllText(folder.PathOf("logs", run, "progress.jsonl"));
        Assert.Equal(3, events.Split("{\"event\":\"start\"").Length - 1);
        Assert.Equal(2, events.Split("{\"event\":\"interrupted\"").Length - 1);
        Assert.Contains("{\"event\":\"end\"", events, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_run_is_reported()
    {
        var (code, _, error) = SampleProgram.Run("ResumeTraining", folder.Path, "nowhere");
        Assert.Equal(3, code);
        Assert.StartsWith("nowhere: no such run under ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_custom_encoder_is_extracted_with_trained_with_and_predicted_with()
    {
        DemoCorpus.Generate(folder.PathOf("speech"), speakers: 3, clipsPerEmotion: 1);
        var recording = Directory.GetFiles(folder.PathOf("speech"), "*.wav", SearchOption.AllDirectories)[0];
        var (code, output, error) = SampleProgram.Run("CustomEncoder", folder.Path, "speech", recording, "1");
        Assert.True(code == 0, error);
        var store = File.ReadAllText(folder.PathOf("loudness", "store.json"));
        Assert.Contains("\"loudness\"", store, StringComparison.Ordinal);
        var lines = output.TrimEnd().Split('\n');
        Assert.Equal(Directory.GetDirectories(folder.PathOf("speech")).Length, lines.Length);
        Assert.Equal(1, lines.Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)), 0.01);
    }

    private static void InterruptAfter(Process process, StreamReader lines, string start)
    {
        string? line;
        do line = lines.ReadLine();
        while (line is not null && !line.StartsWith(start, StringComparison.Ordinal));
        Interruption.Send(process);
        lines.ReadToEnd();
        process.WaitForExit();
    }
}
