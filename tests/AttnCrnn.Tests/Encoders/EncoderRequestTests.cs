using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Encoders;

/// <summary>Requests from a model's encoder description, which may be untrusted.</summary>
public sealed class EncoderRequestTests
{
    [Theory]
    [InlineData("5f7d8d11024e-1-chunk12.5", 12.5)]
    [InlineData("5f7d8d11024e-1-int8-chunk20-padded", 20.0)]
    [InlineData("5f7d8d11024e-1-int8", null)]
    public void The_chunk_seconds_are_part_of_the_revision(string revision, double? seconds) =>
        Assert.Equal(seconds, EncoderRequest.FromDescription(Describe("x/y", revision)).Speech.ChunkSeconds);

    [Theory]
    [InlineData("5f7d8d11024e-1-int8-chunk20-padded", EncoderContext.Padded)]
    [InlineData("5f7d8d11024e-1-clip", EncoderContext.Clip)]
    [InlineData("5f7d8d11024e-1", null)]
    public void The_window_of_a_Whisper_encoder_is_part_of_the_revision(string revision, EncoderContext? context) =>
        Assert.Equal(context, EncoderRequest.FromDescription(Describe("x/y", revision)).Speech.Context);

    [Fact]
    public void A_folder_has_no_revision_even_if_its_name_looks_like_a_commit()
    {
        const string commit = "0123456789abcdef0123456789abcdef01234567";
        Assert.Null(EncoderRequest.FromDescription(Describe($"/models/{commit}", $"{commit}-1")).Revision);
        Assert.Equal(commit, EncoderRequest.FromDescription(Describe("x/y", $"{commit}-1")).Revision);
    }

    [Theory]
    [InlineData("x/y", "5f7d8d11024e-1-chunkabc", "'abc' for the seconds of a chunk")]
    [InlineData("x/y", "5f7d8d11024e-1-chunk-5", "'' for the seconds of a chunk")]
    [InlineData("x/y", "chunkNaN", "'NaN' for the seconds of a chunk")]
    [InlineData(
        EncoderDescription.Unknown,
        "",
        "does not record its encoder (its frames have the feature dimension 12)"
    )]
    public void Unknown_encoder_requests_are_rejected(string name, string revision, string expected) =>
        Assert.Contains(
            expected,
            Assert
                .Throws<InvalidInputException>(() => EncoderRequest.FromDescription(Describe(name, revision)))
                .Message,
            StringComparison.Ordinal
        );

    private static EncoderDescription Describe(string name, string revision) => new(name, revision, "7", 50, 12, 1);
}
