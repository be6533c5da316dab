using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Cli.Terminal;

/// <summary>The state of a run as JSON.</summary>
internal static class StatusJson
{
    public static string Format(RunStatus status, RemoteTarget target) =>
        new JsonObject
        {
            ["machine"] = target.Machine.Name,
            ["folder"] = target.Folder,
            ["session"] = target.Session,
            ["run"] = status.Run,
            ["state"] = GetName(status.State),
            ["session_is_there"] = status.HasSession,
            ["notes"] = new JsonArray([.. status.Notes.Select(note => JsonValue.Create(note.ToString()))]),
            ["process"] = status.Process,
            ["heartbeat_age_s"] = status.HeartbeatSeconds,
            ["exit_code"] = status.ExitCode,
            ["fetched"] = status.IsFetched,
            ["epoch"] = status.LatestEpoch?.Epoch,
            ["epochs"] = status.LatestEpoch?.Epochs,
            ["fold"] = status.LatestEpoch?.Fold,
            ["folds"] = status.LatestEpoch?.Folds,
            ["seed"] = status.LatestEpoch?.Seed?.Seed,
            ["seed_number"] = status.LatestEpoch?.Seed?.Number,
            ["seeds"] = status.LatestEpoch?.Seed?.Count,
            ["left_s"] = status.TimeRemaining?.TotalSeconds,
            ["best"] = status.BestEpoch is { } best
                ? new JsonObject
                {
                    ["epoch"] = best.Epoch,
                    ["val_accuracy"] = GetFinite(best.ValAccuracy),
                    ["val_uar"] = GetFinite(best.ValUar),
                    ["val_loss"] = GetFinite(best.ValLoss),
                }
                : null,
            ["features"] = new JsonArray([
                .. status.Features.Select(folder => new JsonObject
                {
                    ["name"] = folder.Name,
                    ["files"] = folder.Files,
                    ["bytes"] = folder.Bytes,
                }),
            ]),
            ["checkpoints"] = new JsonArray([
                .. status.Checkpoints.Select(file => new JsonObject
                {
                    ["name"] = file.Name,
                    ["age_s"] = file.AgeSeconds,
                }),
            ]),
            ["has_report"] = status.HasReport,
            ["disk_free_bytes"] = status.FreeDiskBytes,
            ["memory_bytes"] = status.MemoryBytes,
            ["memory_free_bytes"] = status.FreeMemoryBytes,
            ["memory_used_bytes"] = status.UsedBytes,
            ["gpus"] = new JsonArray([.. status.Gpus]),
            ["log"] = new JsonArray([.. status.LastLines]),
            ["step"] = status.Progress?.LatestFold?.CurrentStep?.Step,
            ["steps"] = status.Progress?.LatestFold?.CurrentStep?.Steps,
            ["early_stops"] = new JsonArray([
                .. (status.Progress?.Folds ?? [])
                    .Where(fold => fold.EarlyStop is not null)
                    .Select(fold => new JsonObject
                    {
                        ["seed"] = fold.Seed?.Seed,
                        ["fold"] = fold.Fold,
                        ["epoch"] = fold.EarlyStop!.Value.Epoch,
                        ["best_epoch"] = fold.EarlyStop!.Value.BestEpoch,
                    }),
            ]),
            ["errors"] = new JsonArray([
                .. (status.Progress?.Folds ?? [])
                    .Where(fold => fold.Error is not null)
                    .Select(fold => new JsonObject
                    {
                        ["seed"] = fold.Seed?.Seed,
                        ["fold"] = fold.Fold,

                        ["message"] = fold.Error,
                    }),
            ]),
        }.ToJsonString();

    // JSON has no NaN.
    private static double? GetFinite(double value) => double.IsFinite(value) ? value : null;

    private static string GetName(RunState state) =>
        state switch
        {
            RunState.None => "none",
            RunState.Prepared => "prepared",
            RunState.Starting => "starting",
            RunState.Waiting => "waiting",
            RunState.Training => "training",
            RunState.Ended => "ended",
            RunState.Interrupted => "lost",
            _ => throw new ArgumentOutOfRangeException(nameof(state)),
        };
}
