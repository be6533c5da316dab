using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>The clips that the model was most confident about and wrong.</summary>
internal sealed class ErrorsSection : IReportSection
{
    private const int MaxErrors = 10;

    public string Title => "Most confident errors";

    public bool AppliesTo(ReportContent content) => ListErrors(content.Result).Any();

    public void Write(HtmlWriter page, ReportContent content)
    {
        var names = content.Names;
        HtmlTable.WriteStart(
            page,
            "Clips to check for wrong labels, damaged audio or systematic errors of the model.",
            "clip",
            "true",
            "predicted",
            "confidence"
        );
        foreach (
            var clip in ListErrors(content.Result)
                .OrderByDescending(clip => clip.Probabilities.Max())
                .ThenBy(clip => clip.Path, StringComparer.Ordinal)
                .Take(MaxErrors)
        )
            HtmlTable.WriteRow(
                page,
                names.GetClip(clip),
                clip.Truth,
                clip.Predicted,
                HtmlNumbers.FormatPercent(clip.Probabilities.Max())
            );
        HtmlTable.WriteEnd(page);
    }

    private static IEnumerable<ClipPrediction> ListErrors(EvaluationResult result) =>
        result.Predictions.Where(clip => clip.Predicted != clip.Truth);
}
