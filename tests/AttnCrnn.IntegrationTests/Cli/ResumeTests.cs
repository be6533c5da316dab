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

    [Theory]
    [InlineData]
    [InlineData("--averaging", "ema", "--schedule", "one_cycle")]
    public void A_run_killed_at_random_resumes_to_the_weights_of_an_unkilled_run(params string[] options)
    {
        // For a longer search by hand.
        var maxKills = int.Parse(
            Environment.GetEnvironmentVariable("ATTN_CRNN_KILLS") ?? "4",
            CultureInfo.InvariantCulture
        );
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 64, clipsPerSpeaker: 8);
        string[] training = ["--epochs", "25", "--patience", "25", "--batch_size", "8", "--seed", "5"];
        string[] recipe = ["train", "--data_dirs", "store", .. training, .. options, "--checkpoint_every", "1"];
        var start = Stopwatch.GetTimestamp();
        using (var uninterrupted = Start([.. recipe, "--workdir", "whole"]))
            Assert.True(HasExited(uninterrupted), "the uninterrupted run did not end");
        var duration = Stopwatch.GetElapsedTime(start);

        var kills = RunWithKills([.. recipe, "--workdir", "broken"], maxKills, duration);
        output.WriteLine($"{kills} kills");
        Assert.True(kills > 0, $"the run was done before the first kill; uninterrupted it took {duration}");
        foreach (var model in (string[])["best_attn_crnn_model", "final_attn_crnn_model"])
            Assert.Equal(TrainedWeights.Read(ModelIn("whole", model)), TrainedWeights.Read(ModelIn("broken", model)));
        // Partial files of a killed process have been removed.
        Assert.Empty(Directory.GetFiles(folder.PathOf("broken", "checkpoints"), ".*", SearchOption.AllDirectories));
    }

    /// <summary>Trains to the end, with kills before; returns how many there were.</summary>
    /// <param name="maxKills">Fewer if the run ends earlier.</param>
    /// <param name="duration">
    /// Of an uninterrupted run. The kills come within fractions of it, so that the first comes before the end on a
    /// machine of any speed.
    /// </param>
    private int RunWithKills(string[] command, int maxKills, TimeSpan duration)
    {
        var random = new Random(12345);
        var kills = 0;
        var next = command;
        while (true)
        {
            using var process = Start(next);
            // The moments are arbitrary on purpose, since a process can be killed at any: during its start, a step or
            // the writing of a file. The weights must not depend on them.
            var wait = duration * (0.05 + (0.35 * random.NextDouble()));
            if (kills < maxKills && !process.WaitForExit(wait))
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
