using System.Text.Json;
using AttnCrnn.Metrics;

namespace AttnCrnn.Tests.Metrics;

/// <summary>Against scikit-learn 1.9 on the same labels and probabilities.</summary>
public sealed class ClassificationReferenceTests
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
    public void Metrics_match_scikit_learn(string name)
    {
        var (expected, metrics) = Load(name);
        var rows = expected.GetProperty("confusion_matrix");
        for (int truth = 0; truth < metrics.Labels.Count; truth++)
        {
            for (int predicted = 0; predicted < metrics.Labels.Count; predicted++)
                Assert.Equal(rows[truth][predicted].GetInt32(), metrics.Confusion[truth, predicted]);
        }
        AssertField(expected, "accuracy", metrics.Accuracy);
        AssertField(expected, "uar", metrics.Uar);
        AssertField(expected, "balanced_accuracy", metrics.Uar);
        AssertField(
            expected,
            "log_loss",
            metrics.LogLoss,
            name == NeverPredicted ? RoundingOfLogLoss(expected) : Tolerance
        );
        AssertField(expected, "brier", metrics.Brier);
        AssertField(expected, "ece_15", metrics.Ece);
        AssertField(expected, "macro_auc", metrics.MacroAuc);
        AssertField(expected, "matthews", metrics.Matthews);
        AssertField(expected, "kappa", metrics.Kappa);
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_report_matches_scikit_learn_in_numbers_and_text(string name)
    {
        var (expected, metrics) = Load(name);
        var report = expected.GetProperty("report_dict");
        foreach (var classMetrics in metrics.PerClass)
            AssertAverages(
                classMetrics.Label,
                classMetrics.Precision,
                classMetrics.Recall,
                classMetrics.F1,
                classMetrics.Support
            );
        AssertAverages("macro avg", metrics.MacroPrecision, metrics.MacroRecall, metrics.MacroF1, metrics.ClipCount);
        AssertAverages(
            "weighted avg",
            metrics.WeightedPrecision,
            metrics.WeightedRecall,
            metrics.WeightedF1,
            metrics.ClipCount
        );
        AssertField(report, "accuracy", metrics.Accuracy);
        Assert.Equal(expected.GetProperty("report_text").GetString(), metrics.ToReportText(digits: 4));

        void AssertAverages(string key, double precision, double recall, double f1, int support)
        {
            var row = report.GetProperty(key);
            AssertField(row, "precision", precision);
            AssertField(row, "recall", recall);
            AssertField(row, "f1-score", f1);
            AssertField(row, "support", support);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Every_ROC_curve_matches_scikit_learn(string name)
    {
        var (expected, metrics) = Load(name);
        for (int k = 0; k < metrics.Labels.Count; k++)
        {
            var curve = metrics.GetRoc(k);
            bool hasCurve = expected.GetProperty("roc").TryGetProperty(metrics.Labels[k], out var roc);
            Assert.Equal(hasCurve, curve.IsDefined);
            if (!hasCurve)
            {
                Assert.True(double.IsNaN(curve.Auc) && double.IsNaN(metrics.PerClass[k].AveragePrecision));
                Assert.Empty(curve.TruePositiveRate);
                continue;
            }
            AssertField(roc, "auc", curve.Auc);
            AssertField(roc, "average_precision", curve.AveragePrecision);
            Assert.Equal(curve.Auc, metrics.PerClass[k].Auc);
            if ((name, metrics.Labels[k]) == (NeverPredicted, "fearful"))
                continue;
            AssertPoints(roc.GetProperty("fpr"), curve.FalsePositiveRate);
            AssertPoints(roc.GetProperty("tpr"), curve.TruePositiveRate);
            AssertPoints(roc.GetProperty("thresholds"), curve.Thresholds);
        }
    }

    private static (JsonElement Expected, Classification Metrics) Load(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "classification.json")));
        var expected = file
            .RootElement.EnumerateArray()
            .Single(element => element.GetProperty("name").GetString() == name)
            .Clone();
        double[][] probabilities = [.. Rows(expected)];
        if (name == "ties")
            probabilities = [.. probabilities.Select(TiesRestored)];
        int[] truth = [.. expected.GetProperty("y_true").EnumerateArray().Select(y => y.GetInt32())];
        int[] predicted = [.. expected.GetProperty("y_pred").EnumerateArray().Select(y => y.GetInt32())];
        Assert.Equal(predicted, probabilities.Select(row => ClassProbabilities.FindMostProbable(row)));
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
    private static void AssertField(JsonElement element, string key, double actual, double tolerance = Tolerance) =>
        Assert.Equal(
            element.GetProperty(key).ValueKind == JsonValueKind.Null
                ? double.NaN
                : element.GetProperty(key).GetDouble(),
            actual,
            tolerance
        );

    /// <summary>null among a fixture's thresholds is infinity.</summary>
    private static void AssertPoints(JsonElement expected, IReadOnlyList<double> actual)
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
