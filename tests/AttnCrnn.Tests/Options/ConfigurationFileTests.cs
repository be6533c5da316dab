using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Options;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Options;

/// <summary>Files of options: those of --config, and those of a run.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private const string Run = "attn_crnn_v2_20260131_235959";

    private readonly TempFolder folder = new();
    private readonly List<string> notices = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_unknown_key_is_an_error_of_a_configuration_file()
    {
        var exception = Assert.Throws<UsageException>(() => ParseTrain("""{"epoch": 3}"""));
        Assert.Contains(
            "config.json: 'epoch' is not an option of train; did you mean epochs?",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unknown_key_is_a_notice_of_a_run()
    {
        Assert.Equal(3, ReadRun("""{"format_version": 2, "epochs": 3, "epoch": 4}""").Experiment.Training.Epochs);
        Assert.Contains(
            "'epoch' is not an option of this version and is ignored",
            Assert.Single(notices),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_configuration_file_of_a_newer_version_is_an_error()
    {
        var exception = Assert.Throws<UsageException>(() => ParseTrain("""{"format_version": 3, "epochs": 3}"""));
        Assert.Contains("newer version of this program (format 3;", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_a_newer_version_has_a_notice()
    {
        Assert.Equal(3, ReadRun("""{"format_version": 3, "epochs": 3}""").Experiment.Training.Epochs);
        Assert.Contains("newer version of this program (format 3;", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_takes_precedence_over_the_file()
    {
        var training = ParseTrain("""{"epochs": 3, "batch_size": 8}""", "--epochs 4").Configuration.Experiment.Training;
        Assert.Equal((4, 8), (training.Epochs, training.BatchSize));
    }

    [Fact]
    public void All_invalid_values_of_file_and_command_line_are_reported_at_once()
    {
        var exception = Assert.Throws<UsageException>(() =>
            ParseTrain("""{"epochs": 0, "tempo": 7}""", "--batch_size 1 --learning_rate 2")
        );
        foreach (var key in (string[])["epochs", "tempo", "batch_size", "learning_rate"])
            Assert.Contains(key, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_keys_and_options_are_reported_with_invalid_values()
    {
        var exception = Assert.Throws<UsageException>(() =>
            ParseTrain("""{"bogus1": 1, "epohs": 2, "epochs": 0}""", "--bogus3 3 --bogus4 --batch_size 1 --folds")
        );
        var message = exception.Message.Replace(folder.PathOf("config.json"), "CONFIG", StringComparison.Ordinal);
        Assert.StartsWith(
            "--bogus3: unknown option of train; --bogus4: unknown option of train; --folds: a value is missing; "
                + "CONFIG: 'bogus1' is not an option of train; "
                + "CONFIG: 'epohs' is not an option of train; did you mean epochs?; "
                + "CONFIG: epochs 0: expected 1 to 100000",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains("; --batch_size 1: expected ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_file_of_a_run_has_its_version_and_every_option()
    {
        var resolved = new RunConfiguration { DataFolders = ["a"] }.Resolve(LogMel);
        var json = RunConfigurationFile.ToJson(resolved);
        Assert.Equal(2, json["format_version"]!.GetValue<int>());
        // Options without a value.
        string[] unset = ["focal_gamma", "fold", "init", "max_seconds", "preset", "split_seed", "weight_decay"];
        foreach (var option in RunConfiguration.Table.Options)
            Assert.Equal(unset.Contains(option.Key.Name), json[option.Key.Name] is null);
    }

    /// <summary>The values that 0.1 used for null, which its own runs show in their logs.</summary>
    [Theory]
    [InlineData("log-mel", 0.005, 8, 15, 3)]
    [InlineData("wav2vec2", 0.005, 1, 6, 2)]
    [InlineData("whisper-tiny.en", 0.2, 2, 15, 3)]
    public void Nulls_of_a_0_1_run_are_the_defaults_of_0_1(
        string encoder,
        double noise,
        int copies,
        int patience,
        int plateauPatience
    )
    {
        var golden = Fixtures.Path("golden", "runs", encoder, "finished");
        var directory = new RunDirectory(golden, Assert.Single(RunDirectory.List(golden)));
        Assert.Contains("\"noise\": null", File.ReadAllText(directory.Configuration), StringComparison.Ordinal);
        var saved = directory.ReadConfiguration(notices.Add);
        Assert.Empty(notices);
        Assert.Null(saved.Experiment.Training.Noise);
        var description = encoder switch
        {
            "log-mel" => LogMel,
            "wav2vec2" => new("facebook/wav2vec2-base", "1", "4-8", 50, 768, 1),
            _ => new EncoderDescription(encoder, "1-clip", "2", 50, 384, 1),
        };
        var training = saved.Resolve(description).Experiment.Training;
        Assert.Equal(
            (noise, copies, patience, plateauPatience),
            (training.Noise, training.Copies, training.Patience, training.PlateauPatience)
        );
        Assert.Equal((0.2, 0.98, 0.5), (training.MixUp, training.Beta2, training.PlateauFactor));
        Assert.Equal(
            (ClassWeighting.Balanced, NormalizationMode.Corpus, PaddingMode.None),
            (training.ClassWeight, training.Normalize, training.Padding)
        );
    }

    private static EncoderDescription LogMel { get; } = new("log-mel", "1", "", 100, 80, 1);

    private RunConfiguration ReadRun(string json)
    {
        var directory = new RunDirectory(folder.Path, Run);
        Directory.CreateDirectory(directory.Analysis);
        File.WriteAllText(directory.Configuration, json);
        return directory.ReadConfiguration(notices.Add);
    }

    private TrainSettings ParseTrain(string json, string arguments = "")
    {
        File.WriteAllText(folder.PathOf("config.json"), json);
        var train = new TrainCommand();
        var parsedArguments = train.ParseArguments([
            "--config",
            folder.PathOf("config.json"),
            .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        ]);
        return train.Parse(train.ReadValues(parsedArguments), parsedArguments);
    }
}
