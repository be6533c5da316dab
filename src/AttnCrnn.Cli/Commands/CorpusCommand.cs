using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>Reads a corpus, audits it, and writes its manifest.</summary>
internal sealed class CorpusCommand : CliCommand
{
    private readonly Argument<string[]> sources;
    private readonly Option<string?> output;
    private readonly Option<int> threads;
    private readonly LabelFlags labels;

    public CorpusCommand()
        : base("corpus", "Reads a corpus, folder or manifest, and audits it.")
    {
        sources = Arguments("SOURCE", "folders of recordings, recordings, or manifests (.csv)");
        output = Flag<string?>("--out", "FILE.csv: writes the manifest", null);
        threads = Threads("recordings read at once");
        labels = LabelFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var rules = labels.Read(given);
        var corpus = CorpusReader.Read(given.GetValue(sources)!);
        var wrong = rules.Check(corpus.Clips.Select(clip => clip.Label).OfType<string>()).ToList();
        if (wrong.Count > 0)
            throw new InvalidInputException(string.Join("; ", wrong));
        // A clip whose class is left out goes; one that has no label stays: it can be extracted and predicted.
        Clip[] clips =
        [
            .. corpus
                .Clips.Where(clip => clip.Label is null || rules.Apply(clip.Label) is not null)
                .Select(clip => clip with { Label = clip.Label is null ? null : rules.Apply(clip.Label) }),
        ];
        foreach (var note in corpus.Notes)
            console.Info(note);
        var audit = console.Track("auditing", move =>
            CorpusAudit.Audit(
                clips,
                given.GetValue(threads),
                (seen, all) => move((double)seen / all, $"auditing {seen} of {all}"),
                cancellationToken
            )
        );
        Table(console, corpus with { Clips = clips }, audit);
        foreach (var remark in audit.Errors)
            console.Result($"bad      {remark.Path}: {remark.Message}");
        foreach (var remark in audit.Warnings)
            console.Result($"odd      {remark.Path}: {remark.Message}");
        if (given.GetValue(output) is not { } path)
            return ExitCode.Done;
        Manifest.Write(path, clips);
        console.Info($"wrote {path}");
        return ExitCode.Done;
    }

    private static void Table(ConsoleOutput console, Corpus corpus, AuditReport audit)
    {
        var speakers = corpus.Clips.Select(clip => clip.Speaker).OfType<string>().Distinct().Count();
        console.Result(
            $"{corpus.Name}{(corpus.Synthetic ? " (synthetic)" : "")}: {corpus.Clips.Count} clips, {speakers} speakers, {audit.Seconds / 60:0.0} minutes, {audit.Errors.Count} bad, {audit.Warnings.Count} odd"
        );
        foreach (
            var label in corpus
                .Clips.GroupBy(clip => clip.Label ?? "(no label)")
                .OrderBy(grouping => grouping.Key, StringComparer.Ordinal)
        )
            console.Result(
                $"  {label.Key, -12} {label.Count(), 5} clips of {label.Select(clip => clip.Speaker).OfType<string>().Distinct().Count()} speakers"
            );
    }
}
