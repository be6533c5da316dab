using System.Text.Json;
using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

/// <summary>Against scikit-learn 1.9 on the same labels and probabilities.</summary>
public sealed class ClassificationTests
{
    private const double Tolerance = 1e-9;

    /// <summary>
    /// The fixture stores nine decimals. In this case the class "fearful" has probabilities near 1e-6, of which only
    /// four digits remain: its log loss is known only up to their rounding, and two clips tie that did not for
    /// scikit-learn, so its curve has one point less. Everything else in this case must agree within 1e-9.
    /// </summary>
    private const string NeverPredicted = "class never predicted";

    public static TheoryData<string> Cases =>
        [
            "typical",
            "ties",
            "class never true",
            "class never predicted",
            "perfect",
            "one sample",
            "two classes",
            "imbalanced",
        ];

    [Theory, MemberData(nameof(Cases))]
    public void Metrics_equal_those_of_scikit_learn(string name)
    {
        var (expected, metrics) = Load(name);
        var rows = expected.GetProperty("confusion_matrix");
        for (int truth = 0; truth < metrics.Labels.Count; truth++)
        {
            for (int predicted = 0; predicted < metrics.Labels.Count; predicted++)
                Assert.Equal(rows[truth][predicted].GetInt32(), metrics.Confusion[truth, predicted]);
        }
        Near(expected, "accuracy", metrics.Accuracy);
        Near(expected, "uar", metrics.Uar);
        Near(expected, "balanced_accuracy", metrics.Uar);
        Near(expected, "log_loss", metrics.LogLoss, name == NeverPredicted ? RoundingOfLogLoss(expected) : Tolerance);
        Near(expected, "brier", metrics.Brier);
        Near(expected, "ece_15", metrics.Ece);
        Near(expected, "macro_auc", metrics.MacroAuc);
        Near(expected, "matthews", metrics.Matthews);
        Near(expected, "kappa", metrics.Kappa);
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_report_equals_that_of_scikit_learn_in_numbers_and_text(string name)
    {
        var (expected, metrics) = Load(name);
        var report = expected.GetProperty("report_dict");
        foreach (var classMetrics in metrics.PerClass)
            Averages(
                classMetrics.Label,
                classMetrics.Precision,
                classMetrics.Recall,
                classMetrics.F1,
                classMetrics.Support
            );
        Averages("macro avg", metrics.MacroPrecision, metrics.MacroRecall, metrics.MacroF1, metrics.ClipCount);
        Averages(
            "weighted avg",
            metrics.WeightedPrecision,
            metrics.WeightedRecall,
            metrics.WeightedF1,
            metrics.ClipCount
        );
        Near(report, "accuracy", metrics.Accuracy);
        Assert.Equal(expected.GetProperty("report_text").GetString(), metrics.ToReportText(digits: 4));

        void Averages(string key, double precision, double recall, double f1, int support)
        {
            var row = report.GetProperty(key);
            Near(row, "precision", precision);
            Near(row, "recall", recall);
            Near(row, "f1-score", f1);
            Near(row, "support", support);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Every_roc_curve_has_the_points_of_scikit_learn(string name)
    {
        var (expected, metrics) = Load(name);
        for (int k = 0; k < metrics.Labels.Count; k++)
        {
            var curve = metrics.Roc(k);
            bool known = expected.GetProperty("roc").TryGetProperty(metrics.Labels[k], out var roc);
            Assert.Equal(known, curve.IsDefined);
            if (!known)
            {
                Assert.True(double.IsNaN(curve.Auc) && double.IsNaN(metrics.PerClass[k].AveragePrecision));
                Assert.Empty(curve.TruePositiveRate);
                continue;
            }
            Near(roc, "auc", curve.Auc);
            Near(roc, "average_precision", curve.AveragePrecision);
            Assert.Equal(curve.Auc, metrics.PerClass[k].Auc);
            if ((name, metrics.Labels[k]) == (NeverPredicted, "fearful"))
                continue;
            Points(roc.GetProperty("fpr"), curve.FalsePositiveRate);
            Points(roc.GetProperty("tpr"), curve.TruePositiveRate);
            Points(roc.GetProperty("thresholds"), curve.Thresholds);
        }
    }

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
    public void Digits_are_rounded_as_Python_rounds_them(double value, int digits, string expected) =>
        Assert.Equal(expected, ReportText.Number(value, digits));

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
    public void Empty_input_is_rejected_and_invalid_input_is_named()
    {
        Assert.Contains(
            "no clips",
            Assert.Throws<InvalidInputException>(() => Classification.Compute([], [], ["a", "b"])).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<ArgumentException>(() =>
            Classification.Compute(
                [0, 1],
                [
                    [0.5, 0.5],
                ],
                ["a", "b"]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Classification.Compute(
                [2],
                [
                    [0.5, 0.5],
                ],
                ["a", "b"]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Classification.Compute(
                [0],
                [
                    [0.5, 0.3, 0.2],
                ],
                ["a", "b"]
            )
        );
        Assert.Throws<ArgumentException>(() =>
            Classification.Compute(
                [0],
                [
                    [0.5, 0.5],
                ],
                ["a", "a"]
            )
        );
        Assert.Contains(
            "NaN",
            Assert
                .Throws<ArgumentException>(() =>
                    Classification.Compute(
                        [0],
                        [
                            [0.5, double.NaN],
                        ],
                        ["a", "b"]
                    )
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Balanced_weights_equal_those_of_scikit_learn()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "statistics.json")));
        var expected = file.RootElement.GetProperty("balanced_class_weight");
        double[] weights = BalancedWeights.Compute(
            [.. expected.GetProperty("y").EnumerateArray().Select(y => y.GetInt32())],
            classes: 6
        );
        int i = 0;
        foreach (var label in expected.GetProperty("classes").EnumerateArray())
            Assert.Equal(expected.GetProperty("weights")[i++].GetDouble(), weights[label.GetInt32()], Tolerance);
        Assert.Equal((0.0, 0.0), (weights[3], weights[4]));
    }

    private static (JsonElement Expected, Classification Figures) Load(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "classification.json")));
        var expected = file
            .RootElement.EnumerateArray()
            .Single(jsonElement => jsonElement.GetProperty("name").GetString() == name)
            .Clone();
        double[][] probabilities = [.. Rows(expected)];
        if (name == "ties")
            probabilities = [.. probabilities.Select(TiesRestored)];
        int[] truth = [.. expected.GetProperty("y_true").EnumerateArray().Select(y => y.GetInt32())];
        int[] predicted = [.. expected.GetProperty("y_pred").EnumerateArray().Select(y => y.GetInt32())];
        Assert.Equal(predicted, probabilities.Select(row => Classification.MostProbable(row)));
        string[] labels =
        [
            .. expected
                .GetProperty("report_dict")
                .EnumerateObject()
                .Select(row => row.Name)
                .TakeWhile(row => row != "accuracy"),
        ];
        return (expected, Classification.Compute(truth, probabilities, labels));
    }

    private static IEnumerable<double[]> Rows(JsonElement expected) =>
        expected
            .GetProperty("probabilities")
            .EnumerateArray()
            .Select(row => row.EnumerateArray().Select(p => p.GetDouble()).ToArray());

    /// <summary>
    /// This case's probabilities are the softmax of integers, rounded to nine digits and divided by their sum; the last
    /// bits of that division decided which clips tie. The fixture's rounding lost them; the integers restore them.
    /// </summary>
    private static double[] TiesRestored(double[] stored)
    {
        double[] powers = [.. stored.Select(p => Math.Exp(Math.Round(Math.Log(p / stored.Max()))))];
        double[] rounded = [.. powers.Select(power => Math.Round(power / powers.Sum(), 9))];
        double[] restored = [.. rounded.Select(p => p / rounded.Aggregate(0.0, (sum, next) => sum + next))];
        Assert.All(restored.Zip(stored), pair => Assert.Equal(pair.Second, pair.First, 0.6e-9));
        return restored;
    }

    /// <summary>The error of the mean of -ln p due to nine stored digits.</summary>
    private static double RoundingOfLogLoss(JsonElement expected) =>
        Rows(expected)
            .Zip(expected.GetProperty("y_true").EnumerateArray(), (row, y) => 0.5e-9 / row[y.GetInt32()])
            .Average();

    /// <summary>null in a fixture is NaN or None in Python.</summary>
    private static void Near(JsonElement jsonElement, string key, double actual, double tolerance = Tolerance) =>
        Assert.Equal(
            jsonElement.GetProperty(key).ValueKind == JsonValueKind.Null
                ? double.NaN
                : jsonElement.GetProperty(key).GetDouble(),
            actual,
            tolerance
        );

    /// <summary>null among a fixture's thresholds is infinity.</summary>
    private static void Points(JsonElement expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        foreach (var (value, point) in expected.EnumerateArray().Zip(actual))
            Assert.Equal(
                value.ValueKind == JsonValueKind.Null ? double.PositiveInfinity : value.GetDouble(),
                point,
                Tolerance
            );
    }
}
