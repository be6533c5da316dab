namespace AttnCrnn.Tests;

/// <summary>An error carries its file, so that no caller looks for the path in the message.</summary>
public sealed class InvalidInputExceptionTests
{
    [Fact]
    public void The_message_begins_with_the_file()
    {
        var exception = new InvalidInputException("a.mp3", "ffmpeg is not installed");
        Assert.Equal(("a.mp3", "a.mp3: ffmpeg is not installed"), (exception.File, exception.Message));
        Assert.Null(new InvalidInputException("3 frames, expected at least 4").File);
        InvalidInputException fileException = new InvalidFileException("a.wav", 12, "x", "y", "z");
        Assert.Equal("a.wav", fileException.File);
    }

    [Theory]
    [InlineData(null, "found x, expected y; z")]
    [InlineData(12L, "at byte 12: found x, expected y; z")]
    public void A_problem_is_the_message_without_the_path(long? offset, string expected)
    {
        Assert.Equal(expected, new InvalidFileException("/srv/uploads/a.wav", offset, "x", "y", "z").Problem);
        Assert.Equal("too short", new InvalidInputException("/srv/uploads/a.wav", "too short").Problem);
        Assert.Equal("too short", new InvalidInputException("too short").Problem);
    }

    [Theory]
    [InlineData("a.npz", true)]
    [InlineData("a.npz:features", true)]
    [InlineData("a.npz2", false)]
    [InlineData("b/a.npz", false)]
    [InlineData("model.keras", false)]
    public void An_error_is_in_a_file_or_in_an_entry_of_it(string file, bool isInside) =>
        Assert.Equal(isInside, new InvalidInputException(file, "see a.npz").IsIn("a.npz"));

    [Theory]
    [InlineData("a.npz", null, "found x, expected y; z")]
    [InlineData("a.npz", 12L, "at byte 12: found x, expected y; z")]
    [InlineData("a.npz:features", null, "features: found x, expected y; z")]
    [InlineData("a.npz:features", 12L, "features: at byte 12: found x, expected y; z")]
    [InlineData("b.npz", null, "b.npz: found x, expected y; z")]
    public void In_a_list_of_files_the_message_does_not_repeat_the_path(string file, long? offset, string expected) =>
        Assert.Equal(expected, $"{new InvalidFileException(file, offset, "x", "y", "z").TextWithout("a.npz")}");

    [Fact]
    public void A_message_without_a_file_is_unchanged() =>
        Assert.Equal(
            "a.npz is what it says",
            $"{new InvalidInputException("a.npz is what it says").TextWithout("a.npz")}"
        );
}
