using System.Text.Json.Nodes;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Runs;

/// <summary>A training from the library records its events, as one of the program does.</summary>
public sealed class RecordedTrainingTests : IDisposable
{
    private const int Epochs = 2;

    private readonly TempFolder folder = new();

    public RecordedTrainingTests() =>
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("features"), clips: 36, clipsPerSpeaker: 6);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Training_without_progress_writes_the_events()
    {
        using var run = Start();
        run.Train(progress: null, CancellationToken.None);
        var events = ReadEvents(run, fold: null);
        Assert.Equal("start", NameOf(events[0]));
        Assert.Equal(run.Directory.Name, $"{events[0]["run"]}");
        Assert.Equal([1, 2], events.Where(item => NameOf(item) == "epoch").Select(item => (int)item["epoch"]!));
        Assert.Contains("step", events.Select(NameOf));
        Assert.Equal("end", NameOf(events[^1]));
        Assert.Null(run.UnrecordedFailure);
    }

    [Fact]
    public void The_caller_gets_an_event_before_it_is_recorded()
    {
        using var run = Start();
        var recordedEpochs = -1;
        var progress = AtEpoch(1, () => recordedEpochs = ReadEvents(run, null).Count(item => NameOf(item) == "epoch"));
        run.Train(progress, CancellationToken.None);
        Assert.Equal(0, recordedEpochs);
    }

    [Fact]
    public void Every_fold_has_its_events_and_the_time_of_the_later_ones()
    {
        using var run = Start(folds: 3);
        run.Train(progress: null, CancellationToken.None);
        var firstEstimates = new List<double>();
        for (var fold = 1; fold <= 3; fold++)
        {
            var events = ReadEvents(run, fold);
            Assert.All(events, item => Assert.Equal((fold, 3), ((int)item["fold"]!, (int)item["folds"]!)));
            Assert.Equal(Epochs, events.Count(item => NameOf(item) == "epoch"));
            firstEstimates.Add((double)events.Last(item => NameOf(item) == "epoch")["remaining_seconds"]!);
        }
        Assert.Equal(0, firstEstimates[2]);
        Assert.True(firstEstimates[0] > 0, "the time of the later folds is missing");
    }

    [Fact]
    public void An_interruption_and_the_resumed_training_are_recorded()
    {
        using var source = new CancellationTokenSource();
        RunDirectory directory;
        using (var run = Start())
        {
            directory = run.Directory;
            Assert.ThrowsAny<OperationCanceledException>(() => run.Train(AtEpoch(1, source.Cancel), source.Token));
            Assert.Equal("interrupted", NameOf(ReadEvents(run, null)[^1]));
            Assert.Null(run.UnrecordedFailure);
        }
        using var resumed = TrainingRun.Open(directory, directory.ReadConfiguration(_ => { }), RunProgram.Current);
        resumed.Train(progress: null, CancellationToken.None);
        var events = ReadEvents(resumed, null);
        Assert.Equal([0, 1], events.Where(item => NameOf(item) == "start").Select(item => (int)item["resumed_after"]!));
        Assert.Equal("end", NameOf(events[^1]));
        var count = events.Count;
        resumed.Train(progress: null, CancellationToken.None); // it is finished
        Assert.Equal(count, ReadEvents(resumed, null).Count);
    }

    /// <summary>The second resumption would otherwise have another fingerprint than the checkpoint, and fail.</summary>
    [Fact]
    public void A_run_of_0_1_without_a_checkpoint_keeps_the_defaults_of_0_1_when_resumed_twice()
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("whisper"), 36, 6, encoder: "whisper-tiny.en");
        RunDirectory directory;
        using (var run = Start())
            directory = run.Directory;
        var saved = CreateConfiguration() with
        {
            DataFolders = [folder.PathOf("whisper")],

            DefaultsVersion = 1,
        };
        using var source = new CancellationTokenSource();
        using (var first = TrainingRun.Open(directory, saved, RunProgram.Current))
            Assert.ThrowsAny<OperationCanceledException>(() => first.Train(AtEpoch(1, source.Cancel), source.Token));
        using var second = TrainingRun.Open(directory, saved with { DefaultsVersion = 2 }, RunProgram.Current);
        Assert.Equal(1, second.Configuration.DefaultsVersion);
        second.Train(progress: null, CancellationToken.None);
        Assert.Equal("end", NameOf(ReadEvents(second, null)[^1]));
    }

    [Theory]
    [InlineData(6, "speaker")]
    [InlineData(36, "random")] // a single speaker
    public void The_split_of_auto_is_recorded_as_it_was_used(int clipsPerSpeaker, string expected)
    {
        FeatureStoreBuilder.WriteLearnable(folder.PathOf("other"), 36, clipsPerSpeaker);
        var configuration = CreateConfiguration();
        using var run = TrainingRun.Start(
            configuration with
            {
                DataFolders = [folder.PathOf("other")],
                Experiment = configuration.Experiment with { Allow = ["leak:shared_speakers"] },
            },
            RunProgram.Current
        );
        var saved = JsonNode.Parse(File.ReadAllText(run.Directory.Configuration))!;
        Assert.Equal(expected, $"{saved["split"]}");
        using var resumed = TrainingRun.Open(
            run.Directory,
            run.Directory.ReadConfiguration(_ => { }),
            RunProgram.Current
        );
        Assert.Equal(run.Experiment.Splits[0].Subsets, resumed.Experiment.Splits[0].Subsets);
    }

    [Fact]
    public void An_error_is_recorded()
    {
        using var run = Start();
        var error = new InvalidInputException("the disk is full");
        Assert.Throws<InvalidInputException>(() => run.Train(AtEpoch(1, () => throw error), CancellationToken.None));
        var last = ReadEvents(run, null)[^1];
        Assert.Equal(("error", "the disk is full"), (NameOf(last), $"{last["message"]}"));
    }

    private TrainingRun Start(int folds = 0) => TrainingRun.Start(CreateConfiguration(folds), RunProgram.Current);

    private RunConfiguration CreateConfiguration(int folds = 0) =>
        new()
        {
            DataFolders = [folder.PathOf("features")],
            WorkFolder = folder.PathOf("work"),
            Experiment = new()
            {
                Folds = folds,
                Training = new()
                {
                    Epochs = Epochs,
                    Copies = 1,
                    Threads = 2,
                },
            },
        };

    private static List<JsonNode> ReadEvents(TrainingRun run, int? fold)
    {
        using var file = new FileStream(
            Path.Combine(run.Directory.GetLogFolder(fold), "progress.jsonl"),
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite
        );
        using var reader = new StreamReader(file);
        var events = new List<JsonNode>();
        while (reader.ReadLine() is { } line)
            events.Add(JsonNode.Parse(line)!);
        return events;
    }

    private static string NameOf(JsonNode item) => $"{item["event"]}";

    private static InlineProgress<TrainingProgress> AtEpoch(int epoch, Action action) =>
        new(progress =>
        {
            if (progress.LastEpoch?.Epoch == epoch)
                action();
        });
}
