using System.Text.Json.Nodes;
using AttnCrnn.Cli.Commands;
using AttnCrnn.Deployment.Transfer;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Stored;

/// <summary>Keys that are derived from options, or that another machine reads.</summary>
public sealed class StoredOptionNamesTests
{
    [Fact]
    public void Keys_of_a_runs_config_json_are_unchanged() =>
        Assert.Equal(
            "format_version activation allow attention_scale average_epochs averaging band_shift batch_norm "
                + "batch_size beta2 checkpoint_every class_weight clip_norm copies data_dirs "
                + "disable_augmentation drop ema_momentum embed_audio epochs exact_convolution explain_clips "
                + "focal_gamma fold folds frequency_mask_bands frequency_masks gain head_norm init label_smoothing "
                + "labels learning_rate loss lstm_dropout map max_bad max_seconds min_learning_rate mixup "
                + "model monitor noise normalize optimizer padding patience plateau_factor "
                + "plateau_patience pooling preset recipe recurrent_dropout repeat schedule seed split split_seed "
                + "targets tempo test_speakers threads time_mask_share time_masks train_only validation_speakers "
                + "warmup weight_decay with_names workdir",
            Keys(RunConfigurationFile.ToJson(new()))
        );

    [Fact]
    public void Keys_of_an_evaluations_config_json_are_unchanged() =>
        Assert.Equal(
            "data_dirs drop embed_audio exact_convolution explain_clips json labels map max_bad preset raw_labels "
                + "revision seed threads with_names workdir",
            Keys(new EvaluateCommand().CreateConfiguration(new()))
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

    private static string Keys(JsonObject json) => string.Join(' ', json.Select(pair => pair.Key));
}
