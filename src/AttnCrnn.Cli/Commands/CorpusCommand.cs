using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>Reads and audits a corpus and writes its manifest.</summary>
internal sealed class CorpusCommand : CliCommand
{
    private readonly Argument<string[]> sources;
    private readonly Option<string?> output;
    private readonly Option<int> threads;
    private readonly LabelRuleOptions labels;

    public CorpusCommand()
        : base("corpus", "Read a corpus, folder or manifest, and audit it.")
    {
        sources = AddArguments("SOURCE", "Folders of recordings, recordings, or manifests (.csv).");
        output = AddOption<string?>("--out", "Write the manifest to this .csv file.", null);
        threads = AddThreadsOption("Number of recordings read in parallel.");
        labels = AddLabelRuleOptions();
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var rules = labels.Read(parseResult);
        var corpus = CorpusReader.Read(parseResult.GetValue(sources)!);
        var errors = rules.Check(corpus.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        // Clips of dropped classes are excluded; unlabeled clips are kept, since they can be extracted and predicted.
        Clip[] clips =
        [
            .. corpus
                .Clips.Where(clip => clip.Label is null || rules.Apply(clip.Label) is not null)
                .Select(clip => clip with { Label = clip.Label is null ? null : rules.Apply(clip.Label) }),
        ];
        foreach (var note in corpus.Notices)
            console.WriteMessage(note);
        var audit = console.Track("auditing", reportProgress =>
            CorpusAudit.Audit(
                clips,
                parseResult.GetValue(threads),
                (audited, total) => reportProgress((double)audited / total, $"auditing {audited} of {total}"),
                cancellationToken
            )
        );
        PrintSummary(console, corpus with { Clips = clips }, audit);
        foreach (var finding in audit.Errors)
            console.WriteResult($"invalid  {finding.Path}: {finding.Message}");
        foreach (var finding in audit.Warnings)
            console.WriteResult($"warning  {finding.Path}: {finding.Message}");
        if (parseResult.GetValue(output) is not { } path)
            return ExitCode.Success;
        Manifest.Write(path, clips);
        console.WriteMessage($"wrote {path}");
        return ExitCode.Success;
    }

    private static void PrintSummary(ConsoleOutput console, Corpus corpus, AuditReport audit)
    {
        var speakers = corpus.Clips.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
        console.WriteResult(
            $"{corpus.Name}{(corpus.Synthetic ? " (synthetic)" : "")}: {corpus.Clips.Count} clips, "
                + $"{speakers} speakers, {audit.Seconds / 60:0.0} minutes, "
                + $"{audit.Errors.Count} invalid, {audit.Warnings.Count} warnings"
        );
        var classes = corpus
            .Clips.GroupBy(clip => clip.Label ?? "(no label)")
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var label in classes)
        {
            var speakersOfLabel = label.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
            console.WriteResult($"  {label.Key, -12} {label.Count(), 5} clips of {speakersOfLabel} speakers");
        }
    }
}
