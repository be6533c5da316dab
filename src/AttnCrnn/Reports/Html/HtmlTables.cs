using System.Globalization;
using System.Text;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;

namespace AttnCrnn.Reports.Html;

/// <summary>The tables of the report.</summary>
internal static class HtmlTables
{
    private const int MaxErrors = 10;

    public static void PerClass(StringBuilder page, EvaluationResult result)
    {
        Start(
            page,
            "Each class",
            "Recall: the share of the class that was found. Precision: the share of what was called so that is so.",
            "class",
            "clips",
            "recall",
            "precision",
            "F1",
            "AUC"
        );
        foreach (var classFigures in result.Metrics.PerClass)
        {
            Row(
                page,
                classFigures.Label,
                classFigures.Support.ToString(CultureInfo.InvariantCulture),
                HtmlReport.Percent(classFigures.Support == 0 ? double.NaN : classFigures.Recall),
                HtmlReport.Percent(classFigures.Precision),
                HtmlReport.Number(classFigures.F1),
                HtmlReport.Number(classFigures.Auc)
            );
        }
        End(page);
    }

    public static void Confusion(StringBuilder page, EvaluationResult result)
    {
        var (labels, counts) = (result.Labels, result.Metrics.Confusion);
        Start(
            page,
            "What is taken for what",
            "A row is what was true, a column what was predicted; the darker, the larger the share of the row. The diagonal is right.",
            ["true ↓ predicted →", .. labels]
        );
        for (var row = 0; row < labels.Count; row++)
        {
            var all = Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);
            page.Append("<tr><th scope=\"row\">").Append(HtmlReport.Escape(labels[row])).Append("</th>");
            for (var column = 0; column < labels.Count; column++)
            {
                var probability = all == 0 ? 0 : (double)counts[row, column] / all;
                // From white to a blue on which white letters have a contrast of 8 to 1; letters turn white where that is the better one.
                int Mix(int dark) => (int)Math.Round(255 + ((dark - 255) * probability));
                page.Append("<td class=\"cell")
                    .Append(row == column ? " right" : "")
                    .Append("\" style=\"background:rgb(")
                    .Append(Mix(8))
                    .Append(',')
                    .Append(Mix(81))
                    .Append(',')
                    .Append(Mix(156))
                    .Append(");color:")
                    .Append(probability > 0.75 ? "#fff" : "#000")
                    .Append("\">")
                    .Append(counts[row, column])
                    .Append("<br/><small>")
                    .Append((100 * probability).ToString("0", CultureInfo.InvariantCulture))
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
            "Each fold",
            "Every fold's speakers were judged by a model that never heard them; the figures above pool all folds.",
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
                Whole(fold.Fold),
                Whole(fold.Metrics.ClipCount),
                Whole(fold.Speakers),
                HtmlReport.Percent(fold.Metrics.Uar),
                HtmlReport.Percent(fold.Metrics.Accuracy),
                HtmlReport.Number(fold.Metrics.MacroF1)
            );
        if (result is { FoldUar: { } uar, FoldAccuracy: { } accuracy, FoldMacroF1: { } f1 })
            Row(
                page,
                "mean ± deviation",
                "",
                "",
                With(uar, percent: true),
                With(accuracy, percent: true),
                With(f1, percent: false)
            );
        End(page);
    }

    public static void Layers(StringBuilder page, LayerWeights weights)
    {
        var folds =
            weights.Models.Count > 1 ? $" The weights are means ± deviations over {weights.Models.Count} models." : "";
        Start(
            page,
            "Which layers count",
            $"The encoder's {weights.Count} layers go into the network as their sum, one learned weight a layer; each began as {HtmlReport.Number(1.0 / weights.Count)}. "
                + $"Layer 0 is what the first transformer layer is given. The share is that of all weights' sizes.{folds}",
            "layer",
            "weight",
            "share",
            ""
        );
        var largest = weights.Weight(weights.Strongest.First());
        for (var layer = 0; layer < weights.Count; layer++)
        {
            var probability = weights.Weight(layer);
            page.Append("<tr><th scope=\"row\">")
                .Append(layer)
                .Append("</th><td>")
                .Append(With(weights[layer], percent: false))
                .Append("</td><td>")
                .Append(HtmlReport.Percent(probability))
                .Append("</td><td class=\"share\"><div class=\"bar\" style=\"width:")
                .Append((largest > 0 ? 100 * probability / largest : 0).ToString("0.0", CultureInfo.InvariantCulture))
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
                    Right: grouping.Count(IsCorrect),
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
            "Each speaker",
            "Worst first. Who is understood badly matters as much as the mean: look at the lowest rows before you deploy.",
            "speaker",
            "clips",
            "UAR",
            "accuracy"
        );
        foreach (
            var valueTuple in speakers
                .OrderBy(valueTuple => valueTuple.Uar)
                .ThenBy(valueTuple => valueTuple.Name, StringComparer.Ordinal)
        )
            Row(
                page,
                valueTuple.Name,
                Whole(valueTuple.Clips),
                HtmlReport.Percent(valueTuple.Uar),
                HtmlReport.Percent((double)valueTuple.Right / valueTuple.Clips)
            );
        End(page);
    }

    public static void Mistakes(StringBuilder page, EvaluationResult result)
    {
        var wrong = result
            .Predictions.Where(clip => !IsCorrect(clip))
            .OrderByDescending(clip => clip.Probabilities.Max())
            .ThenBy(clip => clip.Path, StringComparer.Ordinal)
            .Take(MaxErrors)
            .ToArray();
        if (wrong.Length == 0)
            return;
        Start(
            page,
            "The surest mistakes",
            "Worth listening to: a wrong label, a damaged clip, or what the model does not hear.",
            "clip",
            "true",
            "predicted",
            "sure"
        );
        foreach (var clip in wrong)
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

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string With(MeanAndStd spread, bool percent) =>
        $"{(percent ? HtmlReport.Percent(spread.Mean) : HtmlReport.Number(spread.Mean))}{(spread.StandardDeviation is { } standardDeviation ? $" ± {(percent ? HtmlReport.Percent(standardDeviation) : HtmlReport.Number(standardDeviation))}" : "")}";

    private static void Start(StringBuilder page, string title, string how, params string[] columns)
    {
        page.Append("<section><h2>")
            .Append(title)
            .Append("</h2><p class=\"small\">")
            .Append(HtmlReport.Escape(how))
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
