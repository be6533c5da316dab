using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Testing.Encoders;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>The processor_config.json of transformers 5, which holds the settings of the feature extractor.</summary>
public sealed class ProcessorTests : IDisposable
{
    private const string Wav2Vec2 = "wav2vec2-base-like";
    private const string Wav2Vec2Bert = "wav2vec2-bert/w2v-bert-2.0-like";

    private static readonly float[] Samples =
    [
        .. Enumerable.Range(0, 4013).Select(i => 0.2f + (0.1f * MathF.Sin(i * i * 1e-3f))),
    ];

    private readonly List<CheckpointVariant> variants = [];

    public void Dispose() => variants.ForEach(variant => variant.Dispose());

    [Fact]
    public void Its_settings_are_used_if_there_is_no_preprocessor_config()
    {
        var changed = Create(Wav2Vec2);
        changed.WithJson(CheckpointVariant.Preprocessor, json => json["do_normalize"] = false);
        var moved = Create(Wav2Vec2).WithProcessor(json => json["do_normalize"] = false);

        Assert.NotEqual(Encode(Create(Wav2Vec2)), Encode(moved));
        Assert.Equal(Encode(changed), Encode(moved));
    }

    [Theory]
    [InlineData(Wav2Vec2, "sampling_rate", 8000)]
    [InlineData(Wav2Vec2, "feature_extractor_type", "SeamlessM4TFeatureExtractor")]
    [InlineData(Wav2Vec2Bert, "sampling_rate", 8000)]
    [InlineData(Wav2Vec2Bert, "num_mel_bins", 40)]
    [InlineData("sew/sew-like", "sampling_rate", 8000)]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "sampling_rate", 8000)]
    public void A_setting_that_is_not_supported_is_refused(string checkpoint, string key, object value)
    {
        var variant = Create(checkpoint).WithProcessor(json => json[key] = JsonOf(value));
        Assert.Throws<InvalidFileException>(() => Encode(variant));
    }

    [Fact]
    public void Preprocessor_config_comes_first()
    {
        var variant = Create(Wav2Vec2)
            .WithFile(CheckpointVariant.Processor, """{"feature_extractor": {"sampling_rate": 8000}}""");
        Assert.Equal(Encode(Create(Wav2Vec2)), Encode(variant));
        Assert.Equal(Revision(Create(Wav2Vec2)), Revision(variant));
    }

    [Theory]
    [InlineData(Wav2Vec2)]
    [InlineData(Wav2Vec2Bert)]
    public void The_revision_depends_on_it_only_if_it_is_used(string checkpoint)
    {
        var without = Create(checkpoint);
        File.Delete(without.PathOf(CheckpointVariant.Preprocessor));
        var revision = Revision(without);
        without.WithFile(CheckpointVariant.Processor, """{"processor_class": "Wav2Vec2Processor"}""");
        Assert.Equal(revision, Revision(without));
        Assert.NotEqual(revision, Revision(Create(checkpoint).WithProcessor()));
    }

    [Fact]
    public void Settings_at_the_top_of_processor_config_are_used_as_well()
    {
        var changed = Create(Wav2Vec2);
        changed.WithJson(CheckpointVariant.Preprocessor, json => json["do_normalize"] = false);
        var variant = Create(Wav2Vec2);
        File.Delete(variant.PathOf(CheckpointVariant.Preprocessor));
        variant.WithFile(CheckpointVariant.Processor, """{"do_normalize": false, "sampling_rate": 16000}""");
        Assert.Equal(Encode(changed), Encode(variant));
        variant.WithFile(CheckpointVariant.Processor, """{"do_normalize": false, "sampling_rate": 24000}""");
        var error = Assert.Throws<InvalidFileException>(() => Encode(variant));
        Assert.Contains("sampling_rate 24000", error.Message, StringComparison.Ordinal);
        Assert.Contains("16 kHz", error.Message, StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonNode JsonOf(object value) =>
        System.Text.Json.JsonSerializer.SerializeToNode(value)!;

    private static float[] Encode(CheckpointVariant variant)
    {
        using var encoder = new SpeechEncoder(variant.Path, "x", null, new("last"));
        return encoder.Encode(Samples, TestContext.Current.CancellationToken).Values;
    }

    private static string Revision(CheckpointVariant variant)
    {
        using var encoder = new SpeechEncoder(variant.Path, "x", null, new("last"));
        return encoder.Description.Revision;
    }

    private CheckpointVariant Create(string checkpoint)
    {
        var variant = new CheckpointVariant(checkpoint);
        variants.Add(variant);
        return variant;
    }
}
