using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>What corpus prints of an audit beside the findings about single clips.</summary>
internal static class AuditOutput
{
    private const int Indent = 9; // the width of "remedy   "

    /// <summary>
    /// The number of clips that a speaker has of each class: one number, or the smallest and the largest.
    /// </summary>
    public static void WriteSpeakerClasses(ConsoleOutput console, IReadOnlyList<Clip> clips)
    {
        var bySpeaker = clips.Where(clip => clip.Speaker is not null).GroupBy(clip => clip.Speaker).ToList();
        string[] labels =
        [
            .. clips.Select(clip => clip.Label).OfType<string>().Distinct().Order(StringComparer.Ordinal),
        ];
        if (bySpeaker.Count == 0 || labels.Length == 0)
            return;
        var counts = labels.Select(label =>
        {
            int[] ofSpeakers = [.. bySpeaker.Select(speaker => speaker.Count(clip => clip.Label == label))];
            var min = ofSpeakers.Min();
            var max = ofSpeakers.Max();
            return min == max ? $"{label} {min}" : $"{label} {min} to {max}";
        });
        console.WriteResultText($"clips per speaker: {string.Join(", ", counts)}", indent: 2);
    }

    /// <summary>Findings about the corpus as a whole, and what to do about every kind of finding.</summary>
    public static void WriteCorpusFindings(ConsoleOutput console, AuditReport audit)
    {
        foreach (var finding in audit.CorpusFindings)
            console.WriteResultText($"warning  {OptionParser.FormatText(finding.Message)}", Indent);
        var counts = audit.Warnings.Concat(audit.CorpusFindings).CountBy(finding => finding.Name);
        foreach (var (name, count) in counts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            console.WriteResultText($"remedy   {name} ({count}): {audit.Remedies[name]}", Indent);
    }
}
