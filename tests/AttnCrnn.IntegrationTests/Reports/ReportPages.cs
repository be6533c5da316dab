using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Comparisons;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;

namespace AttnCrnn.IntegrationTests.Reports;

/// <summary>A report with every section and recordings, and a comparison of three runs, as files.</summary>
public sealed class ReportPages : IDisposable
{
    private const int Speakers = 12;

    private readonly TempFolder folder = new();

    public ReportPages()
    {
        WriteRun("a", seed: 1);
        WriteRun("b", seed: 2);
        WriteRun("c", seed: 3);
        ComparisonPage.Write(
            Comparison,
            RunComparison.Read(folder.Path, [folder.PathOf("a"), folder.PathOf("b"), folder.PathOf("c")], seed: 1),
            "The runs were split in different ways."
        );
        var run = RunBuilder.Write(folder.PathOf("work"));
        ModelCard.Read(run.Name, RunDirectory.FindModelsIn(run.Checkpoints), run.Analysis).WritePage(ModelCardPage);
    }

    /// <summary>Path of the report.</summary>
    public string Report => folder.PathOf("a", "report.html");

    /// <summary>Path of the comparison.</summary>
    public string Comparison => folder.PathOf("comparison.html");

    /// <summary>Path of the model card.</summary>
    public string ModelCardPage => folder.PathOf("model_card.html");

    public string GetPath(string page) =>
        page switch
        {
            "report" => Report,
            "comparison" => Comparison,
            "model card" => ModelCardPage,
            _ => throw new ArgumentOutOfRangeException(nameof(page), page, "no such page"),
        };

    public void Dispose() => folder.Dispose();

    private void WriteRun(string name, int seed)
    {
        ClipPrediction[] clips =
        [
            .. PredictionBuilder
                .CreateRandom(seed, Speakers, clipsEach: 8, folds: 3)
                .Select(clip =>
                    clip with
                    {
                        Path = folder.Path + clip.Path,

                        Votes = clip.Probabilities,
                        Sex = clip.Speaker![^1] % 2 == 0 ? "female" : "male",
                        Temperature = 1.5,
                    }
                ),
        ];
        foreach (var clip in clips.Where(clip => !File.Exists(clip.Path)))
            WavWriter.Write(clip.Path, CreateTone(), 16_000);
        var protocol = new EvaluationProtocol
        {
            Split = PredictionBuilder.SpeakerSplit with { Folds = 3 },
            SpeakersDisjoint = true,
            TrainedFolds = [1, 2, 3],
            Synthetic = true,
            SpeakerNormalization = new(90, 4, 2),
        };
        var result = EvaluationResult
            .Compute(
                PredictionBuilder.Labels,
                clips,
                protocol,
                PredictionBuilder.CreateDraws(1),
                new LayerWeights([
                    [0.25f, 0.75f],
                    [0.5f, 0.5f],
                ])
            )
            .WithTrainingFits([.. Enumerable.Range(1, 3).Select(fold => ReportParts.CreateFit(fold))])
            .WithRepeats(ReportParts.Repeats);
        AnalysisFolder.Write(
            folder.PathOf(name),
            new(
                name,
                result,
                [.. Enumerable.Range(1, 3).Select(CreateHistory)],
                [new("epochs", "30"), new("data_dirs", "features of a corpus with a long name")],
                "whisper-tiny.en",
                "0.2.0"
            )
            {
                Options = new() { EmbedAudio = true },

                Explanations = ReportParts.CreateExplanations(clips[1]),
            }
        );
    }

    private static HistoryCurves CreateHistory(int fold)
    {
        string[] names = ["loss", "accuracy", "val_loss", "val_accuracy", "val_uar", "learning_rate"];
        double[] values = [.. Enumerable.Range(0, 8 + fold).Select(epoch => 1 - (0.1 * fold) - (0.05 * epoch))];
        return new(fold, names.ToDictionary(name => name, _ => values), 2)
        {
            ValRecalls = [.. values.Select(value => (double[])[value, value / 2, 0.5, 1])],
        };
    }

    private static float[] CreateTone() =>
        [.. Enumerable.Range(0, 16_000).Select(sample => 0.2f * MathF.Sin(sample * 0.1f))];
}
