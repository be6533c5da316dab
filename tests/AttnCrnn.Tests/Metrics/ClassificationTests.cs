using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

/// <summary>Metrics and reports of few classes, and invalid input.</summary>
public sealed class ClassificationTests
{
    private static readonly string[] TwoLabels = ["a", "b"];
    private static readonly double[] EqualProbabilities = [0.5, 0.5];

    [Fact]
    public void A_label_longer_than_weighted_avg_widens_the_report()
    {
        var metrics = Classification.Compute(
            [0, 1, 1],
            [
                [0.9, 0.1],
                [0.2, 0.8],
                [0.7, 0.3],
            ],
            ["pleasantly surprised", "sad"]
        );
        Assert.Equal(
            """
                                  precision    recall  f1-score   support

            pleasantly surprised       0.50      1.00      0.67         1
                             sad       1.00      0.50      0.67         2

                        accuracy                           0.67         3
                       macro avg       0.75      0.75      0.67         3
                    weighted avg       0.83      0.67      0.67         3

            """,
            metrics.ToReportText(digits: 2)
        );
    }

    [Theory]
    [InlineData(1 / 32.0, 4, "0.0312")]
    [InlineData(3 / 32.0, 4, "0.0938")]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(0.5, 0, "0")]
    [InlineData(0.7, 4, "0.7000")]
    [InlineData(1.0, 4, "1.0000")]
    [InlineData(0.00005, 4, "0.0001")]
    public void Digits_are_rounded_as_by_Python(double value, int digits, string expected) =>
        Assert.Equal(expected, ReportText.FormatNumber(value, digits));

    [Fact]
    public void A_single_class_has_metrics_but_no_AUC()
    {
        var metrics = Classification.Compute(
            [0, 0],
            [
                [1.0],
                [1.0],
            ],
            ["neutral"]
        );
        Assert.Equal((1.0, 1.0, 1.0), (metrics.Uar, metrics.Accuracy, metrics.MacroF1));
        Assert.True(double.IsNaN(metrics.MacroAuc));
        Assert.Equal(0, metrics.Ece);
    }

    [Fact]
    public void An_empty_set_of_clips_is_rejected() =>
        Assert.Contains(
            "no clips",
            Assert.Throws<InvalidInputException>(() => Classification.Compute([], [], TwoLabels)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Labels_without_probabilities_are_rejected() =>
        Assert.Throws<ArgumentException>(() => Classification.Compute([0, 1], [EqualProbabilities], TwoLabels));

    [Fact]
    public void A_label_beyond_the_classes_is_rejected() =>
        Assert.Throws<ArgumentException>(() => Classification.Compute([2], [EqualProbabilities], TwoLabels));

    [Fact]
    public void More_probabilities_than_classes_are_rejected()
    {
        double[] probabilities = [0.5, 0.3, 0.2];
        Assert.Throws<ArgumentException>(() => Classification.Compute([0], [probabilities], TwoLabels));
    }

    [Fact]
    public void Duplicate_class_names_are_rejected() =>
        Assert.Throws<ArgumentException>(() => Classification.Compute([0], [EqualProbabilities], ["a", "a"]));

    [Fact]
    public void A_NaN_probability_is_rejected()
    {
        double[] invalid = [0.5, double.NaN];
        var exception = Assert.Throws<ArgumentException>(() => Classification.Compute([0], [invalid], TwoLabels));
        Assert.Contains("NaN", exception.Message, StringComparison.Ordinal);
    }
}
