using AttnCrnn.Encoders;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Prediction;

public sealed class ModelEncoderTests
{
    /// <summary>With a hub that does not answer, every further recording would wait for its retries.</summary>
    [Fact]
    public void An_encoder_that_cannot_be_opened_is_not_opened_again()
    {
        using var folder = new TempFolder();
        var checkpoint = folder.PathOf("checkpoint");
        using var encoder = new ModelEncoder(new(checkpoint, "1", "last", 50, 8, 1), null, null, threads: 1);
        var first = Assert.Throws<InvalidInputException>(() => encoder.Get("a.wav"));
        Assert.Contains("does not exist", first.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(checkpoint); // another attempt would fail with another error
        Assert.Same(first, Assert.Throws<InvalidInputException>(() => encoder.Get("b.wav")));
    }

    [Fact]
    public void An_encoder_is_opened_once()
    {
        using var logMel = new LogMelEncoder();
        using var encoder = new ModelEncoder(logMel.Description, null, null, threads: 1);
        Assert.Same(encoder.Get("a.wav"), encoder.Get("b.wav"));
    }
}
