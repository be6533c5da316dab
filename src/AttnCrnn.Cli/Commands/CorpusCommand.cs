using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Formats;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>Reads and audits a corpus and writes its manifest.</summary>
internal sealed class CorpusCommand : OptionCommand<CorpusSettings>
{
    private const int DetailIndent = 9; // the width of "invalid  "
    private const int MaxFindings = 100; // lines per kind of warning: a corpus may have 100,000 clips of music

    public CorpusCommand()
        : base(
            "corpus",
            "Read a corpus, folder or manifest, and audit it.",
            CorpusSettings.Options,
            new(
                "SOURCE…",
                "Folders of recordings, recordings, or manifests (.csv, .tsv, .txt, .jsonl, .json); "
                    + "with --list, names of corpora.",
                IsRequired: false
            )
        ) { }

    public override Task<int> RunAsync(
        CorpusSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.List)
        {
            CorpusTable.Write(console, settings.Arguments);
            return Task.FromResult(ExitCode.Success);
        }
        if (settings.Arguments.Count == 0)
            throw new UsageException("no SOURCE: add a folder of recordings, a recording or a manifest, or use --list");
        var rules = settings.Experiment.LabelRules;
        UsageException.ThrowIfAny([.. rules.Errors(), .. OutputErrors(settings)]);
        if (settings.Output is { } output)
            OutputFile.RequireWritable(output); // before hours of auditing
        var corpus = CorpusReader.Read(settings.Arguments, settings.Source);
        InvalidOptionsException.ThrowIfAny(rules.Check(corpus.Clips.Select(clip => clip.Label).OfType<string>()));
        // Clips of dropped classes are excluded; unlabeled clips are kept, since they can be extracted and predicted.
        Clip[] clips =
        [
            .. corpus
                .Clips.Where(clip => clip.Label is null || rules.Apply(clip.Label) is not null)
                .Select(clip => clip with { Label = clip.Label is null ? null : rules.Apply(clip.Label) }),
        ];
        RunIntroduction.WriteNotices(corpus.NoticeTexts, console);
        if (rules.DescribeDropped([.. corpus.Clips.Select(clip => clip.Label)]) is { } dropped)
            console.WriteNotice(dropped);
        var audit = console.Track("auditing", reportProgress => CorpusAudit.Audit(
                clips,
                new()
                {
                    Threads = settings.Experiment.Training.Threads,
                    Channel = settings.Channel,
                    Sources = corpus.Sources,
                    DetectsSpeech = settings.DetectsSpeech,
                },
                (audited, total) => reportProgress((double)audited / total, $"auditing {audited} of {total}"),
                cancellationToken
            ));
        PrintSummary(console, corpus with { Clips = clips }, audit);
        AuditOutput.WriteSpeakerClasses(console, clips);
        PrintFindings(console, audit);
        AuditOutput.WriteCorpusFindings(console, audit);
        if (settings.Output is { } path)
        {
            WriteManifest(path, clips, settings.DetectsSpeech ? audit.SpeechSeconds : null);
            console.WriteMessage($"wrote {path}");
        }
        RequireValidClips(audit.Errors.Count, clips.Length, settings.Experiment.MaxInvalidFraction);
        return Task.FromResult(ExitCode.Success);
    }

    // Before the recordings are read.
    private static IEnumerable<OptionError> OutputErrors(CorpusSettings settings)
    {
        if (settings.Output is { } path && !Manifest.CanWrite(path))
            yield return new(OptionKeys.Out, path, "expected a name that ends in .csv or .tsv");
    }

    private static void WriteManifest(string path, Clip[] clips, IReadOnlyList<double?>? speechSeconds)
    {
        try
        {
            Manifest.Write(path, clips, speechSeconds);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.CreateError(path, exception);
        }
    }

    private static void RequireValidClips(int invalid, int total, double maxFraction)
    {
        if (invalid > maxFraction * total)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{invalid} of {total} clips are invalid, more than {OptionKeys.MaxInvalidFraction} "
                        + $"{maxFraction:0.####} allows: exclude them, or fetch them again"
                )
            );
    }

    // One manifest made all segments.
    private static int GetMaxFindings(string name) => name == RecordingWarning.SegmentEnd ? 1 : MaxFindings;

    private static void PrintFindings(ConsoleOutput console, AuditReport audit)
    {
        foreach (var finding in audit.Errors)
            console.WriteResultText($"invalid  {finding.Path}: {Format(finding)}", DetailIndent);
        var counts = new Dictionary<string, int>();
        // Clips without speech last: in a corpus of tones or music, they would hide the others.
        foreach (var finding in audit.Warnings.OrderBy(finding => finding.Name == RecordingWarning.NoSpeech))
        {
            var count = counts[finding.Name] = counts.GetValueOrDefault(finding.Name) + 1;
            if (finding.Name.Length == 0 || count <= GetMaxFindings(finding.Name))
                console.WriteResultText($"warning  {finding.Path}: {Format(finding)}", DetailIndent);
        }
        foreach (var (name, total) in counts.Where(pair => pair.Key.Length > 0))
            if (total - GetMaxFindings(name) is > 0 and var more)
                console.WriteResultText($"warning  {name}: {CountText.Format(more, "more clip")}", DetailIndent);
    }

    private static string Format(AuditFinding finding) => OptionParser.FormatText(finding.Message);

    private static string FormatSpeech(AuditReport audit) =>
        audit.SpeechSeconds.OfType<double>().ToList() is { Count: > 0 } seconds
            ? string.Create(CultureInfo.InvariantCulture, $", {seconds.Sum() / 60:0.0} minutes of speech")
            : "";

    private static void PrintSummary(ConsoleOutput console, Corpus corpus, AuditReport audit)
    {
        var speakers = corpus.Clips.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
        console.WriteResultText(
            $"{corpus.Name}{(corpus.Synthetic ? " (synthetic)" : "")}: {CountText.Format(corpus.Clips.Count, "clip")}, "
                + $"{CountText.Format(speakers, "speaker")}, {audit.Seconds / 60:0.0} minutes, "
                + $"{audit.Errors.Count} invalid, "
                + $"{CountText.Format(audit.Warnings.Count, "warning")}{FormatSpeech(audit)}",
            indent: 0
        );
        var classes = corpus
            .Clips.GroupBy(clip => clip.Label ?? "(no label)")
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var label in classes)
        {
            var speakersOfLabel = label.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
            console.WriteResult(
                $"  {label.Key, -12} {label.Count(), 5} {(label.Count() == 1 ? "clip" : "clips")} of "
                    + CountText.Format(speakersOfLabel, "speaker")
            );
        }
        foreach (var citation in corpus.Citations)
        {
            console.WriteResultText($"cite     {citation.Corpus}: {citation.Reference}", DetailIndent);
            console.WriteResultText($"license  {citation.Corpus}: {citation.License}", DetailIndent);
        }
    }
}
