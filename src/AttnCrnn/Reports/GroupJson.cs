using System.Text.Json.Nodes;
using AttnCrnn.Evaluation.Groups;

namespace AttnCrnn.Reports;

/// <summary>Metrics by group in metrics.json.</summary>
internal static class GroupJson
{
    public static JsonArray Create(IReadOnlyList<GroupComparison> comparisons) =>
        new([.. comparisons.Select(comparison => (JsonNode)Create(comparison))]);

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
}
