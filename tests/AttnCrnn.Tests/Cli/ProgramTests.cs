using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace AttnCrnn.Tests.Cli;

/// <summary>The built program as a user runs it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--port", "x", "attn-crnn: --port x: expected a whole number")]
    [InlineData("--host", "here", "attn-crnn: --host cannot be used with --to local")]
    public void A_flag_that_cannot_be_is_told_in_the_users_words(string flag, string value, string says)
    {
        var (code, _, error) = BuiltProgram.Run(Path.GetTempPath(), "monitor", "--to", "local", flag, value);
        Assert.True(code == 2 && error.StartsWith(says, StringComparison.Ordinal), error);
    }

    [Fact]
    public void The_whole_job_runs_on_the_demo_corpus_and_can_be_done_again_from_its_parts()
    {
        var demo = Run("demo", "--workdir", "d", "--epochs", "2");
        Assert.True(demo.Code == 0, demo.Error);
        Assert.DoesNotContain('\u001b', demo.Output + demo.Error); // no terminal, no escape codes
        var report = demo
            .Output.Split('\n')
            .Last(line => line.StartsWith("The report: ", StringComparison.Ordinal))["The report: ".Length..]
            .Trim();
        Assert.True(File.Exists(report));
        var run = Path.GetFileName(Path.GetDirectoryName(report))!;
        var clip = Directory.GetFiles(folder.At("d", "synthetic_speech", "sad")).Order().First();

        var told = Run("predict", run, clip, "--workdir", "d", "--json", "--quiet");
        using (var json = JsonDocument.Parse(told.Output))
        {
            Assert.Equal(
                ["path", "label", "probabilities", "start_s", "end_s"],
                json.RootElement.EnumerateObject().Select(property => property.Name)
            );
            Assert.Equal(
                1,
                json.RootElement.GetProperty("probabilities")
                    .EnumerateObject()
                    .Sum(probability => probability.Value.GetDouble()),
                1e-6
            );
        }
        var timeline = Run("predict", run, clip, "--workdir", "d", "--json", "--window", "0.5", "--hop", "0.25")
            .Output.Trim()
            .Split('\n');
        Assert.True(timeline.Length >= 4);
        Assert.Equal(0.25, JsonDocument.Parse(timeline[1]).RootElement.GetProperty("start_s").GetDouble());

        Assert.Equal(0, Run("train", "--resume", run, "--workdir", "d").Code); // finished: says so
        Assert.Contains(
            "\"uar\"",
            Run("evaluate", run, "--workdir", "d", "--json", "--quiet").Output,
            StringComparison.Ordinal
        );
        var given = Run("evaluate", run, "--workdir", "d", "--data_dirs", Path.Combine("d", "features"));
        Assert.True(given.Code == 0 && given.Output.Contains("clips    288", StringComparison.Ordinal), given.Error);
        var export = Run("export", run, "--workdir", "d", "--to", "npz", "--out", "w.npz");
        Assert.True(export.Code == 0 && File.Exists(folder.At("w.npz")), export.Error);
        using var config = JsonDocument.Parse(File.ReadAllText(folder.At("d", "analysis_results", run, "config.json")));
        Assert.Equal(2, config.RootElement.GetProperty("epochs").GetInt32());
        Assert.True(Path.IsPathRooted(config.RootElement.GetProperty("data_dirs")[0].GetString()!));
        Assert.Equal(3, Run("predict", run, "nowhere.wav", "--workdir", "d").Code);
        Assert.Equal(3, Run("predict", "no_such_run", clip, "--workdir", "d").Code);
    }

    [Theory]
    [InlineData(2, "train", "--epoch", "3")]
    [InlineData(2, "train", "--epochs", "many")]
    [InlineData(2, "train")]
    [InlineData(2, "trian")]
    [InlineData(2, "train", "--data_dirs", "x", "--batch_size", "1")]
    [InlineData(2, "extract", "x", "--encoder", "log-mel")]
    [InlineData(2, "predict", "only_a_run")]
    [InlineData(2, "export", "x", "--to", "tflite")]
    [InlineData(3, "train", "--data_dirs", "nowhere")]
    [InlineData(3, "extract", "nowhere", "--encoder", "log-mel", "--out", "o")]
    [InlineData(3, "corpus", "nowhere")]
    [InlineData(0, "doctor")]
    [InlineData(0, "train", "--help")]
    [InlineData(0, "--version")]
    public void The_exit_code_says_what_happened(int code, params string[] arguments)
    {
        var (actual, _, error) = Run(arguments);
        Assert.Equal(code, actual);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        if (code != 0)
            Assert.StartsWith("attn-crnn: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flag_that_is_nearly_right_is_named()
    {
        Assert.Contains(
            "--epoch: no such flag of train; did you mean --epochs?",
            Run("train", "--epoch", "3").Error,
            StringComparison.Ordinal
        );
        Assert.Contains("did you mean train?", Run("trian").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_wrong_values_are_said_at_once_and_either_spelling_works()
    {
        var error = Run("train", "--data-dirs", "x", "--batch-size", "1", "--noise", "-3", "--monitor", "loss").Error;
        Assert.Contains("--batch_size 1", error, StringComparison.Ordinal);
        Assert.Contains("--noise -3", error, StringComparison.Ordinal);
        Assert.Contains("--monitor loss", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_gives_flags_and_the_command_line_wins()
    {
        File.WriteAllText(folder.At("c.json"), """{"data_dirs": ["x"], "batch-size": 1, "noise": -1}""");
        var error = Run("train", "--config", "c.json", "--noise", "-2").Error;
        Assert.Contains("--batch_size 1", error, StringComparison.Ordinal);
        Assert.Contains("--noise -2", error, StringComparison.Ordinal);
        File.WriteAllText(folder.At("c.json"), """{"epoch": 3}""");
        var wrong = Run("train", "--config", "c.json");
        Assert.True(
            wrong.Code == 2
                && wrong.Error.Contains(
                    "'epoch' is no flag of train; did you mean --epochs?",
                    StringComparison.Ordinal
                ),
            wrong.Error
        );
        File.WriteAllText(folder.At("c.json"), "{");
        Assert.Equal(3, Run("train", "--config", "c.json").Code);
    }

    [Fact]
    [Requires("unix")]
    public void An_interrupted_training_keeps_its_checkpoint_says_how_to_go_on_and_does()
    {
        Assert.Equal(0, Run("demo", "--workdir", "d", "--epochs", "1").Code);
        using var process = Start(
            "train",
            "--data_dirs",
            Path.Combine("d", "features"),
            "--workdir",
            "t",
            "--epochs",
            "40",
            "--patience",
            "40",
            "--copies",
            "1"
        );
        for (
            string? line;
            (line = process.StandardError.ReadLine()) is not null
                && !line.StartsWith("epoch 2/", StringComparison.Ordinal);

        ) { }
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"]))
            kill.WaitForExit();
        var rest = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(130, process.ExitCode);
        var run = rest.Split("train --resume ")[1].Split('\n')[0].Trim();
        var last = rest.Split('\n')
            .Where(line => line.StartsWith("epoch ", StringComparison.Ordinal))
            .Select(line =>
                int.Parse(line[6..line.IndexOf('/', StringComparison.Ordinal)], CultureInfo.InvariantCulture)
            )
            .DefaultIfEmpty(2)
            .Last();
        var resumed = Run("train", "--resume", run, "--workdir", "t");
        Assert.True(
            resumed.Code == 0
                && !resumed.Error.Contains($"epoch {last}/40", StringComparison.Ordinal)
                && resumed.Error.Contains($"epoch {last + 1}/40", StringComparison.Ordinal),
            resumed.Error
        );
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    private Process Start(params string[] arguments) => BuiltProgram.Start(folder.Path, [], arguments);
}
