namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The labels of clips that the user gave, and the classes of the model.</summary>
internal sealed class LabelMapSection : IReportSection
{
    public string Title => "Label map";

    public bool AppliesTo(ReportContent content) => content.Result.Protocol.LabelMap is not null;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var map = content.Result.Protocol.LabelMap!;
        HtmlTable.WriteStart(page, LabelMapText.Describe(map), "label of the clips", "class of the model", "clips");
        foreach (var label in map.Labels)
            HtmlTable.WriteRow(page, label.Label, label.Class ?? "left out", HtmlNumbers.FormatInteger(label.Clips));
        foreach (var modelClass in map.OnlyInModel)
            HtmlTable.WriteRow(page, "–", modelClass, HtmlNumbers.FormatInteger(0));
        HtmlTable.WriteEnd(page);
    }
}
