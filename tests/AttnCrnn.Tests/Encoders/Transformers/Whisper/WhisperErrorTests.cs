using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Whisper checkpoints that are rejected, each with the reason, and older files that are accepted.</summary>
public sealed class WhisperErrorTests
{
    [Theory]
    [InlineData("""{"activation_function": "mish"}""", "activation_function 'mish'")]
    [InlineData("""{"quantization_config": {"bits": 8}}""", "quantization_config")]
    [InlineData("""{"encoder_attention_heads": 3}""", "d_model 8 and encoder_attention_heads 3")]
    [InlineData("""{"encoder_layers": 0}""", "encoder_layers 0")]
    [InlineData("""{"num_mel_bins": 500}""", "num_mel_bins 500")]
    [InlineData("""{"model_type": "whisperer"}""", "a model of type 'whisperer'")]
    public void An_unsupported_configuration_is_rejected_by_its_value(string fields, string expected)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new()).WithFields("config.json", fields);
        var error = Assert.Throws<InvalidFileException>(() => checkpoint.Open());
        Assert.Contains(checkpoint.PathOf("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"feature_size": 128}""", "feature_size 128")]
    [InlineData("""{"chunk_length": 30}""", "chunk_length 30 (480000 samples)")]
    [InlineData("""{"feature_extractor_type": "SomeExtractor"}""", "feature_extractor_type SomeExtractor")]
    [InlineData("""{"dither": 0.001}""", "dither above 0")]
    [InlineData("""{"do_normalize": true}""", "do_normalize true")]
    [InlineData("""{"padding_value": 1.0}""", "a padding_value other than 0")]
    [InlineData("""{"padding_side": "left"}""", "padding_side left")]
    [InlineData("""{"n_samples": 480000}""", "n_samples 480000")]
    [InlineData("""{"nb_max_frames": 3000}""", "nb_max_frames 3000")]
    [InlineData("""{"hop_length": 320}""", "hop_length 320")]
    [InlineData("""{"n_fft": 512}""", "n_fft 512")]
    [InlineData("""{"sampling_rate": 8000}""", "sampling_rate 8000")]
    public void A_preprocessor_that_contradicts_the_model_is_rejected_by_its_value(string fields, string expected)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new()).WithFields("preprocessor_config.json", fields);
        var error = Assert.Throws<InvalidFileException>(() => checkpoint.Open());
        Assert.Contains(checkpoint.PathOf("preprocessor_config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_processor_config_replaces_a_missing_preprocessor_config()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        File.Delete(checkpoint.PathOf("preprocessor_config.json"));
        var extractor = checkpoint.Preprocessor();
        extractor["hop_length"] = 320;
        var processor = new JsonObject
        {
            ["hop_length"] = 160,

            ["feature_extractor"] = extractor,
        };
        checkpoint.Write("processor_config.json", processor);
        var error = Assert.Throws<InvalidFileException>(() => checkpoint.Open());
        Assert.Contains(checkpoint.PathOf("processor_config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains("hop_length 320", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_of_impossible_sizes_is_rejected_before_allocation()
    {
        const string sizes = """{"d_model": 40000, "encoder_attention_heads": 1, "encoder_ffn_dim": 40000}""";
        using var checkpoint = new WhisperCheckpointBuilder(new()).WithFields("config.json", sizes);
        var options = new SpeechOptions("last") { Precision = SpeechPrecision.Int8 };
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidInputException>(() =>
            new SpeechEncoder(checkpoint.Folder, "tiny", null, options)
        );
        Assert.Contains("expected [40000, ", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 16 << 20);
    }

    [Fact]
    public void A_processor_config_with_only_its_class_counts_as_missing()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        File.Delete(checkpoint.PathOf("preprocessor_config.json"));
        checkpoint.Write("processor_config.json", new JsonObject { ["processor_class"] = "WhisperProcessor" });
        using var encoder = checkpoint.Open();
        Assert.Equal(checkpoint.Shape.Width, encoder.Description.Width);
    }

    [Fact]
    public void A_processor_config_with_the_published_features_is_accepted()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        File.Delete(checkpoint.PathOf("preprocessor_config.json"));
        checkpoint.Write("processor_config.json", new JsonObject { ["feature_extractor"] = checkpoint.Preprocessor() });
        using var encoder = checkpoint.Open();
        Assert.Equal(checkpoint.Shape.Width, encoder.Description.Width);
    }

    [Fact]
    public void Mel_filters_of_an_older_preprocessor_file_are_ignored()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        var preprocessor = checkpoint.Preprocessor();
        preprocessor.Remove("dither");
        preprocessor["mel_filters"] = JsonSerializer.SerializeToNode(Enumerable.Repeat(new double[201], 80));
        checkpoint.Write("preprocessor_config.json", preprocessor);
        using var encoder = checkpoint.Open();
        Assert.Equal(checkpoint.Shape.Width, encoder.Description.Width);
    }

    [Fact]
    public void Fields_of_an_older_configuration_are_ignored()
    {
        const string configuration = """{"torch_dtype": "float16", "num_hidden_layers": 2}""";
        using var checkpoint = new WhisperCheckpointBuilder(new()).WithFields("config.json", configuration);
        using var encoder = checkpoint.Open();
        Assert.Equal(3, encoder.Description.LayerCount);
    }

    [Theory]
    [InlineData("conv2.bias", "no model.encoder.conv2.bias [8]")]
    [InlineData("layers.1.fc1.weight", "no model.encoder.layers.1.fc1.weight [12, 8]")]
    public void A_missing_tensor_is_listed(string name, string expected)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new(), omittedTensor: name);
        var error = Assert.Throws<InvalidInputException>(() => checkpoint.Open());
        Assert.Contains(checkpoint.PathOf("model.safetensors"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_without_an_encoder_are_rejected_with_the_missing_tensor()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new(), omittedTensor: "conv1.weight");
        var error = Assert.Throws<InvalidInputException>(() => checkpoint.Open());
        Assert.Contains("no tensor conv1.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_position_count_is_rejected_with_both_numbers()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new()).WithFields(
            "config.json",
            """{"max_source_positions": 150}"""
        );
        File.Delete(checkpoint.PathOf("preprocessor_config.json")); // whose contradiction would be reported first
        var error = Assert.Throws<InvalidInputException>(() => checkpoint.Open());
        Assert.Contains("embed_positions.weight [100, 8], expected [150, 8]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_is_rejected_with_the_remedy()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new());
        checkpoint.Write("adapter_config.json", new JsonObject { ["peft_type"] = "LORA" });
        var error = Assert.Throws<InvalidFileException>(() => checkpoint.Open());
        Assert.Contains(checkpoint.PathOf("adapter_config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains("merge_and_unload", error.Message, StringComparison.Ordinal);
    }
}
