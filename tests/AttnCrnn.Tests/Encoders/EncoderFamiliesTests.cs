using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Encoders;

/// <summary>The registry of encoder families.</summary>
public sealed class EncoderFamiliesTests
{
    [Theory]
    [InlineData("log-mel", "1", "log-mel")]
    [InlineData("whisper-tiny.en", "5f7d8d11024e-1-clip", "Whisper")]
    [InlineData("/models/any", "5f7d8d11024e-1-int8-chunk20-padded", "Whisper")]
    [InlineData("facebook/wav2vec2-base", "5f7d8d11024e-1", "others")]
    [InlineData("emotion2vec/emotion2vec_plus_base", "5f7d8d11024e-1", "others")]
    [InlineData("my-encoder", "1", "others")]
    [InlineData(EncoderDescription.Unknown, "", "others")]
    public void Training_defaults_follow_from_the_description_in_a_store(
        string name,
        string revision,
        string expected
    ) => Assert.Equal(expected, new EncoderDescription(name, revision, "", 50, 8, 1).TrainingDefaultsName);

    [Fact]
    public void No_model_type_belongs_to_two_families() => Assert.Distinct(EncoderFamilies.BuiltIn.ModelTypes);

    [Fact]
    public void A_description_belongs_to_one_family_at_most()
    {
        string[] revisions = ["1", "5f7d8d11024e-1", "5f7d8d11024e-1-clip", "5f7d8d11024e-1-padded"];
        foreach (var name in (string[])["log-mel", "whisper-tiny.en", "facebook/wav2vec2-base"])
        foreach (var revision in name == "log-mel" ? revisions[..1] : revisions[1..])
        {
            var description = new EncoderDescription(name, revision, "", 50, 8, 1);
            Assert.InRange(EncoderFamilies.BuiltIn.All.Count(family => family.Describes(description)), 0, 1);
        }
    }

    [Fact]
    public void Help_lists_names_layers_and_contexts_of_the_families()
    {
        Assert.StartsWith("whisper-tiny.en (built in), log-mel, a Hugging Face repository", EncoderCatalog.Names);
        Assert.Equal(
            "the middle layer (tiny: 2, base: 3) of Whisper, or 4-8 of wav2vec 2.0, HuBERT, WavLM, UniSpeech, "
                + "data2vec-audio, Wav2Vec2-Conformer, SEW, w2v-BERT 2.0, or last of emotion2vec",
            EncoderCatalog.DescribeDefaultLayers()
        );
        Assert.Equal("Whisper", EncoderCatalog.DescribeContextFamilies());
    }
}
