using System.Text.Json.Nodes;
using AttnCrnn.IO;
using AttnCrnn.Options;
using AttnCrnn.Runs;

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
    private readonly IReadOnlyCollection<string> invalidKeys; // their values are not read

    /// <summary>No file.</summary>
    public static DeploySettings Empty { get; } = new(null, []);

    private DeploySettings(JsonCursor? file, IReadOnlyCollection<string> invalidKeys)
    {
        this.file = file;
        this.invalidKeys = invalidKeys;
    }

    /// <exception cref="UsageException">The file has unknown keys, or values of the wrong type.</exception>
    /// <exception cref="InvalidFileException">It is not a JSON object.</exception>
    public static DeploySettings Read(string folder)
    {
        var errors = new UsageErrors();
        var settings = Read(folder, errors);
        errors.ThrowIfAny();
        return settings;
    }

    /// <param name="errors">Receives each unknown key and each value of the wrong type.</param>
    /// <exception cref="InvalidFileException">The file is not a JSON object.</exception>
    public static DeploySettings Read(string folder, UsageErrors errors)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return Empty;
        var file = RunConfigurationFile.ReadObject(path);
        var invalidKeys = new List<string>();
        foreach (var (key, value) in file.Fields)
            if (FindFieldError(key, value) is { } error)
            {
                errors.Add($"{FileName}: {error}");
                invalidKeys.Add(key);
            }
        return new(file, invalidKeys);
    }

    private static string? FindFieldError(string key, JsonCursor value) =>
        !Keys.Contains(key) ? $"unknown key '{key}'{OptionSpelling.Suggest(key, Keys)}"
        : !value.IsNull && FindError(key, value) is { } error ? $"'{key}' must be {error}; correct or remove it"
        : null;

    /// <summary>A modifiable copy of the file's contents.</summary>
    public JsonObject Copy() => file?.ToJsonObject() ?? [];

    /// <summary>
    /// A value of the file, ignoring options and environment variables; null if it is missing or null.
    /// </summary>
    public JsonCursor? Find(string key) =>
        !invalidKeys.Contains(key) && file?.Find(key) is { IsNull: false } value ? value : null;

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

    /// <summary>The values of options: of environment variables, or else of the file.</summary>
    /// <exception cref="InvalidFileException">A value of the file is an object.</exception>
    public OptionValues GetValues(IEnumerable<OptionDefinition> options)
    {
        var values = new OptionValues();
        foreach (var option in options.Where(option => Keys.Contains(option.Key.Name)))
            if (GetVariable(option.Key.Name) is { } text)
                values.Set(option.Key, ParseVariable(text, option), Prefix + option.Key.Name.ToUpperInvariant());
        return values.WithFallback(
            OptionValues.FromJson(
                file?.Fields.Where(field =>
                    !invalidKeys.Contains(field.Name) && options.Any(option => option.Key.Name == field.Name)
                )
                    ?? [],
                FileName
            )
        );
    }

    // A list has spaces between its values; a switch is on with 1 as well.
    private static string[] ParseVariable(string text, OptionDefinition option) =>
        option.Arity switch
        {
            OptionArity.Multiple => text.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            OptionArity.Switch =>
            [
                text is "1" ? "true"
                : text is "0" ? "false"
                : text,
            ],
            _ => [text],
        };

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

    private static string? GetVariable(string key) =>
        Environment.GetEnvironmentVariable(Prefix + key.ToUpperInvariant()) is { Length: > 0 } text ? text : null;
}
