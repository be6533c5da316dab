using System.Globalization;
using System.Text;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports;

/// <summary>The tables of the report.</summary>
internal static class HtmlTables
{
    private const int MostMistakes = 10;

    public static void PerClass(StringBuilder page, EvaluationResult result)
    {
        Begin(page, "Each class", "Recall: the share of the class that was found. Precision: the share of what was called so that is so.", "class", "clips", "recall", "precision", "F1", "AUC");
        foreach (var of in result.Figures.PerClass)
        {
            Row(page, of.Label, of.Support.ToString(CultureInfo.InvariantCulture), HtmlReport.Percent(of.Support == 0 ? double.NaN : of.Recall),
                HtmlReport.Percent(of.Precision), HtmlReport.Number(of.F1), HtmlReport.Number(of.Auc));
        }
        End(page);
    }

    public static void Confusion(StringBuilder page, EvaluationResult result)
    {
        var (labels, counts) = (result.Labels, result.Figures.Confusion);
        Begin(page, "What is taken for what", "A row is what was true, a column what was predicted; the darker, the larger the share of the row. The diagonal is right.", ["true ↓ predicted →", .. labels]);
        for (var row = 0; row < labels.Count; row++)
        {
            var all = Enumerable.Range(0, labels.Count).Sum(column => counts[row, column]);
            page.Append("<tr><th scope=\"row\">").Append(HtmlReport.Escape(labels[row])).Append("</th>");
            for (var column = 0; column < labels.Count; column++)
            {
                var share = all == 0 ? 0 : (double)counts[row, column] / all;
                // From white to a blue on which white letters have a contrast of 8 to 1; letters turn white where that is the better one.
                int Mix(int dark) => (int)Math.Round(255 + ((dark - 255) * share));
                page.Append("<td class=\"cell").Append(row == column ? " right" : "").Append("\" style=\"background:rgb(").Append(Mix(8)).Append(',').Append(Mix(81)).Append(',').Append(Mix(156))
                    .Append(");color:").Append(share > 0.75 ? "#fff" : "#000").Append("\">").Append(counts[row, column]).Append("<br/><small>").Append((100 * share).ToString("0", CultureInfo.InvariantCulture)).Append("%</small></td>");
            }
            page.Append("</tr>");
        }
        End(page);
    }

    public static void Folds(StringBuilder page, EvaluationResult result)
    {
        Begin(page, "Each fold", "Every fold's speakers were judged by a model that never heard them; the figures above pool all folds.", "fold", "clips", "speakers", "UAR", "accuracy", "macro F1");
        foreach (var fold in result.Folds)
            Row(page, Whole(fold.Fold), Whole(fold.Figures.ClipCount), Whole(fold.Speakers), HtmlReport.Percent(fold.Figures.Uar), HtmlReport.Percent(fold.Figures.Accuracy), HtmlReport.Number(fold.Figures.MacroF1));
        if (result is { FoldUar: { } uar, FoldAccuracy: { } accuracy, FoldMacroF1: { } f1 })
            Row(page, "mean ± deviation", "", "", With(uar, percent: true), With(accuracy, percent: true), With(f1, percent: false));
        End(page);
    }

    public static void Layers(StringBuilder page, LayerWeights weights)
    {
        var folds = weights.Models.Count > 1 ? $" The weights are means ± deviations over {weights.Models.Count} models." : "";
        Begin(page, "Which layers count", $"The encoder's {weights.Count} layers go into the network as their sum, one learned weight a layer; each began as {HtmlReport.Number(1.0 / weights.Count)}. "
            + $"Layer 0 is what the first transformer layer is given. The share is that of all weights' sizes.{folds}", "layer", "weight", "share", "");
        var largest = weights.Share(weights.Strongest.First());
        for (var layer = 0; layer < weights.Count; layer++)
        {
            var share = weights.Share(layer);
            page.Append("<tr><th scope=\"row\">").Append(layer).Append("</th><td>").Append(With(weights[layer], percent: false)).Append("</td><td>").Append(HtmlReport.Percent(share))
                .Append("</td><td class=\"share\"><div class=\"bar\" style=\"width:").Append((largest > 0 ? 100 * share / largest : 0).ToString("0.0", CultureInfo.InvariantCulture)).Append("%\"></div></td></tr>");
        }
        End(page);
    }

    public static void Speakers(StringBuilder page, EvaluationResult result)
    {
        var speakers = result.Predictions.Where(clip => clip.Speaker is not null).GroupBy(clip => clip.Speaker!).Select(of => (
            Name: of.Key, Clips: of.Count(), Right: of.Count(IsRight), Uar: of.GroupBy(clip => clip.Truth).Average(label => label.Average(clip => IsRight(clip) ? 1.0 : 0)))).ToArray();
        if (speakers.Length < 2) return;
        Begin(page, "Each speaker", "Worst first. Who is understood badly matters as much as the mean: look at the lowest rows before you deploy.", "speaker", "clips", "UAR", "accuracy");
        foreach (var of in speakers.OrderBy(of => of.Uar).ThenBy(of => of.Name, StringComparer.Ordinal))
            Row(page, of.Name, Whole(of.Clips), HtmlReport.Percent(of.Uar), HtmlReport.Percent((double)of.Right / of.Clips));
        End(page);
    }

    public static void Mistakes(StringBuilder page, EvaluationResult result)
    {
        var wrong = result.Predictions.Where(clip => !IsRight(clip)).OrderByDescending(clip => clip.Probabilities.Max()).ThenBy(clip => clip.Path, StringComparer.Ordinal).Take(MostMistakes).ToArray();
        if (wrong.Length == 0) return;
        Begin(page, "The surest mistakes", "Worth listening to: a wrong label, a damaged clip, or what the model does not hear.", "clip", "true", "predicted", "sure");
        foreach (var clip in wrong) Row(page, Path.GetFileName(clip.Path), clip.Truth, clip.Predicted, HtmlReport.Percent(clip.Probabilities.Max()));
        End(page);
    }

    private static bool IsRight(ClipPrediction clip) => clip.Predicted == clip.Truth;

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string With(Spread of, bool percent) =>
        $"{(percent ? HtmlReport.Percent(of.Mean) : HtmlReport.Number(of.Mean))}{(of.Deviation is { } deviation ? $" ± {(percent ? HtmlReport.Percent(deviation) : HtmlReport.Number(deviation))}" : "")}";

    private static void Begin(StringBuilder page, string title, string how, params string[] columns)
    {
        page.Append("<section><h2>").Append(title).Append("</h2><p class=\"small\">").Append(HtmlReport.Escape(how)).Append("</p><div class=\"scroll\"><table><thead><tr>");
        foreach (var column in columns) page.Append("<th scope=\"col\">").Append(HtmlReport.Escape(column)).Append("</th>");
        page.Append("</tr></thead><tbody>");
    }

    private static void Row(StringBuilder page, string name, params string[] cells)
    {
        page.Append("<tr><th scope=\"row\">").Append(HtmlReport.Escape(name)).Append("</th>");
        foreach (var cell in cells) page.Append("<td>").Append(HtmlReport.Escape(cell)).Append("</td>");
        page.Append("</tr>");
    }

    private static void End(StringBuilder page) => page.Append("</tbody></table></div></section>\n");
}
