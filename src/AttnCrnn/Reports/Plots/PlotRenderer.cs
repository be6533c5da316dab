using AttnCrnn.Evaluation;
using ScottPlot;

namespace AttnCrnn.Reports.Plots;

/// <summary>Renders the plots of a run without a display.</summary>
internal static class PlotRenderer
{
    // Okabe and Ito 2008: distinguishable with color blindness; repeated with dashed lines.
    private static readonly string[] Palette =
    [
        "#0072B2",
        "#D55E00",
        "#009E73",
        "#CC79A7",
        "#56B4E9",
        "#E69F00",
        "#000000",
        "#8C6D1F",
    ];

    /// <summary>Confusion matrix: counts, colored by the fraction of the true class.</summary>
    public static byte[] RenderConfusion(EvaluationResult result)
    {
        var labels = result.Labels;
        var counts = result.Metrics.Confusion;
        var n = labels.Count;
        using var plot = CreatePlot($"Confusion matrix ({result.Metrics.ClipCount} clips)", "predicted", "true");
        for (var row = 0; row < n; row++)
        {
            var rowTotal = Math.Max(1, Enumerable.Range(0, n).Sum(column => counts[row, column]));
            for (var column = 0; column < n; column++)
            {
                var fraction = (double)counts[row, column] / rowTotal;
                var cell = plot.Add.Rectangle(column - 0.5, column + 0.5, n - 1 - row - 0.5, n - 1 - row + 0.5);
                cell.FillColor = Color.InterpolateRgb(Colors.White, Color.FromHex("#08519C"), fraction);
                cell.LineColor = Color.FromHex("#D0D7DE");
                var text = plot.Add.Text($"{counts[row, column]}\n{100 * fraction:0}%", column, n - 1 - row);
                text.LabelAlignment = Alignment.MiddleCenter;
                text.LabelFontSize = 13;
                text.LabelFontColor = fraction > 0.75 ? Colors.White : Colors.Black;
            }
        }
        var positions = Enumerable.Range(0, n).Select(i => (double)i).ToArray();
        plot.Axes.Bottom.SetTicks(positions, [.. labels.Select(Truncate)]);
        plot.Axes.Left.SetTicks(positions, [.. labels.Reverse().Select(Truncate)]);
        if (n > 6)
        {
            plot.Axes.Bottom.TickLabelStyle.Rotation = -40;
            plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            plot.Axes.Bottom.MinimumSize = 110;
        }
        plot.HideGrid();
        plot.Axes.SetLimits(-0.5, n - 0.5, -0.5, n - 0.5);
        var size = Math.Clamp(200 + (80 * n), 480, 1600);
        return RenderPng(plot, size + 40, size);
    }

    /// <summary>Training history: loss above, accuracy and UAR below; with folds, one line per fold.</summary>
    public static byte[] RenderHistory(IReadOnlyList<HistoryCurves> histories)
    {
        using var loss = CreatePlot("Loss", "epoch", "loss");
        using var accuracy = CreatePlot("Validation", "epoch", "value");
        for (var i = 0; i < histories.Count; i++)
        {
            var history = histories[i];
            var name = history.Fold is { } fold ? $"fold {fold} " : "";
            AddCurve(
                loss,
                history,
                "loss",
                histories.Count == 1 ? "training" : "", // dashed, in the color of the fold
                histories.Count == 1 ? 0 : i,
                LinePattern.Dashed
            );
            AddCurve(
                loss,
                history,
                "val_loss",
                histories.Count == 1 ? "validation" : name.Trim(),
                histories.Count == 1 ? 1 : i,
                LinePattern.Solid
            );
            AddCurve(
                accuracy,
                history,
                "accuracy",
                histories.Count == 1 ? "training accuracy (augmented)" : "",
                histories.Count == 1 ? 0 : i,
                LinePattern.Dashed
            );
            AddCurve(
                accuracy,
                history,
                "val_accuracy",
                histories.Count == 1 ? "validation accuracy" : name.Trim(),
                histories.Count == 1 ? 1 : i,
                LinePattern.Solid
            );
            if (histories.Count == 1)
                AddCurve(accuracy, history, "val_uar", "validation UAR", 2, LinePattern.Dotted);
            AddBestEpoch(accuracy, history, histories.Count == 1 ? 1 : i);
        }
        if (histories.Count > 1)
        {
            loss.Title("Training (dashed) and validation loss");
            accuracy.Title("Training (dashed) and validation accuracy (the dot is the best epoch)");
        }
        else
            accuracy.Title("Accuracy and UAR (the dot is the best epoch)");
        accuracy.Axes.SetLimitsY(0, 1);
        loss.ShowLegend(Alignment.UpperRight);
        accuracy.ShowLegend(Alignment.LowerRight);
        return RenderStacked(loss, accuracy, 900, 420);
    }

