using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// The settings of deploy: options override ATTN_CRNN_… variables, which override deploy.json in the working folder.
/// </summary>
internal sealed class DeploySettings
{
    public const string FileName = "deploy.json";
    public const string Prefix = "ATTN_CRNN_";

    /// <summary>The key of the feature folders.</summary>
    public const string DataDirs = "data_dirs";

    /// <summary>The key of an object of options of train.</summary>
    public const string Train = "train";

    /// <summary>The key of a list of arguments of extract.</summary>
    public const string Extract = "extract";

    private const string Sbatch = "sbatch";

    internal static IReadOnlyList<string> Keys { get; } =
    [
        "host",
        "port",
        "key",
        "dir",
        "name",
        "to",
        "program",
        "stop_when_done",
        "fetch_within",
        Sbatch,
        "shards",
        DataDirs,
        Train,
        Extract,
    ];

    private readonly JsonObject file;

    private DeploySettings(JsonObject file) => this.file = file;

    /// <exception cref="UsageException">The file has an unknown key, or a value of the wrong type.</exception>
    /// <exception cref="InvalidFileException">It is not a JSON object.</exception>
    public static DeploySettings Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var file = File.Exists(path) ? ConfigFile.Read(path) : [];
        if (file.FirstOrDefault(pair => !Keys.Contains(pair.Key)).Key is { } unknown)
            throw new UsageException($"{FileName}: unknown key '{unknown}'{OptionSpelling.Suggestion(unknown, Keys)}");
        foreach (var (key, value) in file)
            if (value is not null && Error(key, value) is { } fault)
                throw new UsageException($"{FileName}: '{key}' must be {fault}; correct it, or take '{key}' out");
        return new(file);
    }

    /// <summary>A copy of the file, to be changed.</summary>
    public JsonObject Copy() => (JsonObject)file.DeepClone();

    private static string? Error(string key, JsonNode value) =>
        key switch
        {
            Train => value is JsonObject ? null : "an object of options of train, as in {\"epochs\": 30}",
            DataDirs or Extract or Sbatch => value is JsonValue
            || value is JsonArray all && all.All(element => element is JsonValue)
                ? null
                : "a text or a list of texts, as in [\"one\", \"two\"]",
            _ => value is JsonValue ? null : "one value: a text, a number, true or false",
        };

    public string? Text(ParseResult given, Option<string?> option) =>
        IsGiven(given, option) ? given.GetValue(option) : FromEnvironmentOrFile(option);

    public int? Number(ParseResult given, Option<int?> option) =>
        IsGiven(given, option) ? given.GetValue(option)
        : FromEnvironmentOrFile(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw InvalidValue(option, text, "a whole number");

    public double? Real(ParseResult given, Option<double?> option) =>
        IsGiven(given, option) ? given.GetValue(option)
        : FromEnvironmentOrFile(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw InvalidValue(option, text, "a number");

    public bool Switch(ParseResult given, Option<bool> option) =>
        IsGiven(given, option)
            ? given.GetValue(option)
            : FromEnvironmentOrFile(option) is { } text
                && (
                    text is "1"
                    || (
                        bool.TryParse(text, out var on) ? on
                        : text is "0" ? false
                        : throw InvalidValue(option, text, "true or false")
                    )
                );

    /// <summary>A list of texts, from the option, from its variable (separated by spaces) or from the file.</summary>
    public IReadOnlyList<string> Words(ParseResult given, Option<string[]> option) =>
        IsGiven(given, option) ? given.GetValue(option)! : List(Key(option));

    /// <summary>The arguments of extract, for a cluster.</summary>
    public IReadOnlyList<string> ExtractWords() => List(Extract);

    private string[] List(string key) =>
        Variable(key) is { } text
            ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : file[key] switch
            {
                null => [],
                JsonArray array => [.. array.Select(element => element!.ToString())],
                var value => [value.ToString()],
            };

    /// <summary>The arguments of ATTN_CRNN_TRAIN_FLAGS, split at spaces; use the file for others.</summary>
    public static string[] TrainWords() =>
        Variable("train_flags")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The folders of ATTN_CRNN_DATA_DIRS, separated by colons as in PATH.</summary>
    public static string[] DataVariable() =>
        Variable(DataDirs)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The options of train in the file.</summary>
    public JsonObject TrainFlags()
    {
        var flags = (JsonObject?)file[Train]?.DeepClone() ?? [];
        if (file[DataDirs] is { } folders)
            flags[DataDirs] = folders.DeepClone();
        return flags;
    }

    private static bool IsGiven(ParseResult given, Option option) => given.GetResult(option) is { Implicit: false };

    private string? FromEnvironmentOrFile(Option option) => Variable(Key(option)) ?? file[Key(option)]?.ToString();

    private static string? Variable(string key) =>
        Environment.GetEnvironmentVariable(Prefix + key.ToUpperInvariant()) is { Length: > 0 } text ? text : null;

    private static string Key(Option option) => option.Name.TrimStart('-');

    private static UsageException InvalidValue(Option option, string text, string expected) =>
        new(
            (Variable(Key(option)) is null ? $"{FileName}: '{Key(option)}'" : Prefix + Key(option).ToUpperInvariant())
                + $" is {text}: expected {expected}"
        );
}
