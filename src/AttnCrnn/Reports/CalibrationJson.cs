using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The calibration of probabilities in metrics.json.</summary>
internal static class CalibrationJson
{
    public static JsonObject Create(CalibrationResult calibration) =>
        new()
        {
            ["temperature_scaling"] = calibration.Scaling switch
            {
                TemperatureScaling.Fitted => "fitted",
                TemperatureScaling.NotFitted => "not_fitted",
                _ => "unknown",
            },
            ["temperatures"] = new JsonArray([.. calibration.Temperatures.Select(value => (JsonNode)value)]),
            ["before"] = CreateMetrics(calibration.Unscaled),
            ["after"] = CreateMetrics(calibration.After),
            ["description"] = CalibrationText.Describe(calibration),
        };

    private static JsonObject? CreateMetrics(CalibrationMetrics? metrics) =>
        metrics is null
            ? null
            : new()
            {
                ["log_loss"] = ReportJson.CreateNumber(metrics.LogLoss),
                ["brier"] = ReportJson.CreateNumber(metrics.Brier),
                ["ece"] = ReportJson.CreateNumber(metrics.Ece),
                ["bins"] = new JsonArray([
                    .. metrics.Bins.Select(bin =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["low"] = bin.Low,
                                ["high"] = bin.High,
                                ["n_clips"] = bin.Count,
                                ["confidence"] = ReportJson.CreateNumber(bin.Confidence),
                                ["accuracy"] = ReportJson.CreateNumber(bin.Accuracy),
                            }
                    ),
                ]),
            };
}
