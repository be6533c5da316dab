using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>Metrics of each speaker, if there are several.</summary>
internal sealed class SpeakersSection : IReportSection
{
    public string Title => "Per-speaker metrics";

    public bool AppliesTo(ReportContent content) => content.Result.SpeakerCount > 1;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var names = content.Names;
        HtmlTable.WriteStart(
            page,
            "In ascending order of UAR. Check the speakers with the lowest values before deployment.",
            "speaker",
            "clips",
            "UAR",
            "accuracy"
        );
        foreach (
            var speaker in ListSpeakers(content.Result)
                .OrderBy(speaker => speaker.Uar)
                .ThenBy(speaker => speaker.Name, StringComparer.Ordinal)
        )
            HtmlTable.WriteRow(
                page,
                names.GetSpeaker(speaker.Name),
                HtmlNumbers.FormatInteger(speaker.Clips),
                HtmlNumbers.FormatPercent(speaker.Uar),
                HtmlNumbers.FormatPercent((double)speaker.Correct / speaker.Clips)
            );
        HtmlTable.WriteEnd(page);
    }

    private static IReadOnlyList<Speaker> ListSpeakers(EvaluationResult result) =>
        [
            .. result
                .Predictions.Where(clip => clip.Speaker is not null)
                .GroupBy(clip => clip.Speaker!)
                .Select(clips => new Speaker(
                    clips.Key,
                    clips.Count(),
                    clips.Count(IsCorrect),
                    clips.GroupBy(clip => clip.Truth).Average(label => label.Average(clip => IsCorrect(clip) ? 1.0 : 0))
                )),
        ];

    private static bool IsCorrect(ClipPrediction clip) => clip.Predicted == clip.Truth;

    private sealed record Speaker(string Name, int Clips, int Correct, double Uar);
}
