namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Learned weights of the encoder layers, of a model with several.</summary>
internal sealed class LayersSection : IReportSection
{
    public string Title => "Layer weights";

    public bool AppliesTo(ReportContent content) => content.Result.LayerWeights is not null;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var weights = content.Result.LayerWeights!;
        var folds = weights.Models.Count > 1 ? $" Weights are mean ± std over {weights.Models.Count} models." : "";
        HtmlTable.WriteStart(
            page,
            $"The network's input is a weighted sum of the encoder's {weights.Count} layers with one learned weight "
                + $"per layer, initially {HtmlNumbers.FormatNumber(1.0 / weights.Count)}. "
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
            page.Write($"""<tr><th scope="row">{layer}</th><td>{HtmlNumbers.FormatNumber(weights[layer].Mean)}""");
            if (weights[layer].StandardDeviation is { } std)
                page.Write($" ± {HtmlNumbers.FormatNumber(std)}");
            page.Write($"""</td><td>{HtmlNumbers.FormatPercent(relative)}</td><td class="share">""");
            page.Write($"""<div class="bar" style="width:{width:0.0}%"></div></td></tr>""");
        }
        HtmlTable.WriteEnd(page);
    }
}
