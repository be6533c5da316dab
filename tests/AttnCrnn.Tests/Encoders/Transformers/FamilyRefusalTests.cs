using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>A configuration that asks for what is not computed is refused, by the name of the setting.</summary>
public sealed class FamilyRefusalTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "add_adapter", "true")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "num_conv_pos_embedding_groups", "7")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "layer_norm_eps", "-1e-5")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "layer_norm_eps", "0")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "layer_norm_eps", "0")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "conv_stride", "[65536,65536,65536,65536,65536,65536,65536]")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "conv_stride", "[65536,65536,1,1,1,1,1]")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "conv_stride", "[251,2,2,2,2,2,2]")]
    [InlineData("unispeech-sat/unispeech-sat-base-like", "conv_kernel", "[10,3,3,3,3,2,65536]")]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "add_adapter", "true")]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "conv_pos_kernel_size", "0")]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "num_conv_pos_embeddings", "101")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "add_adapter", "true")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "position_embeddings_type", "null")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "position_embeddings_type", "\"relative_key\"")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "conv_depthwise_kernel_size", "30")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "hidden_act", "\"mish\"")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "adapter_attn_dim", "16")]
    [InlineData("sew/sew-like", "squeeze_factor", "0")]
    [InlineData("sew/sew-like", "squeeze_factor", "1000")]
    [InlineData("sew/sew-like", "conv_dim", "null")]
    [InlineData("sew/sew-like", "conv_pos_batch_norm", "true")]
    [InlineData("sew/sew-like", "model_type", "\"sew-d\"")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "add_adapter", "true")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "use_intermediate_ffn_before_adapter", "true")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "position_embeddings_type", "\"rotary\"")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "position_embeddings_type", "null")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "feature_projection_input_dim", "80")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "num_attention_heads", "5")]
    public void A_setting_that_is_not_supported(string checkpoint, string key, string value)
    {
        var error = Open(checkpoint, "config.json", key, value);
        Assert.Contains("config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(key == "model_type" ? "sew-d" : key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feature_extractor_type", "\"Wav2Vec2FeatureExtractor\"")]
    [InlineData("stride", "3")]
    [InlineData("sampling_rate", "8000")]
    [InlineData("num_mel_bins", "128")]
    public void Filter_banks_that_the_network_does_not_take(string key, string value) =>
        Open("wav2vec2-bert/w2v-bert-2.0-like", "preprocessor_config.json", key, value);

    private InvalidFileException Open(string checkpoint, string changedFile, string key, string value)
    {
        foreach (var file in Directory.EnumerateFiles(Fixtures.Path("encoders", checkpoint)))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
        var path = folder.PathOf(changedFile);
        var json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        json[key] = JsonNode.Parse(value);
        File.WriteAllText(path, json.ToJsonString());
        return Assert.Throws<InvalidFileException>(() => new SpeechEncoder(folder.Path, "x", null, new("last")));
    }
}
