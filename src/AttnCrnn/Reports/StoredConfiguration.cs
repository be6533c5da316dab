using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>The options of a run of an earlier version, which has no report.json, from its config.json.</summary>
internal static class StoredConfiguration
{
    /// <summary>The options that have a value, without the work folder; empty if there is no file.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string path) =>
        !File.Exists(path)
            ? []
            :
            [
                .. RunConfigurationFile
                    .ReadObject(path)
                    .Fields.Where(field => field.Name != OptionKeys.WorkFolder.Name)
                    .Select(field => KeyValuePair.Create(field.Name, Format(field.Value)))
                    .Where(option => option.Value.Length > 0)
                    .OrderBy(option => option.Key, StringComparer.Ordinal),
            ];

    private static string Format(IO.JsonCursor value) =>
        value.IsArray ? string.Join(' ', value.Items.Select(item => item.AsText())) : value.AsText() ?? "";
}
