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

/// <summary>Extracts the features of every clip of the sources.</summary>
internal sealed class ExtractCommand : CliCommand
{
    private readonly Argument<string[]> sources;
    private readonly Option<string?> encoder;
    private readonly Option<string?> layers;
    private readonly Option<string?> revision;
    private readonly Option<string?> context;
    private readonly Option<string?> output;
    private readonly Option<string?> format;
    private readonly Option<string?> storePrecision;
    private readonly Option<string?> precision;
    private readonly Option<string?> device;
    private readonly Option<string?> shard;
    private readonly Option<double> maxInvalidFraction;
    private readonly Option<double?> chunk;
    private readonly Option<int> threads;
    private readonly Option<int?> shards;

    public ExtractCommand()
        : base(
            "extract",
            "Extract the features of every clip, in parallel; clips that are already in the store are skipped."
        )
    {
        sources = AddArguments("SOURCE", "Folders of recordings, recordings, or manifests (.csv).");
        encoder = AddOption<string?>("--encoder", $"Encoder: {EncoderCatalog.Names}.", EncoderCatalog.Default);
        layers = AddOption<string?>(
            "--layers",
            "Layers of a speech encoder: last, N, A-B (their mean) or all (for a learned weighted sum); "
                + "by default the middle layer of Whisper (tiny: 2, base: 3), or 4-8 of other encoders.",
            ""
        );
        revision = AddOption<string?>("--revision", "Branch, tag or commit of the encoder's repository.", null);
        context = AddOption<string?>(
            "--whisper_context",
            "Input of a Whisper encoder: clip, the clip at its own length, or padded, "
                + "with zeros to 30 s as published "
                + "(gives different features; ten times slower for a clip of 3.7 s); by default clip.",
            null
        );
        chunk = AddOption<double?>(
            "--chunk",
            "Maximum length of a chunk, in seconds; longer recordings are encoded in overlapping chunks; "
                + $"by default {SpeechOptions.DefaultChunkSeconds}, the maximum for Whisper.",
            null
        );
        precision = AddOption<string?>(
            "--precision",
            "Arithmetic of a speech encoder: float32, or int8, faster with an error of a few percent.",
            "float32"
        );
        device = AddOption<string?>(
            "--device",
            "Device of a speech encoder: cpu, or cuda, "
                + "which needs a build with ONNX Runtime's GPU package (docs/encoders.md).",
            "cpu"
        );
        output = AddOption<string?>("--out", "Folder of the store.", null);
        format = AddOption<string?>(
            "--format",
            "Output format: store, or npz, one file per clip as in the reference implementation.",
            "store"
        );
        storePrecision = AddOption<string?>(
            "--store_precision",
            "Type of the stored features: float16 or float32.",
            "float16"
        );
        shard = AddOption<string?>(
            "--shard",
            "Extract shard I of N (I/N, I from 1): every Nth clip, starting at the Ith; "
                + "auto: from the variables of Slurm or Kubernetes.",
            "1/1"
        );
        shards = AddOption<int?>(
            "--shards",
            "Number of shards, for --shard auto on a cluster that does not provide it (Kubernetes).",
            null
        );
        maxInvalidFraction = AddMaxInvalidFractionOption();
        threads = AddOption("--threads", "Number of clips encoded in parallel.", Environment.ProcessorCount);
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var options = ParseOptions(parseResult);
        var corpus = CorpusReader.Read(parseResult.GetValue(sources)!); // read before an encoder is downloaded
        using var openedEncoder = OpenEncoder(parseResult, console, cancellationToken);
        foreach (var note in corpus.Notices)
            console.WriteMessage(note);
        if (parseResult.GetValue(precision) == "int8")
            ReportInt8Error(parseResult, console, openedEncoder, corpus, cancellationToken);
        if (options.Partition != ClipPartition.All)
            console.WriteMessage($"shard {options.Partition.Index} of {options.Partition.Count}");
        Extraction.Run(console, openedEncoder, options, corpus, cancellationToken);
        return ExitCode.Success;
    }

