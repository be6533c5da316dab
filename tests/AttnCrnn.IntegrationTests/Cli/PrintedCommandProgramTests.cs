using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Commands that the program prints, pasted into a shell in the folder where they were printed.</summary>
[Requires("unix")]
public sealed class PrintedCommandProgramTests : IDisposable
{
    private const string WorkFolder = "it's a 'work $(folder)'";

    private readonly TempFolder folder = new();

    public PrintedCommandProgramTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_command_that_resumes_an_interrupted_training_works()
    {
        string[] training = ["--epochs", "30", "--patience", "30", "--folds", "3", "--fold", "2", "--train_only"];
        using var process = BuiltProgram.Start(
            folder.Path,
            [],
            ["train", "--data_dirs", "store", "--workdir", WorkFolder, .. training]
        );
        var error = InterruptAfterFirstEpoch(process);
        Assert.True(process.ExitCode == 130, error);

        var (code, _, output) = Paste(error);

        Assert.True(code == 0, output);
        Assert.Contains("fold 2/3 epoch 30/30 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fold 2/3 epoch 1/30 ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("fold 1/3 ", output, StringComparison.Ordinal);
        var run = Path.GetFileName(Directory.GetDirectories(folder.PathOf(WorkFolder, "checkpoints")).Single());
        Assert.False(File.Exists(folder.PathOf(WorkFolder, "analysis_results", run, "report.html")));
        Assert.Equal(
            ["start", "interrupted", "start", "end"],
            File.ReadLines(folder.PathOf(WorkFolder, "logs", run, "fold_2", "progress.jsonl"))
                .Select(line => line.Split('"')[3])
                .Where(name => name is "start" or "interrupted" or "end" or "error")
        );
    }

    [Fact]
    public void The_command_for_a_run_without_a_model_works()
    {
        using (
            var process = BuiltProgram.Start(
                folder.Path,
                [],
                ["train", "--data_dirs", "store", "--workdir", WorkFolder, "--epochs", "2", "--checkpoint_every", "1"]
            )
        )
        {
            process.BeginErrorReadLine();
            Assert.True(process.WaitForExit(60_000));
        }
        var run = Path.GetFileName(Directory.GetDirectories(folder.PathOf(WorkFolder, "checkpoints")).Single());
        Directory.Delete(folder.PathOf(WorkFolder, "checkpoints", run), recursive: true);
        Directory.CreateDirectory(folder.PathOf(WorkFolder, "checkpoints", run));

        foreach (
            var command in (string[][])
                [
                    ["evaluate", run],
                    ["predict", run, "a.wav"],
                ]
        )
        {
            var (code, _, error) = BuiltProgram.Run(folder.Path, [.. command, "--workdir", WorkFolder]);
            Assert.True(code == 3, error);
            Assert.Contains("no model yet", error, StringComparison.Ordinal);
            if (command[0] == "predict")
            {
                var resumption = Paste(error);
                Assert.True(resumption.Code == 0, resumption.Error);
            }
        }
    }

    [Fact]
    public void The_command_that_shows_the_help_works()
    {
        var error = BuiltProgram.Run(folder.Path, "train", "--epoch", "3").Error;
        const string label = "See: ";
        var help = error.Split('\n').Single(line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..];
        Assert.Contains("--epochs", Paste(help).Output, StringComparison.Ordinal);
    }

    // Runs the last line, as a user pastes it.
    private (int Code, string Output, string Error) Paste(string text)
    {
        var command = text.TrimEnd().Split('\n')[^1];
        var start = BuiltProgram.Prepare(folder.Path);
        var shell = new ProcessStartInfo("/bin/sh", ["-c", command])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        shell.Environment["DOTNET_ROOT"] = start.Environment["DOTNET_ROOT"];
        return BuiltProgram.WaitForExit(Process.Start(shell)!)[0];
    }

    private static string InterruptAfterFirstEpoch(Process process)
    {
        string? line;
        var start = "";
        do start += (line = process.StandardError.ReadLine()) + "\n";
        while (line?.Contains("epoch 1/", StringComparison.Ordinal) == false);
        Assert.True(line is not null, start);
        Interruption.Send(process);
        var remainder = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return $"{line}\n{remainder}";
    }
}
