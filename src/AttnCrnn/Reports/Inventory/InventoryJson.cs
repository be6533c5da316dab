using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Reports.Inventory;

/// <summary>The runs of a working folder as JSON: full precision, null for what is not known.</summary>
public static class InventoryJson
{
    /// <summary>One object, whose list <c>runs</c> is in the order given.</summary>
    public static string Serialize(IReadOnlyList<RunOverview> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        return ReportJson.Serialize(
            new JsonObject { ["runs"] = new JsonArray([.. runs.Select(run => (JsonNode)Create(run))]) }
        );
    }

    /// <summary>One run.</summary>
    internal static JsonObject Create(RunOverview run) =>
        new()
        {
            ["run"] = run.Name,
            ["started"] = FormatStart(run.Directory.Started),
            ["kind"] = run.IsTraining ? "training" : "evaluation",
            ["state"] = RunStates.Format(run.State),
            ["version"] = run.Model?.Version,
            ["network"] = run.Model is { } model ? NetworkVersions.Format(model.Network.Version) : null,
            ["encoder"] = run.Model?.Encoder.Name,
            ["encoder_layers"] = run.Model?.Encoder.Layers,
            ["labels"] = CreateStrings(run.Model?.Labels ?? run.Metrics?.Labels),
            ["models"] = CreateStrings(
                run.ModelPaths.Select(path => Path.GetRelativePath(run.Directory.WorkFolder, path))
            ),
            ["folds"] = run.Folds,
            ["trained_folds"] = run.Folds == 0 ? 0 : run.ModelPaths.Count,
            ["seeds"] = run.Seeds,
            ["trained_seeds"] = run.TrainedSeeds,
            ["protocol"] = run.Protocol,
            ["split"] = run.Metrics?.Split.Method,
            ["speakers_disjoint"] = run.Metrics?.Split.SpeakersDisjoint,
            ["n_clips"] = run.Metrics?.Clips,
            ["n_speakers"] = run.Metrics?.Speakers,
            ["uar"] = run.Metrics is { } metrics ? ReportJson.CreateNumber(metrics.Uar) : null,
            ["uar_ci95"] = ReportJson.CreateInterval(run.Metrics?.UarInterval),
            ["accuracy"] = run.Metrics is { } evaluated ? ReportJson.CreateNumber(evaluated.Accuracy) : null,
            ["accuracy_ci95"] = ReportJson.CreateInterval(run.Metrics?.AccuracyInterval),
            ["repeats"] = RepeatsJson.Create(run.Repeats),
            ["synthetic"] = run.Model?.Synthetic ?? run.Metrics?.Synthetic,
            ["problem"] = run.Problem?.ToString(),
        };

    private static JsonArray? CreateStrings(IEnumerable<string>? texts) =>
        texts is null ? null : ReportJson.CreateStrings(texts);

    // A run that was renamed has no time.
    private static string? FormatStart(DateTime started) =>
        started.Year == 1980 ? null : started.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
}
