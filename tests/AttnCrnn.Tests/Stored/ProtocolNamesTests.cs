using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Stored;

/// <summary>
/// Names of what is stored about the protocol of an evaluation, and that a report can be written again from them.
/// </summary>
public sealed class ProtocolNamesTests : IDisposable
{
    private static readonly TestSetUsage Usage = new()
    {
        Sha256 = new('a', 64),
        Evaluations = 7,
        Runs = 5,
        Since = new(2026, 1, 31),
        DamagedRecords = 1,
        Unrecorded = "the disk is full",
    };

    private const string OverlapKeys =
        "models n_training_clips n_validation_clips n_near_copies n_shared_speakers all_have_speakers "
        + "training_corpora evaluated_corpora unknown";

    private static readonly TrainingOverlap Overlap = new()
    {
        Models = 1,
        TrainingClips = 2,
        ValidationClips = 3,
        NearCopies = 5,
        SharedSpeakers = 4,
        AllHaveSpeakers = true,
        TrainingCorpora = ["RAVDESS"],
        EvaluatedCorpora = ["CREMA-D", "EMO-DB"],
    };

    private static readonly LabelMap Labels = new(
        [new("calm", "sad", 3), new("bored", null, 1)],
        PredictionBuilder.Labels
    );

    private static readonly TrainingFit Fit = new()
    {
        Fold = 2,
        Monitor = "val_uar",
        BestEpoch = 3,
        Best = 0.75,
        Epochs = 5,
        StoppedEarly = true,
        StepsPerEpoch = 10,
        NearBestEpoch = 2,
        TrainingClips = 600,
        Train = new(500, 0.25, 0.875, 0.9),
        Validation = new(40, double.NaN, 0.5, 0.6),
    };

    private static readonly RepeatedMetrics Repeats = new(
        [new(ulong.MaxValue - 1, 0.5, 0.25, 0.125), new(ulong.MaxValue, 0.75, 0.5, 0.25)],
        Requested: 3
    );

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("test_set", "sha256 evaluations runs since damaged_records unrecorded description")]
    [InlineData("overlap", OverlapKeys)]
    [InlineData("initial_overlap", OverlapKeys)]
    [InlineData("label_map", "labels only_in_clips only_in_model description")]
    [InlineData("repeats", "requested seeds uar accuracy macro_f1 description")]
    [InlineData("training", "models uar_gap accuracy_gap log_loss_gap description")]
    public void Keys_of_the_objects_are_unchanged(string name, string keys) => Assert.Equal(keys, Keys(Parse()[name]!));

    [Fact]
    public void Keys_of_their_entries_are_unchanged()
    {
        var json = Parse();
        Assert.Equal("label class n_clips", Keys(json["label_map"]!["labels"]![0]!));
        Assert.Equal("seed uar accuracy macro_f1", Keys(json["repeats"]!["seeds"]![0]!));
        var fit = json["training"]!["models"]![0]!;
        Assert.Equal(
            "fold monitor best_epoch best epochs stopped_early steps_per_epoch near_best_epoch near_best_step "
                + "n_training_clips train validation",
            Keys(fit)
        );
        Assert.Equal("n_clips log_loss accuracy uar", Keys(fit["train"]!));
    }

    [Fact]
    public void What_is_stored_is_read_again()
    {
        var metrics = ReadMetrics();
        Assert.Equal(Usage, TestSetUsageJson.Read(metrics));
        Assert.Equivalent(Overlap, TrainingOverlapJson.Read(metrics, TrainingOverlapJson.Name), strict: true);
        Assert.Equal(6, TrainingOverlapJson.Read(metrics, TrainingOverlapJson.InitialName)!.TrainingClips);
        Assert.Equal(Labels.Labels, LabelMapJson.Read(metrics)!.Labels);
        Assert.Equal([Fit], TrainingFitJson.Read(metrics));
        Assert.Equal(Repeats.Seeds, RepeatsJson.Read(metrics)!.Seeds);
    }

    [Fact]
    public void A_file_of_an_earlier_version_has_none_of_them()
    {
        var metrics = new JsonSource("metrics.json", "", "").Parse("{}"u8);
        Assert.Null(TestSetUsageJson.Read(metrics));
        Assert.Null(TrainingOverlapJson.Read(metrics, TrainingOverlapJson.Name));
        Assert.Null(LabelMapJson.Read(metrics));
        Assert.Empty(TrainingFitJson.Read(metrics));
        Assert.Null(RepeatsJson.Read(metrics));
    }

    [Fact]
    public void Columns_of_training_clips_csv_are_unchanged()
    {
        TrainingClipsFile.Write(folder.Path, []);
        Assert.Equal("subset,frames,clip,speaker,corpus", File.ReadLines(folder.PathOf("training_clips.csv")).First());
    }

    [Fact]
    public void Names_of_recorded_evaluations_are_unchanged()
    {
        var result = PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 2, clipsEach: 4));
        TestSetLedger.Record(folder.Path, "run", result, TimeProvider.System);
        var path = Assert.Single(Directory.GetFiles(folder.Path, "*.json", SearchOption.AllDirectories));
        Assert.Matches(
            "^test_set_usage/[0-9a-f]{64}/[0-9]{8}T[0-9]{9}Z_[0-9a-f]{32}[.]json$",
            Path.GetRelativePath(folder.Path, path).Replace('\\', '/')
        );
        Assert.Equal("format_version test_set run time n_clips", Keys(JsonNode.Parse(File.ReadAllText(path))!));
    }

    private static string Keys(JsonNode json) => string.Join(' ', json.AsObject().Select(pair => pair.Key));

    private static string Serialize()
    {
        var protocol = PredictionBuilder.BySpeaker with
        {
            TestSet = Usage,

            Overlap = Overlap,
            InitialOverlap = Overlap with { TrainingClips = 6 },

            LabelMap = Labels,
        };
        var result = PredictionBuilder
            .Result(PredictionBuilder.CreateRandom(1, speakers: 4, clipsEach: 8), protocol)
            .WithTrainingFits([Fit])
            .WithRepeats(Repeats);
        return MetricsJson.Serialize(result);
    }

    private static JsonNode Parse() => JsonNode.Parse(Serialize())!;

    private static JsonCursor ReadMetrics() =>
        new JsonSource("metrics.json", "", "").Parse(Encoding.UTF8.GetBytes(Serialize()));
}
