using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.IO;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// The settings of deploy: options override the environment variables ATTN_CRNN_…, which override deploy.json in the
/// working folder.
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

    private readonly JsonCursor? file;

    private DeploySettings(JsonCursor? file) => this.file = file;

    /// <exception cref="UsageException">The file has an unknown key, or a value of the wrong type.</exception>
    /// <exception cref="InvalidFileException">It is not a JSON object.</exception>
    public static DeploySettings Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return new(null);
        var file = ConfigFile.Read(path);
        if (file.Fields.FirstOrDefault(field => !Keys.Contains(field.Name)).Name is { } unknownKey)
            throw new UsageException(
                $"{FileName}: unknown key '{unknownKey}'{OptionSpelling.Suggest(unknownKey, Keys)}"
            );
        foreach (var (key, value) in file.Fields)
            if (!value.IsNull && FindError(key, value) is { } error)
                throw new UsageException($"{FileName}: '{key}' must be {error}; correct or remove it");
        return new(file);
    }

    /// <summary>A modifiable copy of the file's contents.</summary>
    public JsonObject Copy() => file?.ToJsonObject() ?? [];

    /// <summary>
    /// A value of the file, ignoring options and environment variables; null if it is missing or null.
    /// </summary>
    public JsonCursor? Find(string key) => file?.Find(key) is { IsNull: false } value ? value : null;

    /// <summary>A list of the file; a single string is a list of one. null if it is missing or null.</summary>
    public string[]? FindList(string key) =>
        Find(key) is not { } value ? null
        : value.IsArray ? [.. value.Items.Select(item => item.AsText()!)]
        : [value.AsText()!];

    private static string? FindError(string key, JsonCursor value) =>
        key switch
        {
            Train => value.IsObject ? null : "an object of options of train, as in {\"epochs\": 30}",
            DataDirs or Extract or Sbatch => IsText(value) || value.IsArray && value.Items.All(IsText)
                ? null
                : "a string or a list of strings, as in [\"one\", \"two\"]",
            _ => IsText(value) ? null : "a string, a number, true or false",
        };

    private static bool IsText(JsonCursor value) => value.AsText() is not null;

    public string? GetString(ParseResult parseResult, Option<string?> option) =>
        IsExplicit(parseResult, option) ? parseResult.GetValue(option) : GetFromEnvironmentOrFile(option);

    public int? GetInt32(ParseResult parseResult, Option<int?> option) =>
        IsExplicit(parseResult, option) ? parseResult.GetValue(option)
        : GetFromEnvironmentOrFile(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw CreateInvalidValueException(option, text, "a whole number");

    public double? GetDouble(ParseResult parseResult, Option<double?> option) =>
        IsExplicit(parseResult, option) ? parseResult.GetValue(option)
        : GetFromEnvironmentOrFile(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw CreateInvalidValueException(option, text, "a number");

    public bool GetBoolean(ParseResult parseResult, Option<bool> option) =>
        IsExplicit(parseResult, option)
            ? parseResult.GetValue(option)
            : GetFromEnvironmentOrFile(option) is { } text
                && (
                    text is "1"
                    || (
                        bool.TryParse(text, out var isOn) ? isOn
                        : text is "0" ? false
                        : throw CreateInvalidValueException(option, text, "true or false")
                    )
                );

    /// <summary>
    /// A list of strings, from the option, from its environment variable (separated by spaces) or from the file.
    /// </summary>
    public IReadOnlyList<string> GetList(ParseResult parseResult, Option<string[]> option) =>
        IsExplicit(parseResult, option) ? parseResult.GetValue(option)! : GetList(GetKey(option));

    /// <summary>The arguments of extract, for a cluster.</summary>
    public IReadOnlyList<string> GetExtractArguments() => GetList(Extract);

    private string[] GetList(string key) =>
        GetVariable(key) is { } text ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries) : FindList(key) ?? [];

    /// <summary>The arguments of ATTN_CRNN_TRAIN_FLAGS, split at spaces; use the file for others.</summary>
    public static string[] GetTrainArgumentsFromEnvironment() =>
        GetVariable("train_flags")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The folders of ATTN_CRNN_DATA_DIRS, separated by colons as in PATH.</summary>
    public static string[] GetDataDirsFromEnvironment() =>
        GetVariable(DataDirs)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The options of train in the file.</summary>
    public IEnumerable<(string Key, JsonCursor Value)> GetTrainOptions()
    {
        var trainOptions = Find(Train)?.Fields ?? [];
        return Find(DataDirs) is { } folders
            ? trainOptions.Where(option => option.Name != DataDirs).Append((DataDirs, folders))
            : trainOptions;
    }

    private static bool IsExplicit(ParseResult parseResult, Option option) =>
        parseResult.GetResult(option) is { Implicit: false };

    private string? GetFromEnvironmentOrFile(Option option) =>
        GetVariable(GetKey(option)) ?? (Find(GetKey(option)) is { } value ? ConfigFile.GetText(value, option) : null);

    private static string? GetVariable(string key) =>
        Environment.GetEnvironmentVariable(Prefix + key.ToUpperInvariant()) is { Length: > 0 } text ? text : null;

    private static string GetKey(Option option) => option.Name.TrimStart('-');

    private static UsageException CreateInvalidValueException(Option option, string text, string expected) =>
        new(
            (
                GetVariable(GetKey(option)) is null
                    ? $"{FileName}: '{GetKey(option)}'"
                    : Prefix + GetKey(option).ToUpperInvariant()
            ) + $" is {text}: expected {expected}"
        );
}
