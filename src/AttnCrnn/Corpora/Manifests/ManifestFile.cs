namespace AttnCrnn.Corpora.Manifests;

/// <summary>Which files are manifests, by their extensions.</summary>
internal static class ManifestFile
{
    /// <summary>The extensions, for messages.</summary>
    public const string Extensions = ".csv, .tsv, .txt, .jsonl or .json";

    private static readonly string[] Tables = [".csv", ".tsv", ".tab", ".txt"];
    private static readonly string[] Json = [".jsonl", ".ndjson", ".json"];

    /// <summary>Whether a file named as a source is a manifest, and not a recording.</summary>
    public static bool Matches(string path) => IsTable(path) || IsJson(path);

    /// <summary>Whether the file has JSON objects.</summary>
    public static bool IsJson(string path) => EndsWithAny(path, Json);

    /// <summary>Whether the file has delimited cells.</summary>
    public static bool IsTable(string path) => EndsWithAny(path, Tables);

    /// <summary>What separates the cells of a table that is written under this name.</summary>
    public static char GetDelimiter(string path) => EndsWithAny(path, [".tsv", ".tab"]) ? '\t' : ',';

    private static bool EndsWithAny(string path, string[] extensions) =>
        extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
