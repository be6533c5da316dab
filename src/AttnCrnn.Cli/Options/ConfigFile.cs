using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Options in a JSON file, as in <c>{"epochs": 10, "data_dirs": ["features"]}</c>. The command line takes precedence.
/// </summary>
internal static class ConfigFile
{
    private const long MaxBytes = 1 << 20;
    private const string Expected = """a JSON object of options, as in {"epochs": 10}""";
    private const string Remedy = "correct it";

    /// <summary>Appends the options of the file that the command line does not contain.</summary>
    /// <exception cref="UsageException">The file has an unknown option or an invalid value.</exception>
    /// <exception cref="InvalidFileException">The file is not a JSON object.</exception>
    public static string[] Expand(
        CliCommand command,
        ParseResult parseResult,
        IReadOnlyList<string> arguments,
        string path
    ) => Expand(command, parseResult, arguments, Read(path).Fields, path);

    /// <summary>Appends options that have been read already.</summary>
    /// <param name="path">The source of the options, for messages.</param>
    public static string[] Expand(
        CliCommand command,
        ParseResult parseResult,
        IReadOnlyList<string> arguments,
        IEnumerable<(string Key, JsonCursor Value)> fields,
        string path
    )
    {
        var addedArguments = new List<string>();
        foreach (var (key, value) in fields)
        {
            var name = "--" + key.Replace('-', '_');
            var options = command.Definition.Options;
            var option = options.FirstOrDefault(candidate => candidate.Name == name)
                ?? throw new UsageException(
                    $"{path}: '{key}' is not an option of {command.Definition.Name}"
                        + OptionSpelling.Suggest(name, options.Select(candidate => candidate.Name))
                );
            if (option == command.Config)
                throw new UsageException($"{path}: a configuration file cannot include another");
            if (value.IsNull || parseResult.GetResult(option) is { Implicit: false })
                continue;
            foreach (var text in GetTexts(path, key, value, option))
                addedArguments.Add($"{name}={text}");
        }
        var separatorIndex = arguments.ToList().IndexOf("--");
        return separatorIndex < 0
            ? [.. arguments, .. addedArguments]
            : [.. arguments.Take(separatorIndex), .. addedArguments, .. arguments.Skip(separatorIndex)];
    }

    /// <summary>The values of all options, as config.json stores them; paths are absolute.</summary>
    public static JsonObject ResolveAll(CliCommand command, ParseResult parseResult, params Option[] paths)
    {
        var configuration = new JsonObject();
        foreach (var option in command.Definition.Options.OrderBy(option => option.Name, StringComparer.Ordinal))
        {
            if (option == command.Config || option == command.Quiet || option.Name is "--help" or "--resume")
                continue;
            var isPath = paths.Contains(option);
            configuration[option.Name.TrimStart('-')] = GetValue(parseResult, option) switch
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
                var unsupported => throw new InvalidOperationException($"{option.Name} of {unsupported.GetType()}"),
            };
        }
        return configuration;
    }

    private static object? GetValue(ParseResult parseResult, Option option) =>
        option switch
        {
            Option<string?> text => parseResult.GetValue(text),
            Option<string[]> texts => parseResult.GetValue(texts),
            Option<bool> flag => parseResult.GetValue(flag),
            Option<int> number => parseResult.GetValue(number),
            Option<int?> number => parseResult.GetValue(number),
            Option<ulong> number => parseResult.GetValue(number),
            Option<double> number => parseResult.GetValue(number),
            Option<double?> number => parseResult.GetValue(number),
            _ => throw new InvalidOperationException($"{option.Name} of {option.ValueType}"),
        };

    /// <summary>The options that the command line contains, as config.json stores them.</summary>
    public static JsonObject GetExplicitOptions(CliCommand command, ParseResult parseResult)
    {
        var configuration = ResolveAll(command, parseResult);
        foreach (
            var option in command.Definition.Options.Where(option =>
                parseResult.GetResult(option) is null or { Implicit: true }
            )
        )
            configuration.Remove(option.Name.TrimStart('-'));
        return configuration;
    }

    /// <summary>The options of a configuration that is not in a file.</summary>
    /// <param name="source">The source of the options, for messages.</param>
    public static IEnumerable<(string Key, JsonCursor Value)> GetFields(JsonObject configuration, string source) =>
        Parse(configuration.ToJsonString(), source).Fields;

    /// <exception cref="InvalidFileException">The file is not a JSON object.</exception>
    public static JsonCursor Read(string path)
    {
        if (!File.Exists(path))
            throw new UsageException($"--config {path}: no such file");
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidFileException(path, null, $"more than {MaxBytes} bytes", Expected, Remedy);
        var json = Parse(File.ReadAllText(path), path);
        return json.IsObject
            ? json
            : throw new InvalidFileException(path, null, "JSON that is not an object", Expected, Remedy);
    }

    /// <summary>
    /// A value in the form in which the option is parsed: an integer option reads 30.0 as 30. null for an object, an
    /// array and null.
    /// </summary>
    public static string? GetText(JsonCursor value, Option option)
    {
        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        var isInteger = type == typeof(int) || type == typeof(ulong);
        return isInteger && value.AsInt64() is { } number
            ? number.ToString(CultureInfo.InvariantCulture)
            : value.AsText();
    }

    // The file may have another encoding than UTF-8. The text is converted, so byte offsets would not match the file.
    private static JsonCursor Parse(string text, string path) =>
        new JsonSource(path, Expected, Remedy) { Start = null }.Parse(
            Encoding.UTF8.GetBytes(text),
            new JsonDocumentOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                AllowDuplicateProperties = false,
                MaxDepth = 8,
            }
        );

    private static IEnumerable<string> GetTexts(string path, string key, JsonCursor value, Option option)
    {
        if (value.IsArray)
            return value.Items.SelectMany(item =>
                item.IsNull
                    ? throw new UsageException($"{path}: '{key}' contains null")
                    : GetTexts(path, key, item, option)
            );
        var text = GetText(value, option)
            ?? throw new UsageException(
                $"{path}: '{key}' is an object: expected a string, a number, true, false, or a list of them"
            );
        var hasExponent = value.AsDouble() is not null && text.Contains('E', StringComparison.OrdinalIgnoreCase);
        return [hasExponent ? value.AsDouble()!.Value.ToString("R", CultureInfo.InvariantCulture) : text];
    }
}
