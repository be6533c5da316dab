using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Testing.Encoders;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>What is said about the settings that a checkpoint lacks: the default that was taken, once.</summary>
public sealed class CheckpointDefaultTests : IDisposable
{
    private const string Wav2Vec2 = "wav2vec2-base-like";

    private readonly List<CheckpointVariant> variants = [];

    public void Dispose() => variants.ForEach(variant => variant.Dispose());

    [Theory]
    [InlineData(Wav2Vec2)]
    [InlineData("hubert-large-like")]
    [InlineData("wavlm-base-like")]
    [InlineData("whisper/whisper-base-like")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like")]
    [InlineData("sew/sew-like")]
    [InlineData("data2vec-audio/data2vec-audio-base-like")]
    [InlineData("wav2vec2-conformer/conformer-rel-pos-like")]
    [InlineData("wav2vec2-conformer/conformer-rope-like")]
    public void A_complete_checkpoint_needs_no_default(string checkpoint) =>
        Assert.Empty(ListNotices(Create(checkpoint)));

    [Theory]
    [InlineData(Wav2Vec2, "Wav2Vec2FeatureExtractor", "sampling_rate 16000, do_normalize true")]
    [InlineData("whisper/whisper-base-like", "WhisperFeatureExtractor", "sampling_rate 16000, feature_size 80")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "SeamlessM4TFeatureExtractor", "num_mel_bins 80, padding_value 1")]
    public void Without_settings_of_the_preprocessing_the_defaults_are_said(
        string checkpoint,
        string extractor,
        string defaults
    )
    {
        var variant = Create(checkpoint);
        File.Delete(variant.PathOf(CheckpointVariant.Preprocessor));
        var notice = Assert.Single(ListNotices(variant));
        Assert.StartsWith($"{variant.Path}: neither preprocessor_config.json nor ", notice, StringComparison.Ordinal);
        Assert.Contains(extractor, notice, StringComparison.Ordinal);
        Assert.Contains(defaults, notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_setting_of_the_preprocessing_is_named()
    {
        var variant = Create(Wav2Vec2).WithProcessor(json => json.Remove("do_normalize"));
        Assert.Contains(
            "no do_normalize among the settings of the preprocessing: the defaults of Wav2Vec2FeatureExtractor are "
                + "used",
            Assert.Single(ListNotices(variant)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_setting_with_two_values_is_named_with_the_one_that_is_used()
    {
        var variant = Create(Wav2Vec2)
            .WithFile(CheckpointVariant.Processor, """{"feature_extractor": {"sampling_rate": 8000}}""");
        Assert.Contains(
            "sampling_rate is 16000 in preprocessor_config.json and 8000 in processor_config.json: 16000 is used",
            Assert.Single(ListNotices(variant)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Missing_settings_of_the_network_are_said_with_their_defaults()
    {
        var variant = Create(Wav2Vec2);
        variant.WithJson(CheckpointVariant.Config, json =>
        {
            json.Remove("hidden_act");
            json.Remove("layer_norm_eps");
            json.Remove("num_adapter_layers"); // of no effect
        });
        var notice = Assert.Single(ListNotices(variant));
        Assert.Contains("2 settings are missing in config.json", notice, StringComparison.Ordinal);
        Assert.Contains("hidden_act gelu", notice, StringComparison.Ordinal);
        Assert.Contains("layer_norm_eps 1E-05", notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_classifier_says_its_defaults_too()
    {
        var variant = Create("heads/ehcalabres-names");
        File.Delete(variant.PathOf(CheckpointVariant.Preprocessor));
        var notices = new List<string>();
        using var classifier = await SpeechClassifier.OpenAsync(
            variant.Path,
            new() { Notice = notices.Add },
            TestContext.Current.CancellationToken
        );
        Assert.Single(notices, notice => notice.Contains("do_normalize true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "a Git LFS pointer",
        "git lfs pull"
    )]
    [InlineData("<!DOCTYPE html><html><body>Log in</body></html>", "an HTML page", "log in")]
    [InlineData("\n<html>", "an HTML page", "download the file again")]
    public void Weights_and_settings_that_were_not_downloaded_are_named(string content, string found, string remedy)
    {
        foreach (
            var file in (string[])[CheckpointVariant.Weights, CheckpointVariant.Config, CheckpointVariant.Preprocessor]
        )
        {
            var variant = Create(Wav2Vec2).WithFile(file, content);
            var error = Assert.Throws<InvalidFileException>(() => ListNotices(variant));
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
            Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
            Assert.Contains(file, error.Message, StringComparison.Ordinal);
        }
    }

    private static List<string> ListNotices(CheckpointVariant variant)
    {
        var notices = new List<string>();
        using var encoder = EncoderCatalog.Open(new(variant.Path) { Layers = "0" }, notices.Add);
        return notices;
    }

    private CheckpointVariant Create(string checkpoint)
    {
        var variant = new CheckpointVariant(checkpoint);
        variants.Add(variant);
        return variant;
    }
}
