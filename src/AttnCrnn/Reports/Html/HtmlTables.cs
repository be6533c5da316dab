using System.Globalization;
using System.Text;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html;

/// <summary>Renders the tables of the report.</summary>
internal static class HtmlTables
{
    private const int MaxErrors = 10;

    public static void PerClass(StringBuilder page, EvaluationResult result)
    {
        Start(
            page,
            "Per-class metrics",
            "Recall: fraction of the class that was found. Precision: fraction of the predictions that are correct.",
            "class",
            "clips",
            "recall",
            "precision",
            "F1",
            "AUC"
        );
        foreach (var classMetrics in result.Metrics.PerClass)
        {
            Row(
                page,
                classMetrics.Label,
                classMetrics.Support.ToString(CultureInfo.InvariantCulture),
                HtmlReport.Percent(classMetrics.Support == 0 ? double.NaN : classMetrics.Recall),
                HtmlReport.Percent(classMetrics.Precision),
                HtmlReport.Number(classMetrics.F1),
                HtmlReport.Number(classMetrics.Auc)
            );
        }
        End(page);
    }

    public static void Confusion(StringBuilder page, EvaluationResult result)
    {
        var (labels, counts) = (result.Labels, result.Metrics.Confusion);
        Start(
            page,
            "Confusion matrix",
            "Rows are true classes, columns predicted classes; colors and percentages are relative to the row.",
            ["true ↓ predicted →", .. labels]
        );
        for (var row = 0; row < labels.Count; row++)
        {
            var all = Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);
            page.Append("<tr><th scope=\"row\">").Append(HtmlReport.Escape(labels[row])).Append("</th>");
            for (var column = 0; column < labels.Count; column++)
            {
                var fraction = all == 0 ? 0 : (double)counts[row, column] / all;
                // From white to a blue with a contrast of 8:1 to white text; text turns white where its contrast is
                // higher.
                int Mix(int dark) => (int)Math.Round(255 + ((dark - 255) * fraction));
                page.Append("<td class=\"cell")
                    .Append(row == column ? " right" : "")
                    .Append("\" style=\"background:rgb(")
                    .Append(Mix(8))
                    .Append(',')
                    .Append(Mix(81))
                    .Append(',')
                    .Append(Mix(156))
                    .Append(");color:")
                    .Append(fraction > 0.75 ? "#fff" : "#000")
                    .Append("\">")
                    .Append(counts[row, column])
                    .Append("<br/><small>")
                    .Append((100 * fraction).ToString("0", CultureInfo.InvariantCulture))
                    .Append("%</small></td>");
            }
            page.Append("</tr>");
        }
        End(page);
    }

    public static void Folds(StringBuilder page, EvaluationResult result)
    {
        Start(
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
            Row(
                page,
                Integer(fold.Fold),
                Integer(fold.Metrics.ClipCount),
                Integer(fold.Speakers),
                HtmlReport.Percent(fold.Metrics.Uar),
                HtmlReport.Percent(fold.Metrics.Accuracy),
                HtmlReport.Number(fold.Metrics.MacroF1)
            );
        if (result is { FoldUar: { } uar, FoldAccuracy: { } accuracy, FoldMacroF1: { } f1 })
            Row(
                page,
                "mean ± std",
                "",
                "",
                Format(uar, percent: true),
                Format(accuracy, percent: true),
                Format(f1, percent: false)
            );
        End(page);
    }

    public static void Layers(StringBuilder page, LayerWeights weights)
    {
        var folds = weights.Models.Count > 1 ? $" Weights are mean ± std over {weights.Models.Count} models." : "";
        Start(
            page,
            "Layer weights",
            $"The network's input is a weighted sum of the encoder's {weights.Count} layers with one learned weight "
                + $"per layer, initially {HtmlReport.Number(1.0 / weights.Count)}. Layer 0 is the input of the first "
                + $"transformer layer. Relative weight: |w| / Σ |w|.{folds}",
            "layer",
            "weight",
            "relative weight",
            ""
        );
        var largest = weights.Weight(weights.Strongest.First());
        for (var layer = 0; layer < weights.Count; layer++)
        {
            var relative = weights.Weight(layer);
            page.Append("<tr><th scope=\"row\">")
                .Append(layer)
                .Append("</th><td>")
                .Append(Format(weights[layer], percent: false))
                .Append("</td><td>")
                .Append(HtmlReport.Percent(relative))
                .Append("</td><td class=\"share\"><div class=\"bar\" style=\"width:")
                .Append((largest > 0 ? 100 * relative / largest : 0).ToString("0.0", CultureInfo.InvariantCulture))
                .Append("%\"></div></td></tr>");
        }
        End(page);
    }

    public static void Speakers(StringBuilder page, EvaluationResult result)
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
        Start(
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
            Row(
                page,
                speaker.Name,
                Integer(speaker.Clips),
                HtmlReport.Percent(speaker.Uar),
                HtmlReport.Percent((double)speaker.Correct / speaker.Clips)
            );
        End(page);
    }

    public static void Errors(StringBuilder page, EvaluationResult result)
    {
        var errors = result
            .Predictions.Where(clip => !IsCorrect(clip))
            .OrderByDescending(clip => clip.Probabilities.Max())
            .ThenBy(clip => clip.Path, StringComparer.Ordinal)
            .Take(MaxErrors)
            .ToArray();
        if (errors.Length == 0)
            return;
        Start(
            page,
            "Most confident errors",
            "Clips to check for wrong labels, damaged audio or systematic errors of the model.",
            "clip",
            "true",
            "predicted",
            "confidence"
        );
        foreach (var clip in errors)
            Row(
                page,
                Path.GetFileName(clip.Path),
                clip.Truth,
                clip.Predicted,
                HtmlReport.Percent(clip.Probabilities.Max())
            );
        End(page);
    }

    private static bool IsCorrect(ClipPrediction clip) => clip.Predicted == clip.Truth;

    private static string Integer(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Format(MeanAndStd value, bool percent)
    {
        string Text(double number) => percent ? HtmlReport.Percent(number) : HtmlReport.Number(number);
        return value.StandardDeviation is { } std ? $"{Text(value.Mean)} ± {Text(std)}" : Text(value.Mean);
    }

    private static void Start(StringBuilder page, string title, string caption, params string[] columns)
    {
        page.Append("<section><h2>")
            .Append(title)
            .Append("</h2><p class=\"small\">")
            .Append(HtmlReport.Escape(caption))
            .Append("</p><div class=\"scroll\"><table><thead><tr>");
        foreach (var column in columns)
            page.Append("<th scope=\"col\">").Append(HtmlReport.Escape(column)).Append("</th>");
        page.Append("</tr></thead><tbody>");
    }

    private static void Row(StringBuilder page, string name, params string[] cells)
    {
        page.Append("<tr><th scope=\"row\">").Append(HtmlReport.Escape(name)).Append("</th>");
        foreach (var cell in cells)
            page.Append("<td>").Append(HtmlReport.Escape(cell)).Append("</td>");
        page.Append("</tr>");
    }

    private static void End(StringBuilder page) => page.Append("</tbody></table></div></section>\n");
}
