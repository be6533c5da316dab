using System.CommandLine;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.Cli.Commands;

/// <summary>Frames for every clip of some sources.</summary>
internal sealed class ExtractCommand : CliCommand
{
    private readonly Argument<string[]> sources;
    private readonly Option<string?> encoder, layers, output, format, precision, shard;
    private readonly Option<double> maxBad;
    private readonly Option<int> threads;

    public ExtractCommand() : base("extract", "Frames for every clip, in parallel; what is there already is not computed again.")
    {
        sources = Arguments("SOURCE", "folders of recordings, recordings, or manifests (.csv)");
        encoder = Flag<string?>("--encoder", $"what makes the frames: {string.Join(", ", EncoderCatalog.Names)}", null);
        layers = Flag<string?>("--layers", "which layers of a speech model", "");
        output = Flag<string?>("--out", "DIR: the store", null);
        format = Flag<string?>("--format", "store, or npz: one file a clip, as the original has it", "store");
        precision = Flag<string?>("--store_precision", "float16 or float32", "float16");
        shard = Flag<string?>("--shard", "I/N: takes every Nth clip from the Ith (from 0), to share the work", "0/1");
        maxBad = Flag("--max_bad", "the share of clips that may be bad", 0.01);
        threads = Flag("--threads", "clips at once", Environment.ProcessorCount);
    }

    public override int Run(ParseResult given, Shell shell, CancellationToken cancellationToken)
    {
        var options = Options(given);
        if (given.GetValue(encoder) is not { } name) throw new UsageException($"--encoder is missing: name one of {string.Join(", ", EncoderCatalog.Names)}");
        using var made = EncoderCatalog.Open(name, given.GetValue(layers) ?? "");
        var corpus = CorpusReader.Read(given.GetValue(sources)!);
        foreach (var note in corpus.Notes) shell.Say(note);
        Extract(shell, made, options, corpus, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Extracts with progress, and says what was bad or odd; the demo does the same.</summary>
    public static void Extract(Shell shell, IEncoder encoder, ExtractionOptions options, Corpus corpus, CancellationToken cancellationToken)
    {
        ExtractionReport report;
        try
        {
            report = shell.Track("extracting", move => new Extraction(encoder, options, TimeProvider.System).Run(
                corpus.Clips, corpus.Synthetic, new Direct<ExtractionProgress>(now => move((double)now.Seen / now.Total, $"{now.Seen} of {now.Total} clips, {now.Rate:0} x real time")), cancellationToken));
        }
        catch (TooManyBadException fault)
        {
            Remarks(shell, fault.Report);
            throw;
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException($"interrupted; what was done is kept in {options.Out}: the same command goes on from there");
        }
        Remarks(shell, report);
        shell.Print($"{report.Done} clips extracted, {report.AlreadyThere} were there, {report.Bad.Count} bad, {report.Warnings.Count} odd, {report.SecondsOfAudio / 60:0.0} minutes, in {options.Out}");
    }

    private static void Remarks(Shell shell, ExtractionReport report)
    {
        foreach (var remark in report.Bad) shell.Complain($"bad: {remark.Path}: {remark.What}");
        foreach (var remark in report.Warnings) shell.Say($"odd: {remark.Path}: {remark.What}");
    }

    private ExtractionOptions Options(ParseResult given)
    {
        if (given.GetValue(output) is not { Length: > 0 } folder) throw new UsageException("--out is missing: name the store's folder");
        var errors = new List<string>();
        StoreFormat kind = default;
        StorePrecision width = default;
        if (given.GetValue(format) is not ("store" or "npz")) errors.Add($"--format {given.GetValue(format)}: expected store or npz");
        else kind = given.GetValue(format) == "npz" ? StoreFormat.Npz : StoreFormat.Store;
        if (given.GetValue(precision) is not ("float16" or "float32")) errors.Add($"--store_precision {given.GetValue(precision)}: expected float16 or float32");
        else width = given.GetValue(precision) == "float32" ? StorePrecision.Float32 : StorePrecision.Float16;
        var parts = (given.GetValue(shard) ?? "").Split('/');
        int index = 0, count = 1;
        if (parts.Length != 2 || !int.TryParse(parts[0], out index) || !int.TryParse(parts[1], out count)) errors.Add($"--shard {given.GetValue(shard)}: expected I/N, as in 0/4");
        var options = new ExtractionOptions(folder) { Format = kind, Precision = width, MaxBad = given.GetValue(maxBad), Threads = given.GetValue(threads), Shard = index, Shards = count };
        errors.AddRange(options.Errors());
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }
}
