using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

/// <summary>Classes without training or evaluated clips, in text, JSON and the report.</summary>
public sealed class ClassCoverageTests : IDisposable
{
    // No clip is of the class sad; four of five are predicted correctly.
    private static readonly ClipPrediction[] Clips =
    [
        .. Enumerable
            .Range(0, 5)
            .Select(i =>
                PredictionBuilder.Clip($"/{i}.wav", "s", i % 3, PredictionBuilder.CreateConfident(i < 4 ? i % 3 : 3))
            ),
    ];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_class_without_evaluated_clips_is_named_with_the_classes_of_uar()
    {
        var result = PredictionBuilder.Result(Clips);
        Assert.Equal("3 of 4 classes", ClassCoverageText.CountClasses(result));
        Assert.Equal(
            "UAR is the mean recall over 3 of 4 classes (angry, calm, happy): no evaluated clip is of sad. Macro F1 "
                + "and macro precision are means over all 4 classes.",
            ClassCoverageText.Describe(result)
        );
    }

    [Fact]
    public void A_class_without_training_clips_is_named()
    {
        var protocol = PredictionBuilder.BySpeaker with { ClassesWithoutTrainingClips = ["calm"] };
        Assert.EndsWith(
            "No training clips of calm: the model cannot learn a class without clips.",
            ClassCoverageText.Describe(PredictionBuilder.Result(Clips, protocol)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_class_without_validation_clips_is_named_in_text_and_json()
    {
        var protocol = PredictionBuilder.BySpeaker with { ClassesWithoutValidationClips = ["happy"] };
        var result = PredictionBuilder.Result(Clips, protocol);
        Assert.EndsWith(
            "No validation clips of happy: the best epoch was selected without such a class.",
            ClassCoverageText.Describe(result),
            StringComparison.Ordinal
        );
        var json = JsonNode.Parse(MetricsJson.Serialize(result))!;
        Assert.Equal("""["happy"]""", json["classes_without_validation_clips"]!.ToJsonString());
    }

    [Fact]
    public void Folds_with_test_clips_of_different_classes_are_named()
    {
        ClipPrediction[] folds =
        [
            .. PredictionBuilder
                .Clips(speakers: 2, clipsEach: 4, rightOf: 3)
                .Where(clip => clip is not { Speaker: "s1", Truth: "sad" })
                .Select(clip => clip with { Fold = clip.Speaker == "s0" ? 1 : 2 }),
        ];
        var result = PredictionBuilder.Result(folds);
        Assert.False(ClassCoverageText.HaveEqualClasses(result.Folds));
        Assert.Equal(
            "1 of 2 folds have no test clips of some class (fold 2 sad): their UAR is the mean recall over fewer than "
                + "4 classes, so that the mean over the folds is not comparable with the UAR of all clips.",
            ClassCoverageText.Describe(result)
        );
        var fold = JsonNode.Parse(MetricsJson.Serialize(result))!["folds"]![1]!;
        Assert.Equal("""["angry","calm","happy"]""", fold["uar_classes"]!.ToJsonString());
        Assert.Equal("""["sad"]""", fold["classes_without_clips"]!.ToJsonString());
    }

    [Fact]
    public void Complete_classes_are_not_mentioned()
    {
        var result = PredictionBuilder.Result([.. PredictionBuilder.Clips(speakers: 2, clipsEach: 4, rightOf: 3)]);
        Assert.Null(ClassCoverageText.Describe(result));
        Assert.Equal("4 classes", ClassCoverageText.CountClasses(result));
    }

    [Fact]
    public void Macro_recall_and_uar_of_metrics_json_are_means_over_the_same_classes()
    {
        var protocol = PredictionBuilder.BySpeaker with { ClassesWithoutTrainingClips = ["calm"] };
        var json = JsonNode.Parse(MetricsJson.Serialize(PredictionBuilder.Result(Clips, protocol)))!;
        Assert.Equal(2.5 / 3, json["uar"]!.GetValue<double>(), 1e-12);
        Assert.Equal(json["uar"]!.GetValue<double>(), json["macro_recall"]!.GetValue<double>());
        Assert.Equal("""["angry","calm","happy"]""", json["uar_classes"]!.ToJsonString());
        Assert.Equal("""["sad"]""", json["classes_without_clips"]!.ToJsonString());
        Assert.Equal("""["calm"]""", json["classes_without_training_clips"]!.ToJsonString());
    }

    [Fact]
    public void The_report_and_its_text_name_the_classes()
    {
        var result = PredictionBuilder.Result(Clips);
        AnalysisFolder.Write(folder.Path, new("run", result, [], [], "encoder", "1"));
        foreach (var file in (string[])["classification_report.txt", "report.html"])
            Assert.Contains(
                "UAR is the mean recall over 3 of 4 classes (angry, calm, happy)",
                File.ReadAllText(folder.PathOf(file)),
                StringComparison.Ordinal
            );
    }
}
