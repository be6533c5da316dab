using AttnCrnn.Cli.Commands.Prediction;

namespace AttnCrnn.Tests.Cli;

public sealed class StandardInputTests
{
    [Fact]
    public void Input_up_to_the_limit_is_read()
    {
        byte[] bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        using var stream = new MemoryStream(bytes);
        Assert.Equal(bytes, StandardInput.Read(stream, 200_000).ToArray());
    }

    [Fact]
    public void Longer_input_is_rejected_before_it_is_read_to_its_end()
    {
        using var stream = new MemoryStream(new byte[1_000_000]);
        var error = Assert.Throws<InvalidInputException>(() => StandardInput.Read(stream, 199_999));
        Assert.StartsWith("-: more than 199999 bytes", error.Message, StringComparison.Ordinal);
        Assert.InRange(stream.Position, 200_000, 300_000);
    }
}