    // One encoder thread per clip: clips are encoded in parallel.
    private IEncoder OpenEncoder(
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken,
        bool forceFloat32 = false
    )
    {
        var request = new EncoderRequest(
            parseResult.GetValue(encoder) ?? EncoderCatalog.Default,
            parseResult.GetValue(layers) ?? "",
            parseResult.GetValue(revision)
        )
        {
            Speech = new()
            {
                ChunkSeconds = parseResult.GetValue(chunk),
                Precision =
                    parseResult.GetValue(precision) == "int8" && !forceFloat32
                        ? SpeechPrecision.Int8
                        : SpeechPrecision.Float32,
                UseCuda = parseResult.GetValue(device) == "cuda",
                Context = ParseContext(parseResult.GetValue(context)),
            },
        };
        return console.Track("downloading", reportProgress =>
            EncoderCatalog.Open(
                request,
                console.WriteMessage,
                new InlineProgress<HubProgress>(progress =>
                    reportProgress(
                        (double)progress.Bytes / (progress.TotalBytes ?? Math.Max(1, progress.Bytes)),
                        $"{progress.File}, {progress.Bytes / 1e6:0} MB"
                    )
                ),
                cancellationToken
            )
        );
    }

    private static WhisperContext? ParseContext(string? text) =>
        text switch
        {
            "clip" => WhisperContext.Clip,
            "padded" => WhisperContext.Padded,
            _ => null,
        };

    // The int8 error depends on the checkpoint, so it is measured on the first readable clips of every extraction.
    private void ReportInt8Error(
        ParseResult parseResult,
        ConsoleOutput console,
        IEncoder int8Encoder,
        Corpus corpus,
        CancellationToken cancellationToken
    )
    {
        const int maxClips = 3;
        var waveforms = new List<float[]>();
        foreach (var clip in corpus.Clips)
        {
            if (waveforms.Count == maxClips)
                break;
            try
            {
                waveforms.Add(
                    AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, cancellationToken).Samples
                );
            }
            catch (InvalidInputException)
            {
                // Reported by the extraction.
            }
        }
        using var float32Encoder = OpenEncoder(parseResult, console, cancellationToken, forceFloat32: true);
        var errorPercent = 100 * Int8Error.ComputeRelativeRms(float32Encoder, int8Encoder, waveforms);
        console.WriteMessage(
            string.Create(CultureInfo.InvariantCulture, $"int8: relative RMS error of the frames {errorPercent:0.0}%")
                + $" (compared with float32, on the first {waveforms.Count} readable clips)"
        );
    }

    /// <summary>Validates a command line for another machine, on which its sources are.</summary>
    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    public void CheckForRemote(ParseResult parseResult)
    {
        ParseOptions(parseResult);
        foreach (var source in parseResult.GetValue(sources)!.Where(source => !Path.IsPathRooted(source)))
            throw new UsageException($"extract: {source}: expected an absolute path on the other machine");
    }

    private ExtractionOptions ParseOptions(ParseResult parseResult)
    {
        if (parseResult.GetValue(output) is not { Length: > 0 } folder)
            throw new UsageException("--out is missing: add the folder of the store");
        List<string> errors = [.. FindChoiceErrors(parseResult)];
        var shardSpec = ClipPartition.All;
        try
        {
            shardSpec = ClipPartition.Parse(
                parseResult.GetValue(shard) ?? "1/1",
                parseResult.GetValue(shards),
                Environment.GetEnvironmentVariable
            );
        }
        catch (InvalidInputException exception)
        {
            errors.Add(exception.Message);
        }
        var options = new ExtractionOptions(folder)
        {
            Format = parseResult.GetValue(format) == "npz" ? StoreFormat.Npz : StoreFormat.Store,
            Precision =
                parseResult.GetValue(storePrecision) == "float32" ? StorePrecision.Float32 : StorePrecision.Float16,
            MaxInvalidFraction = parseResult.GetValue(maxInvalidFraction),
            Threads = parseResult.GetValue(threads),
            Partition = shardSpec,
        };
        errors.AddRange(options.Errors());
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }

    private IEnumerable<string> FindChoiceErrors(ParseResult parseResult)
    {
        if (parseResult.GetValue(format) is not ("store" or "npz"))
            yield return $"--format {parseResult.GetValue(format)}: expected store or npz";
        if (parseResult.GetValue(storePrecision) is not ("float16" or "float32"))
            yield return $"--store_precision {parseResult.GetValue(storePrecision)}: expected float16 or float32";
        if (parseResult.GetValue(precision) is not ("float32" or "int8"))
            yield return $"--precision {parseResult.GetValue(precision)}: expected float32 or int8";
        if (parseResult.GetValue(context) is not (null or "clip" or "padded"))
            yield return $"--whisper_context {parseResult.GetValue(context)}: expected clip or padded";
        if (parseResult.GetValue(device) is not ("cpu" or "cuda"))
            yield return $"--device {parseResult.GetValue(device)}: expected cpu or cuda";
    }
}
