using System.Globalization;
using System.Xml.Linq;
using AttnCrnn.Reports.Charts;
using AttnCrnn.Reports.Plots;

namespace AttnCrnn.Tests.Reports.Charts;

/// <summary>Charts as SVG: for papers at column width, with a text for readers who do not see them.</summary>
public sealed class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void A_file_is_as_wide_as_a_column_and_its_text_is_readable()
    {
        foreach (var chart in CreateAll())
        {
            var file = XDocument.Parse(SvgChart.CreateFile(chart)).Root!;
            Assert.Equal("3.403in", (string?)file.Attribute("width"));
            Assert.NotEmpty(file.Element(Svg + "title")!.Value);
            Assert.NotEmpty(file.Element(Svg + "desc")!.Value);
            // In points, since the view box is in points.
            Assert.All(file.Descendants(Svg + "text"), text =>
                Assert.InRange(double.Parse((string)text.Attribute("font-size")!, CultureInfo.InvariantCulture), 6.5, 8)
            );
            Assert.DoesNotContain("NaN", file.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("var(", file.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Everything_is_inside_the_chart()
    {
        foreach (var chart in CreateAll())
        {
            var file = XDocument.Parse(SvgChart.CreateFile(chart)).Root!;
            foreach (var element in file.Descendants())
            {
                AssertInside(element, "x", chart.Width);
                AssertInside(element, "y", chart.Height);
                AssertInside(element, "cx", chart.Width);
                AssertInside(element, "cy", chart.Height);
            }
        }

        static void AssertInside(XElement element, string attribute, double size)
        {
            if ((string?)element.Attribute(attribute) is { } value)
                Assert.InRange(double.Parse(value, CultureInfo.InvariantCulture), 0, size);
        }
    }

    [Fact]
    public void The_text_of_a_confusion_matrix_has_its_numbers()
    {
        var result = PredictionBuilder.Result([.. PredictionBuilder.Clips(speakers: 2, clipsEach: 8, rightOf: 6)]);
        Assert.Equal(
            "Rows are true classes, columns predicted classes. angry: 4 of 4 correct. calm: 4 of 4 correct. "
                + "happy: 2 of 4 correct, most often predicted as sad (2). "
                + "sad: 2 of 4 correct, most often predicted as angry (2).",
            new ConfusionChart(result).Description
        );
    }

    [Fact]
    public void A_curve_of_thousands_of_clips_has_no_more_points_than_the_chart_shows()
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers: 100, clipsEach: 100);
        Assert.InRange(SvgChart.CreateFile(new RocChart(PredictionBuilder.Result(clips))).Length, 1000, 100_000);
    }

    [Fact]
    public void Folds_have_a_curve_each_of_training_and_of_validation_and_their_means()
    {
        HistoryCurves[] histories = [CreateHistory(1, [1, 0.5]), CreateHistory(2, [0.5])];
        var file = XDocument.Parse(SvgChart.CreateFile(new HistoryChart(histories)));
        // Of five metrics, one fold with a line, one with a point, and the mean.
        Assert.Equal(10, file.Descendants(Svg + "path").Count());
    }

    [Theory]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0, 2.3, new[] { 0, 0.5, 1, 1.5, 2 })]
    [InlineData(3, 3, new double[] { 3 })]
    public void Ticks_are_round_numbers(double min, double max, double[] ticks) =>
        Assert.Equal(ticks, AxisTicks.Choose(min, max), (expected, actual) => Math.Abs(expected - actual) < 1e-12);

    [Fact]
    public void Ticks_of_epochs_are_whole() => Assert.Equal([1, 2, 3], AxisTicks.Choose(1, 3, integersOnly: true));

    private static IReadOnlyList<Chart> CreateAll()
    {
        var result = PredictionBuilder.Result(PredictionBuilder.CreateRandom(1, speakers: 12, clipsEach: 8));
        return ReportCharts.Create(result, [CreateHistory(null, [1, 0.5, double.NaN])]);
    }

    private static HistoryCurves CreateHistory(int? fold, double[] values)
    {
        string[] names = ["loss", "accuracy", "val_loss", "val_accuracy", "val_uar"];
        return new(fold, names.ToDictionary(name => name, _ => values), 1)
        {
            ValRecalls = [.. values.Select(value => (double[])[value, 0.5, 0.25, 1])],
        };
    }
}
