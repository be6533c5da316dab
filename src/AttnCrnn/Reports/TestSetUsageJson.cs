using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>The object <c>test_set</c> of metrics.json; null in files of versions that did not count.</summary>
internal static class TestSetUsageJson
{
    private const string DateFormat = "yyyy-MM-dd";

    public static JsonObject? Create(TestSetUsage? usage) =>
        usage is null
            ? null
            : new()
            {
                ["sha256"] = usage.Sha256,
                ["evaluations"] = usage.Evaluations,
                ["runs"] = usage.Runs,
                ["since"] = usage.Since.ToString(DateFormat, CultureInfo.InvariantCulture),
                ["damaged_records"] = usage.DamagedRecords,
                ["unrecorded"] = usage.Unrecorded,
                ["description"] = TestSetUsageText.Describe(usage),
            };

    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static TestSetUsage? Read(JsonCursor metrics)
    {
        if (metrics.Find("test_set") is not { IsObject: true } json)
            return null;
        return new()
        {
            Sha256 = json.GetString("sha256"),
            Evaluations = json.GetInt32("evaluations", min: 1),
            Runs = json.GetInt32("runs", min: 1),
            Since = DateOnly.TryParseExact(json.GetString("since"), DateFormat, out var since)
                ? since
                : throw json.Get("since").Unexpected("a date such as 2026-01-31"),
            DamagedRecords = json.GetInt32("damaged_records", min: 0),
            Unrecorded = json.Find("unrecorded")?.AsString(),
        };
    }
}
