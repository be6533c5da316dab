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
    private readonly LabelFlags labels;

    public CorpusCommand()
        : base("corpus", "Read a corpus, folder or manifest, and audit it.")
    {
        sources = Arguments("SOURCE", "Folders of recordings, recordings, or manifests (.csv).");
        output = Flag<string?>("--out", "Write the manifest to this .csv file.", null);
        threads = Threads("Number of recordings read in parallel.");
        labels = LabelFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var rules = labels.Read(given);
        var corpus = CorpusReader.Read(given.GetValue(sources)!);
        var errors = rules.Check(corpus.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        // Clips of dropped classes are left out; unlabeled clips stay, since they can be extracted and predicted.
        Clip[] clips =
        [
            .. corpus
                .Clips.Where(clip => clip.Label is null || rules.Apply(clip.Label) is not null)
                .Select(clip => clip with { Label = clip.Label is null ? null : rules.Apply(clip.Label) }),
        ];
        foreach (var note in corpus.Notices)
            console.Info(note);
        var audit = console.Track("auditing", move =>
            CorpusAudit.Audit(
                clips,
                given.GetValue(threads),
                (seen, all) => move((double)seen / all, $"auditing {seen} of {all}"),
                cancellationToken
            )
        );
        PrintSummary(console, corpus with { Clips = clips }, audit);
        foreach (var finding in audit.Errors)
            console.Result($"invalid  {finding.Path}: {finding.Message}");
        foreach (var finding in audit.Warnings)
            console.Result($"warning  {finding.Path}: {finding.Message}");
        if (given.GetValue(output) is not { } path)
            return ExitCode.Done;
        Manifest.Write(path, clips);
        console.Info($"wrote {path}");
        return ExitCode.Done;
    }

    private static void PrintSummary(ConsoleOutput console, Corpus corpus, AuditReport audit)
    {
        var speakers = corpus.Clips.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
        console.Result(
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
            console.Result($"  {label.Key, -12} {label.Count(), 5} clips of {speakersOfLabel} speakers");
        }
    }
}
