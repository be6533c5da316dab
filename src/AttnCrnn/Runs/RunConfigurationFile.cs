using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>
/// The file of a run's configuration, <c>config.json</c>: <c>format_version</c> and every option as it was used.
/// </summary>
/// <remarks>
/// Version 1, written by release 0.1, has no <c>format_version</c>, and null for the options that were left to recipe,
/// network or encoder: <see cref="Version1Configuration"/> fills them in.
/// </remarks>
public static class RunConfigurationFile
{
    /// <summary>The version that is written.</summary>
    public const int CurrentVersion = 2;

    /// <summary>Key of the version.</summary>
    public const string VersionKey = "format_version";

    private const int MaxBytes = 1 << 20;
    private const string Expected = """a JSON object of options, as in {"epochs": 10}""";
    private const string Remedy = "correct it";

    // The file may be written by hand.
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 8,
    };

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>The contents of the file.</summary>
    /// <param name="configuration">With absolute paths, and resolved if the encoder is known.</param>
    public static JsonObject ToJson(RunConfiguration configuration)
    {
        var json = RunConfiguration.Table.ToJson(configuration);
        json.Insert(0, VersionKey, CurrentVersion);
        return json;
    }

    /// <summary>Writes the file.</summary>
    public static void Write(string path, RunConfiguration configuration) =>
        AtomicFile.WriteText(path, Format(ToJson(configuration)));

    /// <summary>Writes the file unless it exists.</summary>
    internal static void Create(string path, RunConfiguration configuration) =>
        AtomicFile.TryCreate(path, Encoding.UTF8.GetBytes(Format(ToJson(configuration))));

    /// <summary>
    /// Fills in the options that a file leaves open, as that of a run for which the features were not extracted yet. A
    /// file of another version is kept as it is.
    /// </summary>
    /// <param name="configuration">Resolved.</param>
    internal static void Complete(string path, RunConfiguration configuration)
    {
        var json = ReadObject(path);
        if (GetVersion(json) != CurrentVersion)
            return;
        var completed = json.ToJsonObject();
        foreach (var (key, value) in RunConfiguration.Table.ToJson(configuration))
            if (value is not null && json.Find(key) is null or { IsNull: true })
                completed[key] = value.DeepClone();
        if (!JsonNode.DeepEquals(completed, json.ToJsonObject()))
            AtomicFile.WriteText(path, Format(completed));
    }

    /// <summary>The text of the file.</summary>
    public static string Format(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.ToJsonString(Indented) + "\n";
    }

    /// <summary>Reads a JSON object of options.</summary>
    /// <exception cref="InvalidFileException">It is missing, not a JSON object, or larger than 1 MiB.</exception>
    public static JsonCursor ReadObject(string path)
    {
        if (!File.Exists(path))
            throw new InvalidInputException(path, MissingPath.Describe(path, "no such file"));
        if (new FileInfo(path).Length > MaxBytes)
            throw new InvalidFileException(path, null, $"more than {MaxBytes} bytes", Expected, Remedy);
        // The file may have another encoding than UTF-8. The text is converted: offsets would not match the file.
        return ParseObject(File.ReadAllText(path), path);
    }

    /// <summary>Parses a JSON object of options.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="InvalidFileException">It is not a JSON object, or a key is in it twice.</exception>
    public static JsonCursor ParseObject(string text, string source)
    {
        var json = new JsonSource(source, Expected, Remedy) { Start = null }.Parse(
            Encoding.UTF8.GetBytes(text),
            Lenient
        );
        if (!json.IsObject)
            throw new InvalidFileException(source, null, "JSON that is not an object", Expected, Remedy);
        // .NET's own check (AllowDuplicateProperties) draws a random number from OpenSSL, which may be missing.
        var duplicate = json.Fields.GroupBy(field => field.Name).FirstOrDefault(fields => fields.Count() > 1);
        return duplicate is null
            ? json
            : throw new InvalidFileException(source, null, $"'{duplicate.Key}' more than once", Expected, Remedy);
    }

    /// <summary>The options of a file with the defaults of the version that wrote it.</summary>
    /// <param name="json">As returned by <see cref="ReadObject"/>.</param>
    /// <param name="notice">Receives a warning if a newer version wrote the file.</param>
    /// <exception cref="InvalidFileException"><c>format_version</c> is not a positive integer.</exception>
    public static OptionValues GetValues(JsonCursor json, Action<string> notice)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(notice);
        var version = GetVersion(json);
        if (version > CurrentVersion)
            notice(
                $"{json.SourceFile} was written by a newer version of this program (format {version}; this one writes "
                    + $"{CurrentVersion}): options that this version does not know are ignored"
            );
        var values = OptionValues.FromJson(json.Fields.Where(field => field.Name != VersionKey), json.SourceFile);
        return version == 1 && Version1Configuration.IsComplete(json)
            ? Version1Configuration.AddDefaults(values)
            : values;
    }

    /// <summary>The version of a file; 1 if it has none.</summary>
    /// <exception cref="InvalidFileException">It is not a positive integer.</exception>
    public static int GetVersion(JsonCursor json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return json.GetInt32(VersionKey, min: 1, defaultValue: 1);
    }
}
