using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Options of a Whisper encoder: layers, chunk length, context.</summary>
public sealed class WhisperOptionTests
{
    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(3, "1")]
    [InlineData(4, "2")]
    public void The_default_layer_is_half_of_the_network(int layers, string expected)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new() { Layers = layers });
        using var encoder = checkpoint.Open(layers: "");
        Assert.Equal(expected, encoder.Description.Layers);
    }

    [Fact]
    public void The_default_layer_of_the_built_in_encoder_is_the_second_of_four()
    {
        using var encoder = EncoderCatalog.Open(new("whisper-tiny.en"), notice => Assert.Fail(notice));
        Assert.Equal("2", encoder.Description.Layers);
    }

    [Theory]
    [InlineData("4", "layers 4: this network has the layers 0 to 3")]
    [InlineData("2-9", "layers 2-9: this network has the layers 0 to 3")]
    public void Layers_beyond_the_network_are_rejected_with_the_valid_range(string layers, string expected)
    {
        using var checkpoint = new WhisperCheckpointBuilder(new() { Layers = 3 });
        var error = Assert.Throws<InvalidInputException>(() => checkpoint.Open(layers));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chunk_longer_than_the_window_is_rejected_with_the_window()
    {
        var request = new EncoderRequest("whisper-tiny.en") { Speech = new() { ChunkSeconds = 31 } };
        var error = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, notice => { }));
        Assert.StartsWith("chunk 31: whisper-tiny.en processes at most 30 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shorter_chunk_is_part_of_the_revision()
    {
        using var checkpoint = new WhisperCheckpointBuilder(new() { Positions = 1500 });
        using var encoder = new SpeechEncoder(checkpoint.Folder, "tiny", "1", new() { ChunkSeconds = 20 });
        Assert.Equal("1-1-chunk20-clip", encoder.Description.Revision);
    }

    [Theory]
    [InlineData(EncoderContext.Clip)]
    [InlineData(EncoderContext.Padded)]
    public void A_context_is_rejected_for_log_mel(EncoderContext context)
    {
        var request = new EncoderRequest("log-mel") { Speech = new() { Context = context } };
        var error = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, notice => { }));
        Assert.Contains("whisper_context: log-mel is a spectrogram", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("wav2vec2-base-like", EncoderContext.Clip, "whisper_context clip")]
    [InlineData("wav2vec2-base-like", EncoderContext.Padded, "whisper_context padded")]
    [InlineData("wavlm-base-like", EncoderContext.Padded, "this is wavlm")]
    public void A_context_is_rejected_for_other_models_than_Whisper(
        string checkpoint,
        EncoderContext context,
        string expected
    )
    {
        var folder = Fixtures.Path("encoders", checkpoint);
        var request = new EncoderRequest(folder) { Speech = new() { Context = context } };
        var error = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, notice => { }));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
