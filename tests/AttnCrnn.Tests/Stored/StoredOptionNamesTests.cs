using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment.Transfer;

namespace AttnCrnn.Tests.Stored;

/// <summary>Keys that are derived from options, or that another machine reads.</summary>
public sealed class StoredOptionNamesTests
{
    [Fact]
    public void Keys_of_a_runs_config_json_are_unchanged() =>
        Assert.Equal(
            "attention_scale band_shift batch_norm batch_size beta2 checkpoint_every class_weight "
                + "copies data_dirs disable_augmentation drop epochs exact_convolution fold folds "
                + "frequency_mask_bands frequency_masks gain init labels learning_rate lstm_dropout map "
                + "max_bad min_learning_rate mixup model monitor noise normalize padding patience "
                + "plateau_factor plateau_patience preset recipe recurrent_dropout seed split tempo threads "
                + "time_mask_share time_masks train_only workdir",
            ConfigurationKeys(new TrainCommand(), "train --data_dirs features")
        );

    [Fact]
    public void Keys_of_an_evaluations_config_json_are_unchanged() =>
        Assert.Equal(
            "data_dirs drop exact_convolution json labels map max_bad preset seed threads workdir",
            ConfigurationKeys(new EvaluateCommand(), "evaluate model.keras --data_dirs features")
        );

    [Fact]
    public void Keys_of_doctor_json_are_unchanged()
    {
        var json = DoctorCommand.CreateJson([(true, "disk", "12 GiB free")]);
        Assert.Equal("version threads memory_bytes findings", Keys(json));
        Assert.Equal("ok name what", Keys(json["findings"]![0]!.AsObject()));
    }

    [Fact]
    public void Keys_of_deployed_json_are_unchanged() =>
        Assert.Equal("from data_dirs", Keys(JsonNode.Parse(DataOrigin.FormatJson("/remote", [], null))!.AsObject()));

    private static string ConfigurationKeys(CliCommand command, string commandLine) =>
        Keys(ConfigFile.ResolveAll(command, command.Definition.Parse(commandLine)));

    private static string Keys(JsonObject json) => string.Join(' ', json.Select(pair => pair.Key));
}
