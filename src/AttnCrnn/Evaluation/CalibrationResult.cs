using AttnCrnn.Metrics;

namespace AttnCrnn.Evaluation;

/// <summary>What is known of the temperature scaling of predicted probabilities.</summary>
public enum TemperatureScaling
{
    /// <summary>
    /// Not recorded: the probabilities are means over several models, each with its own temperature, or of another
    /// program, or of a predictions.csv of an earlier version.
    /// </summary>
    Unknown,

    /// <summary>No temperature was fitted: the probabilities are the network's.</summary>
    NotFitted,

    /// <summary>The temperature was fitted on the validation set; with folds, on that of each fold.</summary>
    Fitted,
}

/// <summary>How well probabilities fit the labels.</summary>
/// <param name="LogLoss">As <see cref="Classification.LogLoss"/>.</param>
/// <param name="Brier">As <see cref="Classification.Brier"/>.</param>
/// <param name="Ece">As <see cref="Classification.Ece"/>.</param>
/// <param name="Bins">As <see cref="Classification.CalibrationBins"/>.</param>
public sealed record CalibrationMetrics(double LogLoss, double Brier, double Ece, IReadOnlyList<CalibrationBin> Bins);

/// <summary>Calibration of the predicted probabilities, before and after temperature scaling.</summary>
/// <param name="Scaling">Whether a temperature was fitted.</param>
/// <param name="Temperatures">The temperatures of the models, different and ascending; empty if unknown.</param>
/// <param name="Unscaled">Of the probabilities at temperature 1; null unless a temperature was fitted.</param>
/// <param name="After">Of the probabilities as predicted.</param>
public sealed record CalibrationResult(
    TemperatureScaling Scaling,
    IReadOnlyList<double> Temperatures,
    CalibrationMetrics? Unscaled,
    CalibrationMetrics After
)
{
    /// <summary>Computes calibration before and after the temperatures of the predictions.</summary>
    internal static CalibrationResult Compute(
        int[] truth,
        IReadOnlyList<ClipPrediction> predictions,
        Classification metrics
    )
    {
        var after = new CalibrationMetrics(metrics.LogLoss, metrics.Brier, metrics.Ece, metrics.CalibrationBins);
        if (predictions.Any(clip => clip.Temperature is null))
            return new(TemperatureScaling.Unknown, [], null, after);
        double[] temperatures = [.. predictions.Select(clip => clip.Temperature!.Value).Distinct().Order()];
        if (temperatures is [1])
            return new(TemperatureScaling.NotFitted, temperatures, null, after);
        double[][] unscaled =
        [
            .. predictions.Select(clip => new Temperature(clip.Temperature!.Value).Undo(clip.Probabilities)),
        ];
        return new(TemperatureScaling.Fitted, temperatures, Measure(truth, unscaled), after);
    }

    private static CalibrationMetrics Measure(int[] truth, double[][] probabilities)
    {
        var bins = Calibration.Compute(
            [.. probabilities.Select(row => row.Max())],
            [.. probabilities.Select((row, i) => ClassProbabilities.FindMostProbable(row) == truth[i])]
        );
        return new(
            ProbabilityLoss.ComputeLogLoss(truth, probabilities),
            ProbabilityLoss.ComputeBrier(truth, probabilities),
            Calibration.ComputeError(bins),
            bins
        );
    }
}
