using System.Text;
using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Cli.Options;

/// <summary>The help of the program and of its commands.</summary>
internal static class HelpText
{
    private const string Program = "attn-crnn";
    private const int DefaultWidth = 100;
    private const int MinWidth = 40;
    private const int Indentation = 6;

    /// <summary>The help of the program: its commands, one line each.</summary>
    public static string FormatProgram(IReadOnlyList<CliCommand> commands, int? width)
    {
        var nameWidth = commands.Max(command => command.Definition.Name.Length) + 2;
        var text = new StringBuilder();
        AppendWrapped(
            text,
            "",
            "Speech emotion recognition: from recordings to a trained, evaluated and explained classifier.",
            0,
            width
        );
        text.Append('\n');
        text.Append($"Usage: {Program} COMMAND [OPTIONS]\n\nCommands:\n");
        foreach (var command in commands)
            AppendWrapped(
                text,
                $"  {command.Definition.Name.PadRight(nameWidth)}",
                command.Definition.Description!,
                nameWidth + 2,
                width
            );
        text.Append('\n');
        AppendWrapped(
            text,
            "",
            $"{Program} COMMAND --help lists the options of a command; {Program} --version prints the version.",
            0,
            width
        );
        return text.ToString();
    }

    /// <summary>The help of a command: its options by group, one sentence each with unit, range and default.</summary>
    /// <param name="width">Columns of the terminal; null if there is none.</param>
    public static string FormatCommand(CliCommand command, int? width)
    {
        var text = new StringBuilder();
        AppendWrapped(text, "", command.Definition.Description!, 0, width);
        text.Append($"\nUsage: {FormatUsage(command)}\n");
        if (command.Argument is { } argument)
        {
            text.Append($"\n  {argument.Name}\n");
            AppendWrapped(text, new(' ', Indentation), argument.Help, Indentation, width);
        }
        foreach (var (group, options) in OptionDescription.GroupOptions(command))
        {
            text.Append($"\n{group}:\n");
            foreach (var option in options)
            {
                var limits = OptionDescription.FormatLimits(option);
                text.Append($"  {OptionDescription.FormatUsage(option)}\n");
                AppendWrapped(
                    text,
                    new(' ', Indentation),
                    limits.Length == 0 ? option.Help : $"{option.Help} [{limits}]",
                    Indentation,
                    width
                );
            }
        }
        return text.ToString();
    }

    /// <summary><c>attn-crnn train [OPTIONS]</c>.</summary>
    public static string FormatUsage(CliCommand command) =>
        $"{Program} {command.Definition.Name} "
        + (command.Argument is { } argument ? (argument.IsRequired ? argument.Name : $"[{argument.Name}]") + " " : "")
        + "[OPTIONS]";

    private static void AppendWrapped(StringBuilder text, string start, string paragraph, int indentation, int? width)
    {
        var columns = Math.Max(MinWidth, width ?? DefaultWidth);
        foreach (var line in MessageText.Wrap(start + paragraph, columns, indentation))
            text.Append(line).Append('\n');
    }
}
