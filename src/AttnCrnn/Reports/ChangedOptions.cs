using System.Text.Json.Nodes;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Reports;

/// <summary>The options of a training that are not the defaults of this version for its encoder.</summary>
internal static class ChangedOptions
{
    // Where the training read and wrote, which is not how it trained; and the split, which the protocol describes.
    private static readonly string[] Omitted =
    [
        RunConfigurationFile.VersionKey,
        OptionKeys.DataFolders.Name,
        OptionKeys.WorkFolder.Name,
        OptionKeys.Threads.Name,
        OptionKeys.Labels.Name,
        OptionKeys.Split.Name,
    ];

    // Beside the hyperparameters; the lists of speakers are names of persons.
    private static readonly OptionKey[] PublicKeys =
    [
        OptionKeys.Map,
        OptionKeys.Drop,
        OptionKeys.Preset,
        OptionKeys.MaxSeconds,
        OptionKeys.MaxInvalidFraction,
        OptionKeys.Folds,
        OptionKeys.Split,
        OptionKeys.Allow,
    ];

    /// <summary>Options and their values, by key; empty if another program trained the model.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> List(TrainedModelInfo model)
    {
        var defaults = RunConfiguration.Table.ToJson(new RunConfiguration().Resolve(model.Encoder));
        return
        [
            .. model
                .Training.Where(option => option.Value is not null && !Omitted.Contains(option.Key))
                .Where(option => option.Value!.ToJsonString() != defaults[option.Key]?.ToJsonString())
                .Select(option => KeyValuePair.Create(option.Key, Format(option.Value!)))
                .Where(option => option.Value.Length > 0)
                .OrderBy(option => option.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether an option can be published: it contains neither a path nor the name of a speaker.</summary>
    public static bool IsPublic(string key) =>
        PublicKeys.Any(allowed => allowed.Name == key)
        || TrainingOptions.Table.Find(key) is { IsPath: false } && key != OptionKeys.Threads.Name;

    private static string Format(JsonNode value) =>
        value is JsonArray items ? string.Join(',', items.Select(item => $"{item}")) : $"{value}";
}
