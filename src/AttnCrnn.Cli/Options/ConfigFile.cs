using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Options in a JSON file, as in <c>{"epochs": 10, "data_dirs": ["features"]}</c>. The command line takes precedence.
/// </summary>
internal static class ConfigFile
{
    private const long MaxBytes = 1 << 20;

    /// <summary>The arguments, with the options of the file that are not given already.</summary>
    /// <exception cref="UsageException">The file has an unknown option or an invalid value.</exception>
    /// <exception cref="InvalidFileException">The file is not a JSON object.</exception>
    public static string[] Expand(
        CliCommand command,
        ParseResult given,
        IReadOnlyList<string> arguments,
        string path
    ) => Expand(command, given, arguments, Read(path), path);

    /// <summary>The same, for options that have been read.</summary>
    /// <param name="path">Their source, for messages.</param>
    public static string[] Expand(
        CliCommand command,
        ParseResult given,
        IReadOnlyList<string> arguments,
        JsonObject flags,
        string path
    )
    {
        var added = new List<string>();
        foreach (var (key, value) in flags)
        {
            var name = "--" + key.Replace('-', '_');
            var options = command.Definition.Options;
            var option = options.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new UsageException(
                    $"{path}: '{key}' is no flag of {command.Definition.Name}"
                        + OptionSpelling.Suggestion(name, options.Select(candidate => candidate.Name))
                );
            if (option == command.Config)
                throw new UsageException($"{path}: a configuration file cannot include another");
            if (value is null || given.GetResult(option) is { Implicit: false })
                continue;
            foreach (var text in Texts(path, key, value))
                added.Add($"{name}={text}");
        }
        var end = arguments.ToList().IndexOf("--");
        return end < 0 ? [.. arguments, .. added] : [.. arguments.Take(end), .. added, .. arguments.Skip(end)];
    }

    /// <summary>Every option and its value, as a configuration holds them; paths are absolute.</summary>
    public static JsonObject Resolved(CliCommand command, ParseResult given, params Option[] paths)
    {
        var all = new JsonObject();
        foreach (var option in command.Definition.Options.OrderBy(option => option.Name, StringComparer.Ordinal))
        {
            if (option == command.Config || option == command.Quiet || option.Name is "--help" or "--resume")
                continue;
            var isPath = paths.Contains(option);
            all[option.Name.TrimStart('-')] = Value(given, option) switch
            {
                null => null,
                string text => isPath ? Path.GetFullPath(text) : text,
                string[] texts => new JsonArray([
                    .. texts.Select(text => (JsonNode)(isPath ? Path.GetFullPath(text) : text)),
                ]),
                bool flag => flag,
                int number => number,
                ulong number => number,
                double number => number,
                var other => throw new InvalidOperationException($"{option.Name} of {other.GetType()}"),
            };
        }
        return all;
    }

    private static object? Value(ParseResult given, Option option) =>
        option switch
        {
            Option<string?> text => given.GetValue(text),
            Option<string[]> texts => given.GetValue(texts),
            Option<bool> flag => given.GetValue(flag),
            Option<int> number => given.GetValue(number),
            Option<int?> number => given.GetValue(number),
            Option<ulong> number => given.GetValue(number),
            Option<double> number => given.GetValue(number),
            Option<double?> number => given.GetValue(number),
            _ => throw new InvalidOperationException($"{option.Name} of {option.ValueType}"),
        };

    /// <summary>The options given on a command line, as a configuration holds them.</summary>
    public static JsonObject GivenOptions(CliCommand command, ParseResult given)
    {
        var all = Resolved(command, given);
        foreach (
            var option in command.Definition.Options.Where(option =>
                given.GetResult(option) is null or { Implicit: true }
            )
        )
            all.Remove(option.Name.TrimStart('-'));
        return (JsonObject)JsonNode.Parse(all.ToJsonString())!; // with the node types of a parsed file
    }

    /// <exception cref="InvalidFileException">The file is not a JSON object.</exception>
    public static JsonObject Read(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"--config {path}: no such file");
        try
        {
            if (new FileInfo(path).Length > MaxBytes)
                throw new JsonException($"more than {MaxBytes} bytes");
            var options = new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
                MaxDepth = 8,
            };
            return JsonNode.Parse(File.ReadAllText(path), null, options) as JsonObject
                ?? throw new JsonException("not an object");
        }
        catch (JsonException fault)
        {
            throw new InvalidFileException(
                path,
                null,
                fault.Message.TrimEnd('.'),
                "a JSON object of options, as in {\"epochs\": 10}",
                "correct it"
            );
        }
    }

    private static IEnumerable<string> Texts(string path, string key, JsonNode value) =>
        value switch
        {
            JsonArray array => array.SelectMany(element =>
                Texts(path, key, element ?? throw new UsageException($"{path}: '{key}' contains null"))
            ),
            JsonValue single when single.TryGetValue<bool>(out var flag) => [flag ? "true" : "false"],
            JsonValue single when single.TryGetValue<string>(out var text) => [text],
            JsonValue single when single.TryGetValue<double>(out var number) =>
            [
                single.ToJsonString().Contains('E', StringComparison.OrdinalIgnoreCase)
                    ? number.ToString("R", CultureInfo.InvariantCulture)
                    : single.ToJsonString(),
            ],
            _ => throw new UsageException(
                $"{path}: '{key}' is {value.GetValueKind()}: expected a text, a number, true, false, or a list of them"
            ),
        };
}
