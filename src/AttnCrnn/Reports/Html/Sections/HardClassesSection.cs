using AttnCrnn.Evaluation;
using AttnCrnn.Reports.Charts;

namespace AttnCrnn.Reports.Html.Sections;

/// <summary>
/// The classes of lowest recall: with which they are confused, their most confident errors with a player, and their
/// recall over the epochs.
/// </summary>
internal sealed class HardClassesSection : IReportSection
{
    public string Title => "The hard classes";

    public bool AppliesTo(ReportContent content) => HardClass.Find(content.Result).Count > 0;

    public void Write(HtmlWriter page, ReportContent content)
    {
        var options = content.Report.Options;
        var recordings = new Recordings(options, content.Folder);
        var classes = HardClass.Find(content.Result);
        page.Write(
            $"""<p class="small">The {classes.Count} classes of lowest recall with errors, the lowest first. """
        );
        page.Write($"At most {HardClass.MaxErrors} errors of each are listed, the most confident first.</p>\n");
        foreach (var hardClass in classes)
            WriteClass(page, content, hardClass, recordings);
        page.Write($"""<p class="small">{RecordingsText.Describe(options, recordings)}</p>""");
        if (RecallChart.Create(content.Report.Histories, content.Result, classes) is { } chart)
            SvgChart.Write(
                page,
                chart,
                "Recall on the validation set by epoch; gray lines are the other classes"
                    + (content.Report.Histories.Count > 1 ? ". Means over the folds in training." : ".")
            );
    }

    private static void WriteClass(HtmlWriter page, ReportContent content, HardClass hardClass, Recordings recordings)
    {
        var result = content.Result;
        var metrics = result.Metrics.PerClass[hardClass.Index];
        page.Write($"<h3>{metrics.Label}: recall {HtmlNumbers.FormatPercent(metrics.Recall)}</h3>");
        var confusions = string.Join(
            ", ",
            hardClass
                .Confusions.Take(HardClass.MaxClasses)
                .Select(other =>
                    $"{other.Clips} as {result.Labels[other.Class]} "
                    + $"({HtmlNumbers.FormatPercent((double)other.Clips / metrics.Support)})"
                )
        );
        page.Write($"<p>{metrics.Support} clips; predicted most often otherwise: {confusions}.</p>");
        HtmlTable.WriteStart(
            page,
            $"Most confident errors of {metrics.Label}.",
            ["clip", "speaker", "predicted", "confidence", .. HasAudio(content) ? (string[])["recording"] : []]
        );
        var names = content.Names;
        foreach (var clip in hardClass.Errors)
            WriteError(page, names, clip, HasAudio(content) ? recordings : null);
        HtmlTable.WriteEnd(page);
    }

    private static bool HasAudio(ReportContent content) =>
        content.Report.Options is { EmbedAudio: true } or { WithNames: true };

    private static void WriteError(HtmlWriter page, ReportNames names, ClipPrediction clip, Recordings? recordings)
    {
        page.Write($"""<tr><th scope="row">{names.GetClip(clip)}</th><td>{names.GetSpeaker(clip.Speaker)}</td>""");
        page.Write($"<td>{clip.Predicted}</td><td>{HtmlNumbers.FormatPercent(clip.Probabilities.Max())}</td>");
        if (recordings is not null)
            WriteRecording(page, names.GetClip(clip), clip, recordings);
        page.Write($"</tr>");
    }

    private static void WriteRecording(HtmlWriter page, string name, ClipPrediction clip, Recordings recordings)
    {
        page.Write($"<td>");
        if (recordings.Embed(clip) is { } audio)
        {
            page.Write($"""<audio controls="" preload="metadata" aria-label="Recording of {name}" """);
            page.Write($"""src="data:audio/wav;base64,{audio}"></audio>""");
        }
        else if (recordings.Link(clip) is { } address)
            page.Write($"""<a href="{address}" aria-label="play the recording of {name}">play</a>""");
        else
            page.Write($"–");
        page.Write($"</td>");
    }
}
