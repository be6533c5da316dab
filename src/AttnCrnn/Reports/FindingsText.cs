using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>What the audit found, in reports: numbers of clips, without their names.</summary>
internal static class FindingsText
{
    /// <summary>A sentence; null if nothing was found.</summary>
    public static string? Describe(EvaluationProtocol protocol) =>
        protocol.Findings.Count == 0
            ? null
            : "Found by the audit of the recordings (clips): "
                + $"{string.Join(", ", protocol.Findings.Select(Describe))}.";

    /// <summary>The findings for metrics.json.</summary>
    public static JsonArray CreateJson(IReadOnlyList<FindingCount> findings) =>
        new([.. findings.Select(finding => (JsonNode)new JsonObject(ListProperties(finding)))]);

    /// <summary>The findings of a metrics.json; empty for files of versions that did not count them.</summary>
    /// <exception cref="InvalidFileException">The array is damaged.</exception>
    public static IReadOnlyList<FindingCount> ReadJson(JsonCursor metrics) =>
        metrics.Find("findings") is { IsArray: true } findings
            ?
            [
                .. findings.Items.Select(finding => new FindingCount(
                    finding.GetString("name"),
                    finding.GetInt32("count", min: 0)
                )
                {
                    Detail = finding.Find("detail")?.AsString(),
                }),
            ]
            : [];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> ListProperties(FindingCount finding)
    {
        yield return new("name", finding.Name);
        yield return new("count", finding.Clips);
        if (finding.Detail is { } detail)
            yield return new("detail", detail);
    }

    private static string Describe(FindingCount finding) =>
        finding.Detail is { } detail ? $"{finding.Name} {finding.Clips}: {detail}" : $"{finding.Name} {finding.Clips}";
}
