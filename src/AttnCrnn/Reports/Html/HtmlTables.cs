using System.Globalization;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html;

/// <summary>Renders the tables of the report.</summary>
internal static class HtmlTables
{
    private const int MaxErrors = 10;

    public static void WriteClasses(HtmlWriter page, EvaluationResult result)
    {
        WriteStart(
            page,
            "Per-class metrics",
            "Recall: fraction of the class's clips predicted correctly. "
                + "Precision: fraction of the predictions that are correct.",
            "class",
            "clips",
            "recall",
            "precision",
            "F1",
            "AUC"
        );
        foreach (var classMetrics in result.Metrics.PerClass)
        {
            WriteRow(
                page,
                classMetrics.Label,
                classMetrics.Support.ToString(CultureInfo.InvariantCulture),
                HtmlReport.FormatPercent(classMetrics.Support == 0 ? double.NaN : classMetrics.Recall),
                HtmlReport.FormatPercent(classMetrics.Precision),
                HtmlReport.FormatNumber(classMetrics.F1),
                HtmlReport.FormatNumber(classMetrics.Auc)
            );
        }
        WriteEnd(page);
    }

    public static void WriteConfusion(HtmlWriter page, EvaluationResult result)
    {
        var labels = result.Labels;
        var counts = result.Metrics.Confusion;
        WriteStart(
            page,
            "Confusion matrix",
            "Rows are true classes, columns predicted classes; colors and percentages are relative to the row.",
            ["true ↓ predicted →", .. labels]
        );
        for (var row = 0; row < labels.Count; row++)
        {
            var rowTotal = Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);
            page.Write($"""<tr><th scope="row">{labels[row]}</th>""");
            for (var column = 0; column < labels.Count; column++)
                WriteCount(page, counts[row, column], rowTotal, isCorrect: row == column);
            page.Write($"</tr>");
        }
        WriteEnd(page);
    }

    public static void WriteFolds(HtmlWriter page, EvaluationResult result)
    {
        WriteStart(
            page,
            "Cross-validation folds",
            "Each fold is evaluated by a model that was not trained on its clips; the metrics above pool all folds.",
            "fold",
            "clips",
            "speakers",
            "UAR",
            "accuracy",
            "macro F1"
        );
        foreach (var fold in result.Folds)
            WriteRow(
                page,
                FormatInteger(fold.Fold),
                FormatInteger(fold.Metrics.ClipCount),
                FormatInteger(fold.Speakers),
                HtmlReport.FormatPercent(fold.Metrics.Uar),
                HtmlReport.FormatPercent(fold.Metrics.Accuracy),
                HtmlReport.FormatNumber(fold.Metrics.MacroF1)
            );
        if (result is { FoldUar: { } uar, FoldAccuracy: { } accuracy, FoldMacroF1: { } f1 })
            WriteRow(
                page,
                "mean ± std",
                "",
                "",
                Format(uar, percent: true),
                Format(accuracy, percent: true),
                Format(f1, percent: false)
            );
        WriteEnd(page);
    }

    public static void WriteLayers(HtmlWriter page, LayerWeights weights)
    {
        var folds = weights.Models.Count > 1 ? $" Weights are mean ± std over {weights.Models.Count} models." : "";
        WriteStart(
            page,
            "Layer weights",
            $"The network's input is a weighted sum of the encoder's {weights.Count} layers with one learned weight "
                + $"per layer, initially {HtmlReport.FormatNumber(1.0 / weights.Count)}. "
                + "Layer 0 is the input of the first "
                + $"transformer layer. Relative weight: |w| / Σ |w|.{folds}",
            "layer",
            "weight",
            "relative weight",
            ""
        );
        var largest = weights.RelativeWeight(weights.LayersByWeight.First());
        for (var layer = 0; layer < weights.Count; layer++)
        {
            var relative = weights.RelativeWeight(layer);
            var width = largest > 0 ? 100 * relative / largest : 0;
            page.Write($"""<tr><th scope="row">{layer}</th><td>{HtmlReport.FormatNumber(weights[layer].Mean)}""");
            if (weights[layer].StandardDeviation is { } std)
                page.Write($" ± {HtmlReport.FormatNumber(std)}");
            page.Write($"""</td><td>{HtmlReport.FormatPercent(relative)}</td><td class="share">""");
            page.Write($"""<div class="bar" style="width:{width:0.0}%"></div></td></tr>""");
        }
        WriteEnd(page);
    }

    public static void WriteSpeakers(HtmlWriter page, EvaluationResult result)
    {
        var speakers = result
            .Predictions.Where(clip => clip.Speaker is not null)
            .GroupBy(clip => clip.Speaker!)
            .Select(grouping =>
                (
                    Name: grouping.Key,
                    Clips: grouping.Count(),
                    Correct: grouping.Count(IsCorrect),
                    Uar: grouping
                        .GroupBy(clip => clip.Truth)
                        .Average(label => label.Average(clip => IsCorrect(clip) ? 1.0 : 0))
                )
            )
            .ToArray();
        if (speakers.Length < 2)
            return;
        WriteStart(
            page,
            "Per-speaker metrics",
            "In ascending order of UAR. Check the speakers with the lowest values before deployment.",
            "speaker",
            "clips",
            "UAR",
            "accuracy"
        );
        foreach (
            var speaker in speakers
                .OrderBy(speaker => speaker.Uar)
                .ThenBy(speaker => speaker.Name, StringComparer.Ordinal)
        )
            WriteRow(
                page,
                speaker.Name,
                FormatInteger(speaker.Clips),
                HtmlReport.FormatPercent(speaker.Uar),
                HtmlReport.FormatPercent((double)speaker.Correct / speaker.Clips)
            );
        WriteEnd(page);
    }

    public static void WriteErrors(HtmlWriter page, EvaluationResult result)
    {
        var errors = result
            .Predictions.Where(clip => !IsCorrect(clip))
            .OrderByDescending(clip => clip.Probabilities.Max())
            .ThenBy(clip => clip.Path, StringComparer.Ordinal)
            .Take(MaxErrors)
            .ToArray();
        if (errors.Length == 0)
            return;
        WriteStart(
            page,
            "Most confident errors",
            "Clips to check for wrong labels, damaged audio or systematic errors of the model.",
            "clip",
            "true",
            "predicted",
            "confidence"
        );
        foreach (var clip in errors)
            WriteRow(
                page,
                Path.GetFileName(clip.Path),
                clip.Truth,
                clip.Predicted,
                HtmlReport.FormatPercent(clip.Probabilities.Max())
            );
        WriteEnd(page);
    }

    private static void WriteCount(HtmlWriter page, int count, int rowTotal, bool isCorrect)
    {
        var fraction = rowTotal == 0 ? 0 : (double)count / rowTotal;
        // From white to a blue with a contrast of 8:1 to white text; text turns white where its contrast is higher.
        int InterpolateColor(int dark) => (int)Math.Round(255 + ((dark - 255) * fraction));
        var color = fraction > 0.75 ? "#fff" : "#000";
        page.Write($"""<td class="cell{(isCorrect ? " right" : "")}" style="background:""");
        page.Write($"""rgb({InterpolateColor(8)},{InterpolateColor(81)},{InterpolateColor(156)});color:{color}">""");
        page.Write($"{count}<br/><small>{100 * fraction:0}%</small></td>");
    }

    private static bool IsCorrect(ClipPrediction clip) => clip.Predicted == clip.Truth;

    private static string FormatInteger(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Format(MeanAndStd value, bool percent)
    {
        string FormatText(double number) =>
            percent ? HtmlReport.FormatPercent(number) : HtmlReport.FormatNumber(number);
        return value.StandardDeviation is { } std
            ? $"{FormatText(value.Mean)} ± {FormatText(std)}"
            : FormatText(value.Mean);
    }

    private static void WriteStart(HtmlWriter page, string title, string caption, params string[] columns)
    {
        page.Write($"""<section><h2>{title}</h2><p class="small">{caption}</p>""");
        page.Write($"""<div class="scroll"><table><thead><tr>""");
        foreach (var column in columns)
            page.Write($"""<th scope="col">{column}</th>""");
        page.Write($"</tr></thead><tbody>");
    }

    private static void WriteRow(HtmlWriter page, string name, params string[] cells)
    {
        page.Write($"""<tr><th scope="row">{name}</th>""");
        foreach (var cell in cells)
            page.Write($"<td>{cell}</td>");
        page.Write($"</tr>");
    }

    private static void WriteEnd(HtmlWriter page) => page.Write($"</tbody></table></div></section>\n");
}
