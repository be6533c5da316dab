using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Encoders;

public sealed class EncoderCatalogTests
{
    [Theory]
    [InlineData("log-mel")]
    [InlineData("logmel")]
    [InlineData("Log-Mel")]
    public void Log_mel_gives_100_frames_a_second_of_80_bands(string name)
    {
        using var encoder = EncoderCatalog.Open(new(name), Nobody);
        Assert.Equal(new EncoderDescription("log-mel", "1", "", 100, 80, 1), encoder.Description);
        var frames = encoder.Encode(new float[16000]);
        Assert.Equal((101, 1, 80, 101 * 80), (frames.Count, frames.Layers, frames.Width, frames.Values.Length));
    }

    [Fact]
    public void An_unknown_encoder_is_rejected_with_the_names_that_exist()
    {
        var fault = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(new("wav2vec"), Nobody));
        Assert.Contains("wav2vec", fault.Message, StringComparison.Ordinal);
        Assert.Contains("log-mel", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_of_log_mel_are_rejected_with_the_reason()
    {
        var fault = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(new("log-mel", "7"), Nobody));
        Assert.Contains("no layers", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chunks_of_log_mel_are_rejected_with_the_reason()
    {
        var request = new EncoderRequest("log-mel") { Speech = new() { ChunkSeconds = 20 } };
        var fault = Assert.Throws<InvalidInputException>(() => EncoderCatalog.Open(request, Nobody));
        Assert.Contains("--chunk 20", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Encoding_stops_when_it_is_cancelled()
    {
        using var encoder = EncoderCatalog.Open(new("log-mel"), Nobody);
        Assert.Throws<OperationCanceledException>(() =>
            encoder.Encode(new float[1600], new CancellationToken(canceled: true))
        );
    }

    private static void Nobody(string notice) { }
}
