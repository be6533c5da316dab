using System.Text.Json.Nodes;
using AttnCrnn.Training;
using AttnCrnn.Training.Progress;

namespace AttnCrnn.Tests.Training;

/// <summary>The events of a training in progress.jsonl.</summary>
public sealed class ProgressLogTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 1, 31, 23, 59, 59, 250, TimeSpan.Zero);

    private readonly TempFolder folder = new();

    private string LogPath => folder.PathOf("logs", "progress.jsonl");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_training_records_its_start_steps_epochs_and_end()
    {
        var outcome = Train();

        var events = ReadEvents();
        Assert.Equal(
            ["start", "step", "epoch", "step", "epoch", "end"],
            Collapse(events.Select(NameOf).Where(name => name is not ("best" or "learning_rate")))
        );
        Assert.Equal("""{"event":"start","time":"2026-01-31T23:59:59.25Z",""", File.ReadAllText(LogPath)[..50]);
        Assert.All(events, item => Assert.Equal(2, item["epochs"]!.GetValue<int>()));
        Assert.Equal(outcome.BestEpoch, events[^1]["best_epoch"]!.GetValue<int>());
    }

    [Fact]
    public void An_epoch_has_its_metrics_in_full_precision()
    {
        var outcome = Train();

        var epochs = ReadEvents().Where(item => NameOf(item) == "epoch").ToList();
        Assert.Equal(outcome.History.Select(epoch => epoch.Loss), epochs.Select(item => Number(item, "loss")));
        Assert.Equal(outcome.History.Select(epoch => epoch.ValUar), epochs.Select(item => Number(item, "val_uar")));
        Assert.Equal(
            outcome.History.Select(epoch => epoch.LearningRate),
            epochs.Select(item => Number(item, "learning_rate"))
        );
        Assert.Equal(
            (66, 2, 9),
            ((int)Number(epochs[0], "clips"), (int)Number(epochs[0], "copies"), StepsOf(epochs[0]))
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20, 20)]
    [InlineData(21, 10)]
    [InlineData(1000, 20)]
    [InlineData(1001, 19)]
    public void An_epoch_has_at_most_20_step_events(int steps, int expected)
    {
        using (var log = Open())
            for (var step = 1; step <= steps; step++)
                log.Report(
                    CreateProgress() with
                    {
                        Step = step,

                        Steps = steps,
                    }
                );
        Assert.Equal(expected, ReadEvents().Count);
    }

    [Fact]
    public void A_best_epoch_a_new_learning_rate_and_early_stopping_follow_their_epoch()
    {
        using (var log = Open())
            log.Report(
                CreateProgress() with
                {
                    LastEpoch = new(7, 0.5, 0.8, 0.6, 0.7, 0.65, 0.001, 2),
                    IsBest = true,
                    Best = 0.7,
                    BestEpoch = 7,
                    LearningRate = 0.0005,
                    StopsEarly = true,
                }
            );
        var events = ReadEvents();
        Assert.Equal(["epoch", "best", "learning_rate", "early_stop"], events.Select(NameOf));
        Assert.Equal(
            (7, "val_accuracy", 0.7),
            (StepOf(events[1]), $"{events[1]["monitor"]}", Number(events[1], "value"))
        );
        Assert.Equal((8, 0.001, 0.0005), (StepOf(events[2]), Number(events[2], "from"), Number(events[2], "to")));
        Assert.Equal((7, 7.0), (StepOf(events[3]), Number(events[3], "best_epoch")));

        static int StepOf(JsonNode item) => item["epoch"]!.GetValue<int>();
    }

    [Fact]
    public void The_estimate_includes_the_folds_that_follow()
    {
        using (var log = Open(furtherFolds: 3))
            log.Report(CreateProgress());
        var remaining = Number(Assert.Single(ReadEvents()), "remaining_seconds");
        Assert.Equal(100 + (3 * 30 * 5), remaining);
    }

    [Fact]
    public void A_resumed_training_removes_an_incomplete_line_and_appends()
    {
        using (var log = Open())
            log.WriteStart([], null);
        File.AppendAllText(LogPath, """{"event":"step","ti""");
        using (var log = Open())
            log.WriteInterruption();
        Assert.Equal(["start", "interrupted"], ReadEvents().Select(NameOf));
    }

    [Fact]
    public void A_resumed_training_adds_the_epochs_that_the_file_lacks()
    {
        EpochMetrics[] history = [.. Enumerable.Range(1, 3).Select(CreateMetrics)];
        using (var log = Open())
            log.Report(CreateProgress() with { LastEpoch = history[0] });
        using (var log = Open())
            log.WriteStart(history, bestEpoch: 2);

        var events = ReadEvents();
        Assert.Equal(["epoch", "start", "epoch", "epoch"], events.Select(NameOf));
        Assert.Equal(
            [1, 2, 3],
            events.Where(item => NameOf(item) == "epoch").Select(item => (int)Number(item, "epoch"))
        );
        Assert.Equal([true, false], events[2..].Select(item => item["best"]!.GetValue<bool>()));
        Assert.Equal(3, Number(events[1], "resumed_after"));
    }

    [Fact]
    public void A_number_that_is_not_finite_is_null()
    {
        using (var log = Open())
            log.Report(
                CreateProgress() with
                {
                    LastEpoch = CreateMetrics(1) with { ValLoss = double.PositiveInfinity },
                }
            );
        var item = ReadEvents()[0];
        Assert.True(item.AsObject().ContainsKey("val_loss"));
        Assert.Null(item["val_loss"]);
    }

    [Fact]
    public void Of_a_long_error_the_beginning_is_recorded()
    {
        using (var log = Open())
            log.WriteError("clip a.wav\n" + new string('x', 5000));
        var item = Assert.Single(ReadEvents());
        Assert.Equal(2000, $"{item["message"]}".Length);
        Assert.StartsWith("clip a.wav\nxxx", $"{item["message"]}", StringComparison.Ordinal);
    }

    private TrainingOutcome Train()
    {
        var options = new TrainingOptions
        {
            Epochs = 2,
            BatchSize = 16,
            Copies = 2,
            Threads = 1,
        };
        using var log = Open(options.Epochs);
        log.WriteStart([], null);
        using var trainer = new Trainer(
            TrainingJobBuilder.Create(folder.PathOf("models"), options),
            TimeProvider.System
        );
        var outcome = trainer.Run(log, TestContext.Current.CancellationToken);
        log.WriteEnd(outcome);
        return outcome;
    }

    private ProgressLog Open(int epochs = 30, int furtherFolds = 0) =>
        new(
            LogPath,
            new()
            {
                Run = "run",
                Epochs = epochs,
                Version = "1",
                FurtherFolds = furtherFolds,
            },
            new FixedClock()
        );

    private List<JsonNode> ReadEvents() => [.. File.ReadAllLines(LogPath).Select(line => JsonNode.Parse(line)!)];

    private static string NameOf(JsonNode item) => $"{item["event"]}";

    private static double Number(JsonNode item, string key) => item[key]!.GetValue<double>();

    private static int StepsOf(JsonNode item) => item["steps"]!.GetValue<int>();

    private static IEnumerable<string> Collapse(IEnumerable<string> names)
    {
        var previous = "";
        foreach (var name in names)
        {
            if (name != previous)
                yield return name;
            previous = name;
        }
    }

    private static EpochMetrics CreateMetrics(int epoch) => new(epoch, 0.5, 0.8, 0.6, 0.7, 0.65, 0.001, 2);

    private static TrainingProgress CreateProgress() =>
        new()
        {
            Epoch = 7,
            Epochs = 30,
            Step = 1,
            Steps = 1,
            Clips = 66,
            Copies = 2,
            Loss = 0.5,
            Monitor = "val_accuracy",
            LearningRate = 0.001,
            Elapsed = TimeSpan.FromSeconds(35),
            ClipsPerSecond = 600,
            TimePerEpoch = TimeSpan.FromSeconds(5),
            Remaining = TimeSpan.FromSeconds(100),
        };

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Time;
    }
}
