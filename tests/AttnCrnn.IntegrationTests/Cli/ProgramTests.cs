using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The built program, run as a user runs it.</summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("--port", "x", "attn-crnn: --port x: expected a whole number")]
    [InlineData("--host", "here", "attn-crnn: --host cannot be used with --to local")]
    public void An_invalid_option_is_reported_as_the_user_typed_it(string flag, string value, string expected)
    {
        var (code, _, error) = BuiltProgram.Run(Path.GetTempPath(), "monitor", "--to", "local", flag, value);
        Assert.True(code == 2 && error.StartsWith(expected, StringComparison.Ordinal), error);
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
    public void The_exit_code_depends_on_the_kind_of_error(int code, params string[] arguments)
    {
        var (actual, _, error) = Run(arguments);
        Assert.Equal(code, actual);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        if (code != 0)
            Assert.StartsWith("attn-crnn: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_similar_option_is_suggested()
    {
        Assert.Contains("did you mean --epochs?", Run("train", "--epoch", "3").Error, StringComparison.Ordinal);
        Assert.Contains("did you mean train?", Run("trian").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void All_invalid_values_are_reported_at_once_in_either_spelling()
    {
        var error = Run("train", "--data-dirs", "x", "--batch-size", "1", "--noise", "-3", "--monitor", "loss").Error;
        Assert.Contains("--batch_size 1", error, StringComparison.Ordinal);
        Assert.Contains("--noise -3", error, StringComparison.Ordinal);
        Assert.Contains("--monitor loss", error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_overrides_the_configuration_file()
    {
        File.WriteAllText(folder.PathOf("c.json"), """{"data_dirs": ["x"], "batch-size": 1, "noise": -1}""");
        var error = Run("train", "--config", "c.json", "--noise", "-2").Error;
        Assert.Contains("c.json: batch_size 1", error, StringComparison.Ordinal);
        Assert.Contains("--noise -2", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", "c.json: batch_size 1: expected 2")]
    [InlineData("1e0", "c.json: batch_size 1: expected 2")]
    [InlineData("1.5", "c.json: batch_size 1.5: expected a whole number")]
    public void A_whole_number_in_a_configuration_file_may_have_a_fraction_of_0(string size, string expected)
    {
        File.WriteAllText(folder.PathOf("c.json"), $$"""{"data_dirs": ["x"], "batch_size": {{size}}, "noise": 0.0}""");
        var (code, _, error) = Run("train", "--config", "c.json");
        Assert.True(code == 2 && error.Contains(expected, StringComparison.Ordinal), error);
        Assert.DoesNotContain("noise", error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_in_a_configuration_file_is_rejected_with_a_suggestion()
    {
        File.WriteAllText(folder.PathOf("c.json"), """{"epoch": 3}""");
        var (code, _, error) = Run("train", "--config", "c.json");
        Assert.Equal(2, code);
        Assert.Contains("'epoch'", error, StringComparison.Ordinal);
        Assert.Contains("did you mean epochs?", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_file_of_invalid_JSON_is_rejected()
    {
        File.WriteAllText(folder.PathOf("c.json"), "{");
        Assert.Equal(3, Run("train", "--config", "c.json").Code);
    }

    [Fact]
    [Requires("unix")]
    public void The_resume_command_of_an_interrupted_training_works()
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("store"), clips: 48, clipsPerSpeaker: 6);
        using var process = Start("train", "--data_dirs", "store", "--epochs", "60", "--patience", "60");
        var error = InterruptAfterSecondEpoch(process);
        Assert.Equal(130, process.ExitCode);

        var run = error.Split("train --resume ")[1].Split('\n')[0].Trim();
        var last = int.Parse(Epoch().Matches(error)[^1].Groups[1].Value, CultureInfo.InvariantCulture);
        var resumption = Run("train", "--resume", run);

        Assert.True(resumption.Code == 0, resumption.Error);
        Assert.Equal($"{last + 1}", Epoch().Match(resumption.Error).Groups[1].Value);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    private Process Start(params string[] arguments) => BuiltProgram.Start(folder.Path, [], arguments);

    // Standard error of the training from its second epoch on.
    private static string InterruptAfterSecondEpoch(Process process)
    {
        string? line;
        do line = process.StandardError.ReadLine();
        while (line is not null && !line.StartsWith("epoch 2/", StringComparison.Ordinal));
        Interruption.Send(process);
        var remainder = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return $"{line}\n{remainder}";
    }

    [GeneratedRegex(@"(?m)^epoch (\d+)/")]
    private static partial Regex Epoch();
}
