using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Groups;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>Metrics by group in metrics.json.</summary>
internal static class GroupJson
{
    public static JsonArray Create(IReadOnlyList<GroupComparison> comparisons) =>
        new([.. comparisons.Select(comparison => (JsonNode)Create(comparison))]);

    /// <param name="metrics">The object of the file.</param>
    /// <returns>Empty for files of versions that compared no groups.</returns>
    /// <exception cref="InvalidFileException">The array is damaged.</exception>
    public static IReadOnlyList<GroupComparison> Read(JsonCursor metrics) =>
        metrics.Find("groups") is { IsArray: true } comparisons ? [.. comparisons.Items.Select(ReadComparison)] : [];

    private static JsonObject Create(GroupComparison comparison) =>
        new()
        {
            ["attribute"] = comparison.Attribute,
            ["definition"] = comparison.Definition,
            ["groups"] = new JsonArray([.. comparison.Groups.Select(group => (JsonNode)Create(group))]),
            ["not_compared"] = new JsonArray([
                .. comparison.Excluded.Select(group =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["name"] = group.Name,
                            ["n_clips"] = group.Clips,
                            ["n_speakers"] = group.Speakers,
                        }
                ),
            ]),
            ["n_clips_without_value"] = comparison.ClipsWithoutValue,
            ["uar_classes"] = new JsonArray([.. comparison.Classes.Select(label => (JsonNode)label)]),
            ["worst"] = comparison.Worst?.Name,
            ["best"] = comparison.Best?.Name,
            ["uar_gap"] = comparison.Gap?.Value,
            ["uar_gap_ci95"] = ReportJson.CreateInterval(comparison.Gap?.Interval),
            ["description"] = GroupText.Describe(comparison),
        };

    private static JsonObject Create(GroupMetrics group) =>
        new()
        {
            ["name"] = group.Name,
            ["n_clips"] = group.Clips,
            ["n_speakers"] = group.Speakers,
            ["uar"] = ReportJson.CreateNumber(group.Uar),
            ["uar_ci95"] = ReportJson.CreateInterval(group.UarInterval),
            ["accuracy"] = ReportJson.CreateNumber(group.Accuracy),
            ["accuracy_ci95"] = ReportJson.CreateInterval(group.AccuracyInterval),
        };

    private static GroupComparison ReadComparison(JsonCursor json) =>
        new()
        {
            Attribute = json.GetString("attribute"),
            Definition = json.Get("definition").AsString(),
            Groups = [.. json.GetArray("groups").Items.Select(ReadGroup)],
            Excluded =
            [
                .. json.GetArray("not_compared")
                    .Items.Select(group => new ExcludedGroup(
                        group.GetString("name"),
                        group.GetInt32("n_clips", min: 0),
                        group.GetInt32("n_speakers", min: 0)
                    )),
            ],
            ClipsWithoutValue = json.GetInt32("n_clips_without_value", min: 0),
            Classes = json.GetStrings("uar_classes"),
            Gap = json.Get("uar_gap").AsDouble() is { } gap
                ? new PairedDifference(gap, MetricsSummary.ReadInterval(json, "uar_gap_ci95"))
                : null,
        };

    private static GroupMetrics ReadGroup(JsonCursor json) =>
        new(
            json.GetString("name"),
            json.GetInt32("n_clips", min: 0),
            json.GetInt32("n_speakers", min: 0),
            MetricsSummary.ReadMetric(json, "uar"),
            MetricsSummary.ReadInterval(json, "uar_ci95"),
            MetricsSummary.ReadMetric(json, "accuracy"),
            MetricsSummary.ReadInterval(json, "accuracy_ci95")
        );
}
