using System.Diagnostics;
using System.Globalization;
using AttnCrnn.Models;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>A run that is killed repeatedly and resumed is bit-identical to an uninterrupted one.</summary>
[Requires("unix")]
public sealed class ResumeTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_run_killed_at_random_resumes_to_the_weights_of_an_unkilled_run()
    {
        var expected = int.Parse(
            Environment.GetEnvironmentVariable("ATTN_CRNN_KILLS") ?? "4",
            CultureInfo.InvariantCulture
        );
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 64, clipsPerSpeaker: 8);
        string[] training = ["--epochs", "25", "--patience", "25", "--batch_size", "8", "--seed", "5"];
        string[] recipe = ["train", "--data_dirs", "store", .. training, "--checkpoint_every", "1"];
        using (var uninterrupted = Start([.. recipe, "--workdir", "whole"]))
            Assert.True(HasExited(uninterrupted), "the uninterrupted run did not end");

        var kills = RunWithKills([.. recipe, "--workdir", "broken"], expected);
        output.WriteLine($"{kills} kills");
        Assert.True(kills >= Math.Min(expected, 3), $"only {kills} kills before the run was done");
        foreach (var model in (string[])["best_attn_crnn_model", "final_attn_crnn_model"])
            Assert.Equal(TrainedWeights.Read(ModelIn("whole", model)), TrainedWeights.Read(ModelIn("broken", model)));
        // Partial files of a killed process have been removed.
        Assert.Empty(Directory.GetFiles(folder.PathOf("broken", "checkpoints"), ".*", SearchOption.AllDirectories));
    }

    /// <summary>Trains to the end, with a number of kills before; returns how many there were.</summary>
    private int RunWithKills(string[] command, int expected)
    {
        var random = new Random(12345);
        var kills = 0;
        var next = command;
        while (true)
        {
            using var process = Start(next);
            // The first kills come at arbitrary moments; the test ends once the run has finished.
            if (kills < expected && !process.WaitForExit(random.Next(60, 1200)))
            {
                process.Kill();
                process.WaitForExit();
                kills++;
            }
            else
                Assert.True(HasExited(process), "the resumed run did not end");
            if (process.ExitCode == 0)
                return kills;
            var run = RunIn("broken");
            next = run.Length == 0 ? command : ["train", "--resume", run, "--workdir", "broken"];
        }
    }

    private string RunIn(string work)
    {
        var checkpoints = folder.PathOf(work, "checkpoints");
        // Killed before it wrote its configuration, a run leaves at most an empty folder: the same command starts
        // afresh.
        return Directory.Exists(checkpoints)
            ? Directory
                .GetDirectories(checkpoints)
                .Select(path => Path.GetFileName(path))
                .Where(name => File.Exists(folder.PathOf(work, "analysis_results", name, "config.json")))
                .Order()
                .FirstOrDefault("")
            : "";
    }

    private string ModelIn(string work, string model) =>
        folder.PathOf(work, "checkpoints", RunIn(work), model + ModelFile.Extension);

    private static bool HasExited(Process process) => process.WaitForExit(120_000);

    private Process Start(string[] arguments)
    {
        var process = BuiltProgram.Start(folder.Path, [], [.. arguments, "--quiet"]);
        process.BeginOutputReadLine(); // the output is discarded
        process.BeginErrorReadLine();
        return process;
    }
}
