using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Reports;

/// <summary>A report that is rendered again from the files of its analysis folder.</summary>
public sealed class StoredReportTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void It_is_the_page_that_the_evaluation_wrote(int folds)
    {
        var run = WriteRun(folds);
        var written = File.ReadAllText(run.Report);
        File.Delete(run.Report);
        var report = StoredReport.Read(run, new());
        report.Write(run);
        Assert.Empty(report.Notices);
        Assert.Equal(written, File.ReadAllText(run.Report));
    }

    [Fact]
    public void Its_options_are_those_of_the_command()
    {
        var run = WriteRun(folds: 0);
        StoredReport.Read(run, new() { WithNames = true }).Write(run);
        Assert.Contains("<th scope=\"row\">s1</th>", File.ReadAllText(run.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_of_an_earlier_version_is_rendered_and_says_what_is_missing()
    {
        var golden = Fixtures.Path("golden", "runs", "folds", "finished", "analysis_results");
        var name = Path.GetFileName(Directory.GetDirectories(golden).Single());
        var run = new RunDirectory(folder.Path, name);
        foreach (var path in Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder.PathOf("analysis_results"), Path.GetRelativePath(golden, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
        var report = StoredReport.Read(run, new());
        report.Write(run);
        Assert.Collection(
            report.Notices,
            notice => Assert.StartsWith("report.json is missing", notice, StringComparison.Ordinal),
            notice => Assert.StartsWith("the recall of each class", notice, StringComparison.Ordinal)
        );
        var page = File.ReadAllText(run.Report);
        Assert.Contains("on whom the initial model may have been trained", page, StringComparison.Ordinal);
        Assert.Contains("Training history", page, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_without_an_evaluation_is_refused()
    {
        var run = new RunDirectory(folder.Path, "attn_crnn_v2_20260131_235959");
        var exception = Assert.Throws<InvalidInputException>(() => StoredReport.Read(run, new()));
        Assert.Contains("no such run under", exception.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(run.Analysis);
        exception = Assert.Throws<InvalidInputException>(() => StoredReport.Read(run, new()));
        Assert.Contains("is not evaluated", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predictions_that_are_not_those_of_the_metrics_are_an_error()
    {
        var run = WriteRun(folds: 0);
        PredictionsCsv.Write(
            Path.Combine(run.Analysis, "predictions.csv"),
            PredictionBuilder.Labels,
            PredictionBuilder.CreateRandom(1, speakers: 3, clipsEach: 8)
        );
        var exception = Assert.Throws<InvalidFileException>(() => StoredReport.Read(run, new()));
        Assert.Equal("96 clips", exception.Found);
    }

    private RunDirectory WriteRun(int folds)
    {
        var run = new RunDirectory(folder.Path, "attn_crnn_v2_20260131_235959");
        var clips = PredictionBuilder.CreateRandom(1, speakers: 12, clipsEach: 8, folds: folds);
        for (var i = 0; i < clips.Length; i++)
            clips[i] = clips[i] with
            {
                Sex = i % 2 == 0 ? "female" : "male",

                Seconds = 1 + i,
                Temperature = 1.5,
            };
        clips[0] = clips[0] with { Votes = clips[0].Probabilities };
        var protocol = new EvaluationProtocol
        {
            Split = PredictionBuilder.SpeakerSplit with { Folds = folds },
            SpeakersDisjoint = true,
            TrainedFolds = [.. Enumerable.Range(1, folds)],
            SpeakerNormalization = new(90, 4, 2),
            ClassesWithoutValidationClips = ["sad"],
            Leaks = [new(LeakKind.NearDuplicates, 2, IsAllowed: true)],
            UnauditedClips = 3,
            Findings = [new("clipped", 2), new("unusual_length", 1)],
            TestSet = new()
            {
                Sha256 = "ab",
                Evaluations = 7,
                Runs = 5,
                Since = new(2026, 1, 31),
                DamagedRecords = 1,
            },
            Overlap = new() { Models = 1 },
            LabelMap = new([new("calm", null, 2)], PredictionBuilder.Labels),
        };
        var result = EvaluationResult
            .Compute(
                PredictionBuilder.Labels,
                clips,
                protocol,
                PredictionBuilder.CreateDraws(1),
                new LayerWeights([
                    [0.25f, -0.75f],
                ])
            )
            .WithTrainingFits([ReportParts.CreateFit() with { Train = new(100, 0.5, 0.75, double.NaN) }])
            .WithRepeats(ReportParts.Repeats);
        IReadOnlyList<HistoryCurves> histories =
            folds == 0 ? [CreateHistory(null)] : [.. Enumerable.Range(1, folds).Select(fold => CreateHistory(fold))];
        AnalysisFolder.Write(
            run.Analysis,
            new(run.Name, result, histories, [new("epochs", "30")], "whisper-tiny.en", "0.2")
            {
                Explanations = ReportParts.CreateExplanations(clips[1]),
            }
        );
        return run;
    }

    private static HistoryCurves CreateHistory(int? fold)
    {
        string[] names = ["loss", "accuracy", "val_loss", "val_accuracy", "val_uar", "learning_rate"];
        return new(fold, names.ToDictionary(name => name, _ => (double[])[0.25, 0.5, 0.75]), 2)
        {
            ValRecalls =
            [
                [0, 0.25, 0.5, 1],
                [0.5, 0.5, 0.5, 0.5],
                [1, double.NaN, 0.5, 0.25],
            ],
        };
    }
}
