using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Encoders;

public sealed class EncoderCatalogTests
{
    [Theory]
    [InlineData("log-mel")]
    [InlineData("logmel")]
    [InlineData("Log-Mel")]
    public void Log_mel_has_100_frames_per_second_of_80_bands(string name)
    {
        using var encoder = EncoderCatalog.Open(new(name), IgnoreNotice);
        Assert.Equal(new EncoderDescription("log-mel", "1", "", 100, 80, 1), encoder.Description);
        var frames = encoder.Encode(new float[16000]);
        Assert.Equal((101, 1, 80, 101 * 80), (frames.Count, frames.Layers, frames.Width, frames.Values.Length));
    }

    [Fact]
    public void An_unknown_encoder_is_rejected_with_the_known_names()
    {
        var exception = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(new("wav2vec"), IgnoreNotice));
        Assert.Contains("wav2vec", exception.Message, StringComparison.Ordinal);
        Assert.Contains("log-mel", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_log_mel_are_rejected_with_the_reason()
    {
        var exception = Assert.Throws<InvalidInputException>(() =>
            EncoderCatalog.Open(new("log-mel", "7"), IgnoreNotice)
        );
        Assert.Contains("no layers", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_of_log_mel_are_rejected_with_the_reason()
    {
        var request = new EncoderRequest("log-mel") { Speech = new() { ChunkSeconds = 20 } };
        var exception = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, IgnoreNotice));
        Assert.Contains("chunk 20", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoding_can_be_canceled()
    {
        using var encoder = EncoderCatalog.Open(new("log-mel"), IgnoreNotice);
        Assert.Throws<OperationCanceledException>(() =>
            encoder.Encode(new float[1600], new CancellationToken(canceled: true))
        );
    }

    private static void IgnoreNotice(string notice) { }
}
