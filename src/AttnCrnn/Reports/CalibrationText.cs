using System.Globalization;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports;

/// <summary>The sentences about the calibration of probabilities in reports and in metrics.json.</summary>
public static class CalibrationText
{
    /// <summary>Whether temperature scaling was fitted, and what it changed.</summary>
    public static string Describe(CalibrationResult calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return calibration.Scaling switch
        {
            TemperatureScaling.NotFitted => "Temperature scaling was not fitted: the probabilities are those of the "
                + "network, and their calibration is not corrected.",
            TemperatureScaling.Unknown => "Calibration before temperature scaling is not known: the predictions have "
                + "no temperature (means over several models, each with a temperature of its own; a published "
                + "classifier; or predictions of an earlier version).",
            _ => $"Temperature scaling was fitted on the validation set ({FormatTemperatures(calibration)}): "
                + $"log loss {FormatChange(calibration, metrics => metrics.LogLoss)}, "
                + $"Brier score {FormatChange(calibration, metrics => metrics.Brier)}, "
                + $"expected calibration error {FormatChange(calibration, metrics => metrics.Ece)} "
                + $"(before and after).{DescribeBound(calibration)}",
        };
    }

    private static string FormatTemperatures(CalibrationResult calibration) =>
        calibration.Temperatures is [var temperature]
            ? $"temperature {Format(temperature)}"
            : $"temperature {Format(calibration.Temperatures[0])} to {Format(calibration.Temperatures[^1])}, that of "
                + "each fold's model";

    private static string FormatChange(CalibrationResult calibration, Func<CalibrationMetrics, double> metric) =>
        $"{Format(metric(calibration.Unscaled!))} and {Format(metric(calibration.After))}";

    // At a bound the fit found no minimum.
    private static string DescribeBound(CalibrationResult calibration) =>
        calibration.Temperatures[0] <= Temperature.Min || calibration.Temperatures[^1] >= Temperature.Max
            ? $" A temperature is at its bound ({Format(Temperature.Min)} or {Format(Temperature.Max)}): the "
                + "validation set does not determine it."
            : "";

    private static string Format(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
