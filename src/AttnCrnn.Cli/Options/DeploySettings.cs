using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;

namespace AttnCrnn.Cli.Options;

/// <summary>What a flag does not say, an ATTN_CRNN_… variable does, and what that does not, deploy.json in the working folder.</summary>
internal sealed class DeploySettings
{
    public const string FileName = "deploy.json",
        Prefix = "ATTN_CRNN_";

    /// <summary>Keys of the file that are no flags of deploy: the folders of features, an object of train's flags, and a list of extract's words.</summary>
    public const string DataDirs = "data_dirs",
        Train = "train",
        Extract = "extract";

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

    /// <exception cref="UsageException">The file has a key that means nothing, or a value of another kind than its key has.</exception>
    /// <exception cref="InvalidFileException">It is no JSON object.</exception>
    public static DeploySettings Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var file = File.Exists(path) ? ConfigFile.Read(path) : [];
        if (file.FirstOrDefault(pair => !Keys.Contains(pair.Key)).Key is { } unknown)
            throw new UsageException(
                $"{FileName}: '{unknown}' means nothing here{OptionSpelling.Suggestion(unknown, Keys)}"
            );
        foreach (var (key, value) in file)
            if (value is not null && Error(key, value) is { } fault)
                throw new UsageException($"{FileName}: '{key}' is {fault}; correct it, or take '{key}' out");
        return new(file);
    }

    /// <summary>The file as it stands, to be changed.</summary>
    public JsonObject Copy() => (JsonObject)file.DeepClone();

    private static string? Error(string key, JsonNode value) =>
        key switch
        {
            Train => value is JsonObject ? null : "an object of train's flags, as in {\"epochs\": 30}",
            DataDirs or Extract or Sbatch => value is JsonValue
            || value is JsonArray all && all.All(item => item is JsonValue)
                ? null
                : "a text or a list of texts, as in [\"one\", \"two\"]",
            _ => value is JsonValue ? null : "one value: a text, a number, true or false",
        };

    public string? Text(ParseResult given, Option<string?> option) =>
        IsGiven(given, option) ? given.GetValue(option) : Outside(option);

    public int? Number(ParseResult given, Option<int?> option) =>
        IsGiven(given, option) ? given.GetValue(option)
        : Outside(option) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(option, text, "a whole number");

    public double? Real(ParseResult given, Option<double?> option) =>
        IsGiven(given, option) ? given.GetValue(option)
        : Outside(option) is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(option, text, "a number");

    public bool Switch(ParseResult given, Option<bool> option) =>
        IsGiven(given, option)
            ? given.GetValue(option)
            : Outside(option) is { } text
                && (
                    text is "1"
                    || (
                        bool.TryParse(text, out var on) ? on
                        : text is "0" ? false
                        : throw Wrong(option, text, "true or false")
                    )
                );

    /// <summary>A list of texts: the flag's, or those of its variable with spaces between, or the file's.</summary>
    public IReadOnlyList<string> Words(ParseResult given, Option<string[]> option) =>
        IsGiven(given, option) ? given.GetValue(option)! : List(Key(option));

    /// <summary>Words of extract, for a cluster.</summary>
    public IReadOnlyList<string> ExtractWords() => List(Extract);

    private string[] List(string key) =>
        Variable(key) is { } text
            ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            : file[key] switch
            {
                null => [],
                JsonArray array => [.. array.Select(item => item!.ToString())],
                var value => [value.ToString()],
            };

    /// <summary>The words of ATTN_CRNN_TRAIN_FLAGS: cut at spaces, since a value with spaces can stand in the file.</summary>
    public static string[] TrainWords() =>
        Variable("train_flags")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>ATTN_CRNN_DATA_DIRS: folders with colons between them, as PATH has them.</summary>
    public static string[] DataVariable() =>
        Variable(DataDirs)?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>The file's flags for train.</summary>
    public JsonObject TrainFlags()
    {
        var flags = (JsonObject?)file[Train]?.DeepClone() ?? [];
        if (file[DataDirs] is { } folders)
            flags[DataDirs] = folders.DeepClone();
        return flags;
    }

    private static bool IsGiven(ParseResult given, Option option) => given.GetResult(option) is { Implicit: false };

    private string? Outside(Option option) => Variable(Key(option)) ?? file[Key(option)]?.ToString();

    private static string? Variable(string key) =>
        Environment.GetEnvironmentVariable(Prefix + key.ToUpperInvariant()) is { Length: > 0 } text ? text : null;

    private static string Key(Option option) => option.Name.TrimStart('-');

    private static UsageException Wrong(Option option, string text, string expected) =>
        new(
            $"{(Variable(Key(option)) is null ? $"{FileName}: '{Key(option)}'" : Prefix + Key(option).ToUpperInvariant())} is {text}: expected {expected}"
        );
}
