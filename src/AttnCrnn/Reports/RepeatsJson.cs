using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>The object <c>repeats</c> of metrics.json; null for a run of one seed.</summary>
internal static class RepeatsJson
{
    public static JsonObject? Create(RepeatedMetrics? repeats) =>
        repeats is null
            ? null
            : new()
            {
                ["requested"] = repeats.Requested,
                ["seeds"] = new JsonArray([.. repeats.Seeds.Select(CreateSeed)]),
                ["uar"] = ReportJson.CreateMeanAndStd(repeats.Uar),
                ["accuracy"] = ReportJson.CreateMeanAndStd(repeats.Accuracy),
                ["macro_f1"] = ReportJson.CreateMeanAndStd(repeats.MacroF1),
                ["description"] = RepeatsText.Describe(repeats),
            };

    /// <param name="metrics">The object of the file.</param>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static RepeatedMetrics? Read(JsonCursor metrics) =>
        metrics.Find("repeats") is { IsObject: true } json
            ? new([.. json.GetArray("seeds").Items.Select(ReadSeed)], json.GetInt32("requested", min: 1))
            : null;

    private static JsonObject CreateSeed(SeedMetrics metrics) =>
        new()
        {
            ["seed"] = metrics.Seed,
            ["uar"] = ReportJson.CreateNumber(metrics.Uar),
            ["accuracy"] = ReportJson.CreateNumber(metrics.Accuracy),
            ["macro_f1"] = ReportJson.CreateNumber(metrics.MacroF1),
        };

    private static SeedMetrics ReadSeed(JsonCursor json) =>
        new(
            ulong.TryParse(json.Get("seed").AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
                ? seed
                : throw json.Get("seed").Unexpected("a seed"),
            json.GetDouble("uar"),
            json.GetDouble("accuracy"),
            json.GetDouble("macro_f1")
        );
}
