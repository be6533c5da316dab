using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Reports;

/// <summary>The object <c>training</c> of metrics.json; null for models that were not trained by the run.</summary>
internal static class TrainingFitJson
{
    public static JsonObject? Create(IReadOnlyList<TrainingFit> fits) =>
        fits.Count == 0
            ? null
            : new()
            {
                ["models"] = new JsonArray([.. fits.Select(CreateFit)]),
                ["uar_gap"] = CreateMean(fits, fit => fit.UarGap),
                ["accuracy_gap"] = CreateMean(fits, fit => fit.AccuracyGap),
                ["log_loss_gap"] = CreateMean(fits, fit => fit.LogLossGap),
                ["description"] = $"{TrainingFitText.Describe(fits)} {TrainingFitText.DescribeMethod(fits)}",
            };

    /// <param name="metrics">The object of the file.</param>
    /// <returns>Empty for files of versions that did not measure it.</returns>
    /// <exception cref="InvalidFileException">The object is damaged.</exception>
    public static IReadOnlyList<TrainingFit> Read(JsonCursor metrics) =>
        metrics.Find("training") is { IsObject: true } json ? [.. json.GetArray("models").Items.Select(ReadFit)] : [];

    private static JsonObject CreateFit(TrainingFit fit) =>
        new()
        {
            ["fold"] = fit.Fold,
            ["monitor"] = fit.Monitor,
            ["best_epoch"] = fit.BestEpoch,
            ["best"] = fit.Best,
            ["epochs"] = fit.Epochs,
            ["stopped_early"] = fit.StoppedEarly,
            ["steps_per_epoch"] = fit.StepsPerEpoch,
            ["near_best_epoch"] = fit.NearBestEpoch,
            ["near_best_step"] = fit.NearBestStep,
            ["n_training_clips"] = fit.TrainingClips,
            ["train"] = CreateSet(fit.Train),
            ["validation"] = CreateSet(fit.Validation),
        };

    private static JsonObject CreateSet(SetMetrics metrics) =>
        new()
        {
            ["n_clips"] = metrics.Clips,
            ["log_loss"] = ReportJson.CreateNumber(metrics.LogLoss),
            ["accuracy"] = ReportJson.CreateNumber(metrics.Accuracy),
            ["uar"] = ReportJson.CreateNumber(metrics.Uar),
        };

    private static JsonObject? CreateMean(IReadOnlyList<TrainingFit> fits, Func<TrainingFit, double> value) =>
        ReportJson.CreateMeanAndStd(TrainingFit.ComputeMeanAndStd(fits, value));

    private static TrainingFit ReadFit(JsonCursor json) =>
        new()
        {
            Fold = json.Get("fold").AsInt32(),
            Monitor = json.GetString("monitor"),
            BestEpoch = json.GetInt32("best_epoch", min: 1),
            Best = json.GetDouble("best"),
            Epochs = json.GetInt32("epochs", min: 1),
            StoppedEarly = json.GetBoolean("stopped_early"),
            StepsPerEpoch = json.GetInt32("steps_per_epoch", min: 0),
            NearBestEpoch = json.GetInt32("near_best_epoch", min: 1),
            TrainingClips = json.GetInt32("n_training_clips", min: 0),
            Train = ReadSet(json.GetObject("train")),
            Validation = ReadSet(json.GetObject("validation")),
        };

    private static SetMetrics ReadSet(JsonCursor json) =>
        new(
            json.GetInt32("n_clips", min: 0),
            MetricsSummary.ReadMetric(json, "log_loss"),
            MetricsSummary.ReadMetric(json, "accuracy"),
            MetricsSummary.ReadMetric(json, "uar")
        );
}
