using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Testing.Encoders;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>Settings that are missing or null have the meaning that transformers gives them.</summary>
public sealed class WaveformSettingsTests
{
    /// <summary>Wav2Vec2FeatureExtractor tests whether the setting is true; by default it is.</summary>
    [Theory]
    [InlineData("""{"do_normalize": true}""", true)]
    [InlineData("""{"do_normalize": false}""", false)]
    [InlineData("""{"do_normalize": null}""", false)]
    [InlineData("{}", true)]
    public void Null_does_not_normalize(string json, bool expected)
    {
        using var variant = new CheckpointVariant("wav2vec2-base-like");
        variant.WithFile(CheckpointVariant.Preprocessor, json);
        Assert.Equal(expected, WaveformPreprocessing.Read(CheckpointFolder.Open(variant.Path)).Normalizes);
    }

    /// <summary>Wav2Vec2Config: conv_dim, conv_kernel and conv_stride, each by itself.</summary>
    [Theory]
    [InlineData("wav2vec2-large-like", "conv_kernel")]
    [InlineData("wav2vec2-large-like", "conv_stride")]
    [InlineData("wav2vec2-conformer/conformer-rel-pos-like", "conv_kernel,conv_stride")]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "conv_kernel,conv_stride")]
    public void Missing_convolutions_are_those_of_wav2vec_2(string checkpoint, string keys)
    {
        using var variant = new CheckpointVariant(checkpoint);
        variant.WithJson(CheckpointVariant.Config, json =>
        {
            foreach (var key in keys.Split(','))
                json.Remove(key);
        });
        using var complete = new SpeechEncoder(
            Fixtures.Path(["encoders", .. checkpoint.Split('/')]),
            "x",
            null,
            new("last")
        );
        using var encoder = new SpeechEncoder(variant.Path, "x", null, new("last"));
        var samples = new float[2000];
        samples[700] = 1;
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(complete.Encode(samples, cancellation).Values, encoder.Encode(samples, cancellation).Values);
    }

    [Fact]
    public void Missing_channels_are_512()
    {
        using var variant = new CheckpointVariant("wav2vec2-large-like");
        variant.WithJson(CheckpointVariant.Config, json => json.Remove("conv_dim"));
        var config = CheckpointFolder.Open(variant.Path).ReadJson(CheckpointVariant.Config);
        Assert.Equal(Enumerable.Repeat(512, 7), WaveformConvolutions.Read(config).Items.Select(item => item.Channels));
    }
}
