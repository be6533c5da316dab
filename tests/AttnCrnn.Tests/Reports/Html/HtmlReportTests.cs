using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AttnCrnn.Evaluation;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;
using AttnCrnn.Reports.Html;

namespace AttnCrnn.Tests.Reports.Html;

/// <summary>Names and values in a report are escaped: they are text and never markup.</summary>
public sealed class HtmlReportTests
{
    private static readonly string[] Labels = [CreateHostileText("angry"), CreateHostileText("sad")];

    private static readonly string Html = HtmlReport.Create(Content());

    private static readonly XElement Page = XDocument
        .Parse(Html[(Html.IndexOf('>', StringComparison.Ordinal) + 1)..])
        .Root!;

    [Fact]
    public void Values_cannot_inject_markup()
    {
        string[] scripts = ["<script type=\"application/json\" id=\"metrics\">", "<script>"]; // those of every page
        Assert.Equal(scripts, Regex.Matches(Html, "<script[^>]*>", RegexOptions.IgnoreCase).Select(tag => tag.Value));
        Assert.DoesNotContain("<b", Html.Replace("<body", "", StringComparison.Ordinal));
        Assert.DoesNotContain(
            Page.DescendantsAndSelf().Attributes().Select(attribute => attribute.Name.LocalName),
            name => name.StartsWith("on", StringComparison.Ordinal) || name is "src" or "href"
        );
        Assert.DoesNotContain("alert", string.Concat(Page.DescendantsAndSelf().Attributes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("title", "run", 1)]
    [InlineData("p", "run", 1)]
    [InlineData("th", "angry", 3)] // of the metrics, of the confusion matrix's rows and columns
    [InlineData("td", "angry", 1)] // of an error
    [InlineData("th", "speaker1", 1)]
    [InlineData("th", "clip0", 2)] // of an error, and of an error of a hard class
    [InlineData("th", "option", 1)]
    [InlineData("td", "value", 1)]
    [InlineData("td", "encoder", 1)]
    public void A_value_is_displayed_unchanged(string element, string value, int count) =>
        Assert.Equal(
            count,
            Page.Descendants(element).Count(descendant => descendant.Value == CreateHostileText(value))
        );

    [Theory]
    [InlineData("split")]
    [InlineData("version")]
    public void A_value_within_a_text_is_displayed_unchanged(string value) =>
        Assert.Contains(CreateHostileText(value), Page.Value, StringComparison.Ordinal);

    [Fact]
    public void The_metrics_in_the_page_are_those_of_the_file_whatever_the_labels()
    {
        var embedded = JsonNode.Parse(Page.Descendants("script").First().Value)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(MetricsJson.Serialize(Report().Result)), embedded));
    }

    private static ReportContent Content() =>
        new(Report())
        {
            MetricsJson = MetricsJson.Serialize(Report().Result),

            Folder = "/runs",
        };

    // Without a slash, which would end the folder's name in a path.
    private static string CreateHostileText(string name) =>
        $"""<script src="x">alert('{name}')<b onload='alert("{name}")'>&amp;&{name}]]>""";

    private static RunReport Report()
    {
        ClipPrediction[] clips =
        [
            Clip(0, Labels[0], Labels[1]),
            Clip(1, Labels[1], Labels[1]),
            Clip(2, Labels[0], Labels[0]),
            Clip(3, Labels[1], Labels[1]),
        ];
        var result = EvaluationResult.Compute(
            Labels,
            clips,
            new()
            {
                Split = PredictionBuilder.SpeakerSplit,
                SpeakersDisjoint = true,
                WarmStart = CreateHostileText("split"),
                Synthetic = true,
                SpeakerNormalization = new(2, 1, 1),
            },
            new RandomStream(1).SampleBelow,
            new LayerWeights([
                [0.25f, 0.75f],
            ])
        );
        return new(
            CreateHostileText("run"),
            result,
            [],
            [new(CreateHostileText("option"), CreateHostileText("value"))],
            CreateHostileText("encoder"),
            CreateHostileText("version")
        )
        {
            Options = new() { WithNames = true },
        };
    }

    private static ClipPrediction Clip(int number, string truth, string predicted) =>
        new(
            $"/clips/{CreateHostileText($"clip{number}")}",
            CreateHostileText($"speaker{number % 2}"),
            truth,
            predicted,
            predicted == Labels[0] ? [0.75, 0.25] : [0.25, 0.75],
            null,
            null,
            null
        );
}
