using System.Xml.Linq;
using AttnCrnn.Evaluation;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Html;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Tests.Reports.Html;

/// <summary>Which sections a report has, and in which order.</summary>
public sealed class ReportSectionsTests
{
    private static readonly string[] Labels = ["angry", "sad"];

    private static readonly string[] AlwaysThere =
    [
        "Data split",
        "Confidence intervals",
        "Per-class metrics",
        "Confusion matrix",
        "ROC curves",
        "Calibration",
        "Configuration",
    ];

    [Fact]
    public void A_report_with_everything_has_every_section_in_the_order_of_the_list()
    {
        Assert.Equal(ReportSections.All.Select(section => section.Title), ListTitles(Content(hasEverything: true)));
        Assert.Distinct(ReportSections.All.Select(section => section.Title));
    }

    [Fact]
    public void A_section_without_content_is_left_out() =>
        Assert.Equal(AlwaysThere, ListTitles(Content(hasEverything: false)));

    [Fact]
    public void A_section_is_left_out_for_its_own_reason_alone()
    {
        var everything = Content(hasEverything: true);
        (string Title, ReportContent Content)[] cases =
        [
            ("Training history", everything with { Report = everything.Report with { Histories = [] } }),
            ("Layer weights", WithResult(everything, result => Compute(result.Predictions, layers: null))),
            (
                "Cross-validation folds",
                WithResult(everything, result => Compute(result.Predictions.Select(clip => clip with { Fold = null })))
            ),
            (
                "Votes of the raters",
                WithResult(everything, result => Compute(result.Predictions.Select(clip => clip with { Votes = null })))
            ),
            (
                "Per-speaker metrics",
                WithResult(everything, result =>
                    Compute(result.Predictions.Select(clip => clip with { Speaker = "a" }))
                )
            ),
            (
                "Metrics by group",
                WithResult(everything, result => Compute(result.Predictions.Select(clip => clip with { Sex = null })))
            ),
            ("Explained clips", everything with { Report = everything.Report with { Explanations = null } }),
            ("Label map", Replace(everything, result => result.WithProtocol(PredictionBuilder.BySpeaker))),
            ("Trained enough, or too much?", Replace(everything, result => result.WithTrainingFits([]))),
            ("Repeats with other seeds", Replace(everything, result => result.WithRepeats(null))),
        ];
        foreach (var (title, content) in cases)
            Assert.Equal(
                ReportSections.All.Select(section => section.Title).Where(other => other != title),
                ListTitles(content)
            );
    }

    [Fact]
    public void Without_errors_no_class_is_hard()
    {
        var content = WithResult(Content(hasEverything: true), result => Compute(result.Predictions.Select(Correct)));
        Assert.Equal(
            ReportSections.All.Select(section => section.Title).Except(["The hard classes", "Most confident errors"]),
            ListTitles(content)
        );
    }

    // Without the tiles of the metrics, which have a class.
    private static IEnumerable<string> ListTitles(ReportContent content)
    {
        var html = HtmlReport.Create(content);
        return XDocument
            .Parse(html[(html.IndexOf('>', StringComparison.Ordinal) + 1)..])
            .Descendants("section")
            .Where(section => section.Attribute("class") is null)
            .Select(section => section.Element("h2")!.Value);
    }

    private static ReportContent Content(bool hasEverything)
    {
        var clips = Enumerable
            .Range(0, 8)
            .Select(i => new ClipPrediction(
                $"{i}.wav",
                hasEverything ? $"s{i / 4}" : null,
                Labels[i % 2],
                Labels[1],
                [0.25, 0.75],
                hasEverything ? 1 + (i / 4) : null,
                null,
                null
            )
            {
                Votes = hasEverything ? [0.5, 0.5] : null,
                Sex = hasEverything ? $"{i / 4}" : null,
            })
            .Select(clip => hasEverything ? clip : Correct(clip));
        IReadOnlyList<HistoryCurves> histories = hasEverything ? [CreateHistory()] : [];
        var result = hasEverything ? AddProtocol(Compute(clips)) : Compute(clips, layers: null);
        return new(
            new("run", result, histories, [], "log-mel", "0.1.0")
            {
                Explanations = hasEverything ? new([], new(Missing: 1), missingReason: null) : null,
            }
        )
        {
            MetricsJson = MetricsJson.Serialize(result),
            Folder = "/runs",
        };
    }

    private static HistoryCurves CreateHistory()
    {
        string[] metrics = ["loss", "accuracy", "val_loss", "val_accuracy", "val_uar"];
        return new(null, metrics.ToDictionary(name => name, _ => (double[])[0.25, 0.5]), 2);
    }

    private static ClipPrediction Correct(ClipPrediction clip) =>
        clip with
        {
            Predicted = clip.Truth,
            Probabilities = clip.Truth == Labels[0] ? [0.75, 0.25] : [0.25, 0.75],
        };

    private static ReportContent WithResult(ReportContent content, Func<EvaluationResult, EvaluationResult> change) =>
        Replace(content, result => AddProtocol(change(result)));

    // What an evaluation has only of a trained and repeated run, or of clips that a user gave.
    private static EvaluationResult AddProtocol(EvaluationResult result) =>
        result
            .WithProtocol(PredictionBuilder.BySpeaker with { LabelMap = new([new("angry", "angry", 4)], Labels) })
            .WithRepeats(ReportParts.Repeats)
            .WithTrainingFits([ReportParts.CreateFit()]);

    private static ReportContent Replace(ReportContent content, Func<EvaluationResult, EvaluationResult> change) =>
        content with
        {
            Report = content.Report with { Result = change(content.Result) },
        };

    private static EvaluationResult Compute(IEnumerable<ClipPrediction> clips) =>
        Compute(
            clips,
            new LayerWeights([
                [0.25f, 0.75f],
            ])
        );

    private static EvaluationResult Compute(IEnumerable<ClipPrediction> clips, LayerWeights? layers) =>
        EvaluationResult.Compute(
            Labels,
            [.. clips],
            PredictionBuilder.BySpeaker,
            new RandomStream(1).SampleBelow,
            layers
        );
}
