using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The sentences about whether a model was trained enough, or too much.</summary>
public static class TrainingFitText
{
    /// <summary>The chosen epoch with its reason, the step near the best metric, and the generalization gap.</summary>
    /// <param name="fits">One per fold, or a single one; at least one.</param>
    public static string Describe(IReadOnlyList<TrainingFit> fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        return fits.Count == 1 ? $"{DescribeEpoch(fits[0])} {DescribeGap(fits[0])}" : DescribeFolds(fits);
    }

    /// <summary>How the training clips were sampled and predicted.</summary>
    public static string DescribeMethod(IReadOnlyList<TrainingFit> fits)
    {
        ArgumentNullException.ThrowIfNull(fits);
        var isSample = fits.Any(fit => fit.Train.Clips < fit.TrainingClips);
        var sample = isSample
            ? string.Create(CultureInfo.InvariantCulture, $"{fits[0].Train.Clips} training clips, drawn by the seed,")
            : "All training clips";
        return $"{sample} and all validation clips are predicted with the model of the chosen epoch, without dropout, "
            + "noise and MixUp. Epoch and temperature were selected on the validation set, so that its metrics are "
            + "slightly optimistic.";
    }

    private static string DescribeEpoch(TrainingFit fit)
    {
        var end =
            fit.StoppedEarly ? $"early stopping ended the training after epoch {fit.Epochs}"
            : fit.BestIsLast ? "it is the last one, so that more epochs may be better"
            : $"{fit.Epochs} epochs were trained";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {fit.BestEpoch} was chosen, the first with the highest {fit.Monitor} ({fit.Best:0.0000}); {end}. "
                + $"95% of it was first reached by step {fit.NearBestStep} (epoch {fit.NearBestEpoch}) of "
                + $"{fit.Epochs * fit.StepsPerEpoch}."
        );
    }

    private static string DescribeGap(TrainingFit fit) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Generalization gap (training minus validation): UAR {Format(fit.Train.Uar)} - "
                + $"{Format(fit.Validation.Uar)} = {Format(fit.UarGap)}, accuracy {Format(fit.Train.Accuracy)} - "
                + $"{Format(fit.Validation.Accuracy)} = {Format(fit.AccuracyGap)}; log loss (validation minus "
                + $"training) {Format(fit.LogLossGap)}."
        );

    private static string DescribeFolds(IReadOnlyList<TrainingFit> fits)
    {
        var last = fits.Count(fit => fit.BestIsLast);
        var more =
            last == 0
                ? ""
                : $" In {last} of {fits.Count} folds it is the last epoch, so that more epochs may be better.";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"In {fits.Count} folds, epoch {FormatRange(fits, fit => fit.BestEpoch)} was chosen: in each, the first "
                + $"with the highest {fits[0].Monitor}.{more} 95% of it was first reached by step "
                + $"{FormatRange(fits, fit => fit.NearBestStep)}. Generalization gap (training minus validation), mean "
                + $"over folds: UAR {FormatMean(fits, fit => fit.UarGap)}, accuracy "
                + $"{FormatMean(fits, fit => fit.AccuracyGap)}; log loss (validation minus "
                + $"training) {FormatMean(fits, fit => fit.LogLossGap)}."
        );
    }

    private static string FormatRange(IReadOnlyList<TrainingFit> fits, Func<TrainingFit, int> value) =>
        fits.Min(value) == fits.Max(value)
            ? string.Create(CultureInfo.InvariantCulture, $"{fits.Min(value)}")
            : string.Create(CultureInfo.InvariantCulture, $"{fits.Min(value)} to {fits.Max(value)}");

    private static string FormatMean(IReadOnlyList<TrainingFit> fits, Func<TrainingFit, double> value)
    {
        var statistics = TrainingFit.ComputeMeanAndStd(fits, value);
        return statistics.StandardDeviation is { } std
            ? $"{Format(statistics.Mean)} ± {Format(std)}"
            : Format(statistics.Mean);
    }

    private static string Format(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