    /// <summary>One-vs-rest ROC curve of each class.</summary>
    public static byte[] RenderRoc(EvaluationResult result)
    {
        using var plot = CreatePlot(
            $"ROC, one-vs-rest (mean AUC {Format(result.Metrics.MacroAuc)})",
            "false positive rate",
            "true positive rate"
        );
        for (var k = 0; k < result.Labels.Count; k++)
        {
            var curve = result.Metrics.GetRoc(k);
            if (!curve.IsDefined)
                continue;
            double[] x = [.. curve.FalsePositiveRate];
            double[] y = [.. curve.TruePositiveRate];
            var line = plot.Add.ScatterLine(x, y);
            ApplyStyle(line, k);
            line.LegendText = $"{Truncate(result.Labels[k])} {Format(curve.Auc)}";
        }
        AddDiagonal(plot);
        plot.Axes.SetLimits(-0.01, 1.01, -0.01, 1.01);
        plot.ShowLegend(Alignment.LowerRight);
        return RenderPng(plot, 760, 640);
    }

    private static Plot CreatePlot(string title, string x, string y)
    {
        var plot = PlotFont.CreatePlot(title, titleSize: 17);
        plot.XLabel(x);
        plot.YLabel(y);
        return plot;
    }

    private static void AddCurve(
        Plot plot,
        HistoryCurves history,
        string metric,
        string name,
        int color,
        LinePattern pattern
    )
    {
        var values = history.Metrics[metric];
        double[] epochs = [.. Enumerable.Range(1, values.Length)];
        var line = plot.Add.Scatter(epochs, values);
        ApplyStyle(line, color);
        line.MarkerSize = values.Length == 1 ? 8 : 0;
        line.LinePattern = pattern;
        line.LegendText = name;
    }

    private static void AddBestEpoch(Plot plot, HistoryCurves history, int color)
    {
        if (history.BestEpoch < 1 || history.BestEpoch > history.Metrics["val_accuracy"].Length)
            return;
        var dot = plot.Add.Marker(history.BestEpoch, history.Metrics["val_accuracy"][history.BestEpoch - 1]);
        dot.MarkerSize = 10;
        dot.MarkerFillColor = Color.FromHex(Palette[color % Palette.Length]);
    }

    private static void ApplyStyle(ScottPlot.Plottables.Scatter line, int index)
    {
        line.Color = Color.FromHex(Palette[index % Palette.Length]);
        line.LineWidth = 2;
        line.LinePattern = index < Palette.Length ? LinePattern.Solid : LinePattern.Dashed;
    }

    private static void AddDiagonal(Plot plot)
    {
        var line = plot.Add.Line(0, 0, 1, 1);
        line.LineColor = Colors.Gray;
        line.LinePattern = LinePattern.Dashed;
        line.LineWidth = 1;
    }

    private static byte[] RenderStacked(Plot upper, Plot lower, int width, int height)
    {
        var multiplot = new Multiplot();
        multiplot.Subplots.Remove(multiplot.Subplots.GetPlot(0)); // a new Multiplot has an empty plot
        multiplot.AddPlot(upper);
        multiplot.AddPlot(lower);
        return multiplot.Render(width, 2 * height).GetImageBytes(ImageFormat.Png);
    }

    private static byte[] RenderPng(Plot plot, int width, int height) =>
        plot.GetImageBytes(width, height, ImageFormat.Png);

    private static string Truncate(string label) => label.Length > 16 ? label[..15] + "…" : label;

    private static string Format(double value) =>
        double.IsNaN(value) ? "–" : value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture);
}
