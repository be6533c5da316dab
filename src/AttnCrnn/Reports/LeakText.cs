using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>Leaks in reports: without names of recordings or speakers, since reports are made to be shared.</summary>
internal static class LeakText
{
    /// <summary>A sentence for each kind of leak, except speakers, whom the description of the split has.</summary>
    public static IEnumerable<string> Describe(EvaluationProtocol protocol)
    {
        foreach (var leak in protocol.Leaks)
            if (leak.Kind != LeakKind.SharedSpeakers)
                yield return $"{leak.Describe()}{DescribeAllowance(leak)}: the metrics overestimate performance.";
            else if (leak.IsAllowed && protocol.Split?.Kind != Corpora.Splits.SplitKind.Random)
                yield return $"Speakers in two subsets were allowed ({LeakKinds.Format(leak.Kind)}).";
    }

    /// <summary>That clips were not audited; null if all were.</summary>
    public static string? DescribeUnaudited(EvaluationProtocol protocol) =>
        protocol.UnauditedClips == 0
            ? null
            : $"{protocol.UnauditedClips} {(protocol.UnauditedClips == 1 ? "clip was" : "clips were")} extracted "
                + "without an audit, so near duplicates in two subsets are not known.";

    /// <summary>The leaks for metrics.json.</summary>
    public static JsonArray CreateJson(IReadOnlyList<Leak> leaks) =>
        new([
            .. leaks.Select(leak =>
                (JsonNode)
                    new JsonObject
                    {
                        ["name"] = LeakKinds.Format(leak.Kind),
                        ["count"] = leak.Count,
                        ["allowed"] = leak.IsAllowed,
                    }
            ),
        ]);

    /// <summary>The leaks of a metrics.json; empty for files of versions that did not look for them.</summary>
    /// <exception cref="InvalidFileException">The array is damaged.</exception>
    public static IReadOnlyList<Leak> ReadJson(JsonCursor metrics) =>
        metrics.Find("leaks") is { IsArray: true } leaks
            ?
            [
                .. leaks.Items.Select(leak => new Leak(
                    LeakKinds.Parse(leak.GetString("name")) ?? throw leak.Get("name").Unexpected("the name of a leak"),
                    leak.GetInt32("count", min: 0),
                    leak.GetBoolean("allowed")
                )),
            ]
            : [];

    private static string DescribeAllowance(Leak leak) =>
        leak.IsAllowed ? $", which was allowed ({LeakKinds.Format(leak.Kind)})" : "";
}
