using AttnCrnn.Cli.Options;

namespace AttnCrnn.Tests.Options;

/// <summary>The help, the reference page and the completion scripts, which are derived from the tables.</summary>
public sealed class OptionTextTests
{
    private static readonly IReadOnlyList<CliCommand> Commands = CommandList.CreateAll();

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_help_names_every_option_and_wraps_between_words(int width)
    {
        foreach (var command in Commands)
        {
            var help = HelpText.FormatCommand(command, width);
            foreach (var option in command.Options)
            {
                Assert.Contains($"  {OptionDescription.FormatUsage(option)}\n", help, StringComparison.Ordinal);
                Assert.Contains(Words(option.Help), Words(help), StringComparison.Ordinal);
            }
            Assert.Equal(Words(HelpText.FormatCommand(command, 10_000)), Words(help));
            AssertFits(help, width);
        }
        AssertFits(HelpText.FormatProgram(Commands, width), width);
    }

    [Fact]
    public void The_help_has_unit_range_and_default()
    {
        var help = HelpText.FormatCommand(CommandList.Create("train")!, 200);
        Assert.Contains(
            "  --epochs <N>\n      Train for at most this number of epochs. [epochs, 1 to 100000; default 30]\n",
            help,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_help_of_the_program_names_every_command()
    {
        var help = HelpText.FormatProgram(Commands, 80);
        foreach (var command in Commands)
            Assert.Contains($"\n  {command.Definition.Name} ", help, StringComparison.Ordinal);
    }

    [Fact]
    public void The_reference_page_is_that_of_the_tables()
    {
        var page = File.ReadAllText(Repository.Path("docs", "reference", "cli.md"));
        var expected = CliReference.Format(Commands);
        Assert.True(
            page == expected,
            "docs/reference/cli.md differs: write it with attn-crnn reference > docs/reference/cli.md"
        );
        foreach (var option in Commands.SelectMany(command => command.Options))
            Assert.Contains($"`{OptionDescription.FormatUsage(option)}`", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "--")]
    [InlineData("zsh", "--")]
    [InlineData("fish", "-l ")]
    public void A_completion_script_names_every_command_and_option(string shell, string prefix)
    {
        var script = ShellCompletion.Format(shell, Commands);
        var words = script.Split([' ', '\n', '\'', ')'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        foreach (var command in Commands)
        {
            Assert.Contains(command.Definition.Name, words);
            foreach (var option in command.Options)
            {
                Assert.Contains($"{prefix}{option.Key}", script, StringComparison.Ordinal);
                Assert.All(option.Choices, choice => Assert.Contains(choice, words));
            }
        }
    }

    private static string Words(string text) =>
        string.Join(' ', text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));

    // Usages and single words are not broken.
    private static void AssertFits(string help, int width) =>
        Assert.DoesNotContain(help.Split('\n'), line =>
            line.Length > width
            && !line.StartsWith("Usage: ", StringComparison.Ordinal)
            && !line.StartsWith("  -", StringComparison.Ordinal)
            && line.Trim().Contains(' ', StringComparison.Ordinal)
        );
}
