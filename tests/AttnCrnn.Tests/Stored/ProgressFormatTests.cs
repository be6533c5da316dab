using System.Text.Json.Nodes;
using AttnCrnn.Training;
using AttnCrnn.Training.Progress;

namespace AttnCrnn.Tests.Stored;

/// <summary>The keys of progress.jsonl, which monitors of other versions and users' scripts read.</summary>
public sealed class ProgressFormatTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Keys_of_progress_jsonl_are_unchanged()
    {
        var training = new LoggedTraining
        {
            Run = "r",
            Epochs = 30,
            Version = "1",
            Fold = 1,
            Folds = 2,
        };
        var path = folder.PathOf("progress.jsonl");
        using (var log = new ProgressLog(path, training, TimeProvider.System))
        {
            log.WriteStart([], null);
            log.Report(CreateProgress());
            log.Report(
                CreateProgress() with
                {
                    LastEpoch = new(1, 0.5, 0.8, 0.6, 0.7, 0.65, 0.002, 2) { ValRecalls = new([0.5, 0.8]) },
                    IsBest = true,
                    Best = 0.7,
                    StopsEarly = true,
                }
            );
            log.WriteInterruption();
            log.WriteError("disk full");
            log.WriteEnd(new("best", "final", [], 1, StoppedEarly: true));
        }
        const string start = "event time fold folds epochs ";
        const string speed = " clips_per_second remaining_seconds";
        Assert.Equal(
            [
                "start: " + start + "format_version run version resumed_after",
                "step: " + start + "epoch step steps loss" + speed,
                "epoch: "
                    + start
                    + "epoch loss accuracy val_loss val_accuracy val_uar learning_rate seconds val_recalls best steps "
                    + "clips copies"
                    + speed,
                "best: " + start + "epoch monitor value",
                "learning_rate: " + start + "epoch from to",
                "early_stop: " + start + "epoch best_epoch",
                "interrupted: " + start.TrimEnd(),
                "error: " + start + "message",
                "end: " + start + "trained_epochs best_epoch stopped_early",
            ],
            File.ReadLines(path).Select(line => JsonNode.Parse(line)!).Select(item => $"{item["event"]}: {Keys(item)}")
        );

        static TrainingProgress CreateProgress() =>
            new()
            {
                Epoch = 1,
                Epochs = 30,
                Step = 4,
                Steps = 4,
                Clips = 60,
                Copies = 1,
                Loss = 0.5,
                Monitor = "val_accuracy",
                LearningRate = 0.001,
                Elapsed = TimeSpan.FromSeconds(5),
                ClipsPerSecond = 600,
                TimePerEpoch = TimeSpan.FromSeconds(5),
                Remaining = TimeSpan.FromSeconds(100),
            };
    }

    private static string Keys(JsonNode item) => string.Join(' ', item.AsObject().Select(field => field.Key));
}
