using System.Text;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Options;

/// <summary>Completion scripts for shells: commands, options, and the values of closed sets.</summary>
internal static class ShellCompletion
{
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    /// <summary>The script of a shell.</summary>
    /// <exception cref="UsageException">The shell is unknown.</exception>
    public static string Format(string shell, IReadOnlyList<CliCommand> commands) =>
        shell switch
        {
            "bash" => FormatBash(commands),
            // zsh runs bash's script.
            "zsh" => "autoload -U +X bashcompinit && bashcompinit\n" + FormatBash(commands),
            "fish" => FormatFish(commands),
            _ => throw new UsageException($"completion {shell}: expected {string.Join(", ", Shells)}"),
        };

    private static string FormatBash(IReadOnlyList<CliCommand> commands)
    {
        var text = new StringBuilder();
        text.Append("_attn_crnn() {\n");
        text.Append("    local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words=\n");
        text.Append("    if [ \"$COMP_CWORD\" -eq 1 ]; then\n");
        text.Append($"        words='{string.Join(' ', commands.Select(command => command.Definition.Name))}'\n");
        text.Append("    else\n        case ${COMP_WORDS[1]} in\n");
        foreach (var command in commands)
        {
            text.Append($"            {command.Definition.Name})\n                case $previous in\n");
            foreach (var option in command.Options.Where(option => option.Choices.Count > 0))
                text.Append($"                    {Spell(option)}) words='{string.Join(' ', option.Choices)}' ;;\n");
            text.Append($"                    *) words='{string.Join(' ', command.Options.Select(Spell))}' ;;\n");
            text.Append("                esac ;;\n");
        }
        text.Append("        esac\n    fi\n");
        text.Append("    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n");
        return text.Append("complete -o default -F _attn_crnn attn-crnn\n").ToString();
    }

    private static string FormatFish(IReadOnlyList<CliCommand> commands)
    {
        var text = new StringBuilder();
        foreach (var command in commands)
        {
            var name = command.Definition.Name;
            text.Append($"complete -c attn-crnn -f -n __fish_use_subcommand -a {name}")
                .Append($" -d {Quote(command.Definition.Description!)}\n");
            foreach (var option in command.Options)
            {
                text.Append($"complete -c attn-crnn -n '__fish_seen_subcommand_from {name}' -l {option.Key}");
                if (option.Choices.Count > 0)
                    text.Append($" -x -a '{string.Join(' ', option.Choices)}'");
                else if (option.Arity != OptionArity.Switch)
                    text.Append(" -r");
                text.Append($" -d {Quote(option.Help)}\n");
            }
        }
        return text.ToString();
    }

    private static string Spell(OptionDefinition option) => OptionParser.FormatKey(option.Key.Name);

    private static string Quote(string text) => $"'{text.Replace("'", "\\'", StringComparison.Ordinal)}'";
}
