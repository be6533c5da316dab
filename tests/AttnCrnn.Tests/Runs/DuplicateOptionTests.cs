using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>A file of options that names one twice: which one counts is not guessed.</summary>
public sealed class DuplicateOptionTests
{
    [Fact]
    public void An_option_that_is_in_a_file_twice_is_rejected_with_its_name()
    {
        var exception = Assert.Throws<InvalidFileException>(() =>
            RunConfigurationFile.ParseObject("""{"epochs": 3, "seed": 1, "epochs": 4}""", "config.json")
        );
        Assert.Contains("'epochs' more than once", exception.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_differ_are_accepted() =>
        Assert.Equal(
            2,
            RunConfigurationFile.ParseObject("""{"epochs": 3, "Epochs": 4}""", "config.json").Fields.Count()
        );
}
