using System.Text.Json.Nodes;
using AttnCrnn.IO;
using AttnCrnn.Reports;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Export.Hub;

/// <summary>
/// The public part of a run's metrics.json. What a later version adds is left out until it is listed here: it may
/// contain names of speakers or of files.
/// </summary>
internal static class HubMetrics
{
    private static readonly string[] PublicKeys =
    [
        "uar",
        "uar_ci95",
        "accuracy",
        "accuracy_ci95",
        "macro_f1",
        "macro_f1_ci95",
        "macro_auc",
        "macro_auc_ci95",
        "macro_average_precision",
        "macro_average_precision_ci95",
        "macro_precision",
        "macro_recall",
        "weighted_f1",
        "log_loss",
        "log_loss_ci95",
        "ece",
        "ece_ci95",
        "brier",
        "brier_ci95",
        "matthews",
        "kappa",
        "n_clips",
        "n_speakers",
        "labels",
        "uar_classes",
        "classes_without_clips",
        "classes_without_training_clips",
        "classes_without_validation_clips",
        "confusion_matrix",
        "per_class",
        "split",
        "test_set",
        "overlap",
        "label_map",
        "repeats",
        "training",
        "leaks",
        "unaudited_clips",
        "synthetic",
        "transductive",
        "adaptation",
        "intervals",
        "calibration",
        "groups",
        "folds",
        "layer_weights",
        "layer_weights_deviation",
        "fold_uar",
        "fold_accuracy",
        "fold_macro_f1",
        "votes",
    ];

    /// <summary>Copies the file of an analysis folder into another folder.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static void Copy(string analysisFolder, string folder)
    {
        var metrics = CardMetrics.ReadJson(Path.Combine(analysisFolder, MetricsJson.FileName)).ToJsonObject();
        var selected = metrics.Where(field => PublicKeys.Contains(field.Key));
        if (metrics["groups"] is JsonArray groups)
            groups.RemoveAll(group => !IsPublic(group));
        var json = new JsonObject(selected.Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        AtomicFile.WriteText(Path.Combine(folder, MetricsJson.FileName), ReportJson.Serialize(json) + "\n");
    }

    private static bool IsPublic(JsonNode? group) =>
        CardGroup.PublicAttributes.Contains(group?["attribute"]?.GetValue<string>() ?? "");
}
