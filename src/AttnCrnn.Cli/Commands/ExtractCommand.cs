using System.CommandLine;
using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Whisper;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Cli.Commands;

/// <summary>Frames for every clip of some sources.</summary>
internal sealed class ExtractCommand : CliCommand
{
    private readonly Argument<string[]> sources;
    private readonly Option<string?> encoder,
        layers,
        revision,
        context,
        output,
        format,
        storePrecision,
        precision,
        device,
        shard;
    private readonly Option<double> maxBad;
    private readonly Option<double?> chunk;
    private readonly Option<int> threads;
    private readonly Option<int?> shards;

    public ExtractCommand()
        : base("extract", "Frames for every clip, in parallel; what is there already is not computed again.")
    {
        sources = Arguments("SOURCE", "folders of recordings, recordings, or manifests (.csv)");
        encoder = Flag<string?>("--encoder", $"what makes the frames: {EncoderCatalog.Names}", EncoderCatalog.Default);
        layers = Flag<string?>(
            "--layers",
            "of a speech model: last, N, A-B (their mean) or all (for a mix that is learned); by default half of Whisper's layers (tiny: 2, base: 3), 4-8 of others",
            ""
        );
        revision = Flag<string?>("--revision", "branch, tag or commit of the repository", null);
        context = Flag<string?>(
            "--whisper_context",
            "clip: a Whisper encoder sees the clip by itself; padded: with silence up to 30 s, as published, which is another encoder and, for a clip of 3.7 s, ten times the work; by default clip",
            null
        );
        chunk = Flag<double?>(
            "--chunk",
            $"S: longer recordings go through a speech model in overlapping pieces; by default {SpeechOptions.DefaultChunkSeconds}, which is the most for Whisper",
            null
        );
        precision = Flag<string?>(
            "--precision",
            "of a speech model's arithmetic: float32, or int8, faster and a few per cent off",
            "float32"
        );
        device = Flag<string?>(
            "--device",
            "cpu, or cuda, which needs a build with ONNX Runtime's GPU package (docs/encoders.md)",
            "cpu"
        );
        output = Flag<string?>("--out", "DIR: the store", null);
        format = Flag<string?>("--format", "store, or npz: one file a clip, as the original has it", "store");
        storePrecision = Flag<string?>("--store_precision", "float16 or float32", "float16");
        shard = Flag<string?>(
            "--shard",
            "I/N: takes every Nth clip from the Ith on (from 1), to share the work; auto: from Slurm's or Kubernetes' variables",
            "1/1"
        );
        shards = Flag<int?>(
            "--shards",
            "N: with --shard auto where the cluster does not say of how many (Kubernetes)",
            null
        );
        maxBad = Flag("--max_bad", "the share of clips that may be bad", 0.01);
        threads = Flag("--threads", "clips at once", Environment.ProcessorCount);
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var options = Options(given);
        var corpus = CorpusReader.Read(given.GetValue(sources)!); // before anything is fetched for it
        using var made = Open(given, console, cancellationToken);
        foreach (var note in corpus.Notes)
            console.Info(note);
        if (given.GetValue(precision) == "int8")
            ReportInt8Error(given, console, made, corpus, cancellationToken);
        if (options.Shard != ShardSpec.All)
            console.Info($"shard {options.Shard.Index} of {options.Shard.Count}");
        Extract(console, made, options, corpus, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Extracts with progress, and says what was bad or odd; the demo does the same.</summary>
    public static void Extract(
        ConsoleOutput console,
        IEncoder encoder,
        ExtractionOptions options,
        Corpus corpus,
        CancellationToken cancellationToken
    )
    {
        console.Info($"encoder  {encoder.Description}");
        ExtractionReport report;
        try
        {
            report = console.Track("extracting", move =>
                new FeatureExtractor(encoder, options, TimeProvider.System).Run(
                    corpus.Clips,
                    corpus.Synthetic,
                    new InlineProgress<ExtractionProgress>(now =>
                        move((double)now.Seen / now.Total, $"{now.Seen} of {now.Total} clips, {now.Rate:0} x real time")
                    ),
                    cancellationToken
                )
            );
        }
        catch (TooManyInvalidClipsException fault)
        {
            Remarks(console, fault.Report);
            throw;
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; what was done is kept in {options.OutputDirectory}: the same command goes on from there"
            );
        }
        Remarks(console, report);
        console.Result(
            $"{report.Done} clips extracted, {report.AlreadyThere} were there, {report.Errors.Count} bad, {report.Warnings.Count} odd, {report.SecondsOfAudio / 60:0.0} minutes, in {options.OutputDirectory}"
        );
        if (report.Frames > 0)
            console.Info(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Elapsed.TotalSeconds:0.0} s, {report.EncoderShare:0%} of it in the encoder"
                )
            );
    }

    // Clips go side by side, so each has one thread.
    private IEncoder Open(
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken,
        bool exact = false
    )
    {
        var request = new EncoderRequest(
            given.GetValue(encoder) ?? EncoderCatalog.Default,
            given.GetValue(layers) ?? "",
            given.GetValue(revision)
        )
        {
            Speech = new()
            {
                ChunkSeconds = given.GetValue(chunk),
                Precision =
                    given.GetValue(precision) == "int8" && !exact ? SpeechPrecision.Int8 : SpeechPrecision.Float32,
                UseCuda = given.GetValue(device) == "cuda",
                Context = ContextOf(given.GetValue(context)),
            },
        };
        return console.Track("fetching", move =>
            EncoderCatalog.Open(
                request,
                console.Info,
                new InlineProgress<HubProgress>(now =>
                    move(
                        (double)now.Bytes / (now.OfBytes ?? Math.Max(1, now.Bytes)),
                        $"{now.File}, {now.Bytes / 1e6:0} MB"
                    )
                ),
                cancellationToken
            )
        );
    }

    private static WhisperContext? ContextOf(string? text) =>
        text switch
        {
            "clip" => WhisperContext.Clip,
            "padded" => WhisperContext.Padded,
            _ => null,
        };

    // What eight bits cost depends on the checkpoint, so it is measured on the first clips at hand each time a store is made.
    private void ReportInt8Error(
        ParseResult given,
        ConsoleOutput console,
        IEncoder quantised,
        Corpus corpus,
        CancellationToken cancellationToken
    )
    {
        const int max = 3;
        var waveforms = new List<float[]>();
        foreach (var clip in corpus.Clips)
        {
            if (waveforms.Count == max)
                break;
            try
            {
                waveforms.Add(
                    AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, cancellationToken).Samples
                );
            }
            catch (InvalidInputException)
            {
                // The extraction will say what is wrong with it.
            }
        }
        using var exact = Open(given, console, cancellationToken, exact: true);
        console.Info(
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8: frames are {100 * Int8Error.RelativeRms(exact, quantised, waveforms):0.0}% from float32 (root mean square, on the first {waveforms.Count} clips that can be read)"
            )
        );
    }

    private static void Remarks(ConsoleOutput console, ExtractionReport report)
    {
        foreach (var remark in report.Errors)
            console.Error($"bad: {remark.Path}: {remark.Message}");
        foreach (var remark in report.Warnings)
            console.Info($"odd: {remark.Path}: {remark.Message}");
    }

    /// <summary>Sees that a command line can extract on another machine, where its sources are.</summary>
    /// <exception cref="UsageException">The message says all that is wrong.</exception>
    public void CheckElsewhere(ParseResult given)
    {
        Options(given);
        foreach (var source in given.GetValue(sources)!.Where(source => !Path.IsPathRooted(source)))
            throw new UsageException($"extract: {source}: name recordings on another machine by their whole path");
    }

    private ExtractionOptions Options(ParseResult given)
    {
        if (given.GetValue(output) is not { Length: > 0 } folder)
            throw new UsageException("--out is missing: name the store's folder");
        var errors = new List<string>();
        StoreFormat kind = default;
        StorePrecision width = default;
        if (given.GetValue(format) is not ("store" or "npz"))
            errors.Add($"--format {given.GetValue(format)}: expected store or npz");
        else
            kind = given.GetValue(format) == "npz" ? StoreFormat.Npz : StoreFormat.Store;
        if (given.GetValue(storePrecision) is not ("float16" or "float32"))
            errors.Add($"--store_precision {given.GetValue(storePrecision)}: expected float16 or float32");
        else
            width = given.GetValue(storePrecision) == "float32" ? StorePrecision.Float32 : StorePrecision.Float16;
        if (given.GetValue(precision) is not ("float32" or "int8"))
            errors.Add($"--precision {given.GetValue(precision)}: expected float32 or int8");
        if (given.GetValue(context) is not (null or "clip" or "padded"))
            errors.Add($"--whisper_context {given.GetValue(context)}: expected clip or padded");
        if (given.GetValue(device) is not ("cpu" or "cuda"))
            errors.Add($"--device {given.GetValue(device)}: expected cpu or cuda");
        var probability = ShardSpec.All;
        try
        {
            probability = ShardSpec.Parse(
                given.GetValue(shard) ?? "1/1",
                given.GetValue(shards),
                Environment.GetEnvironmentVariable
            );
        }
        catch (InvalidInputException fault)
        {
            errors.Add(fault.Message);
        }
        var options = new ExtractionOptions(folder)
        {
            Format = kind,
            Precision = width,
            MaxInvalidFraction = given.GetValue(maxBad),
            Threads = given.GetValue(threads),
            Shard = probability,
        };
        errors.AddRange(options.Errors());
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }
}
