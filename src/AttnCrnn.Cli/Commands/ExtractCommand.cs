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
        : base("extract", "Extract the features of every clip, in parallel; clips that are in the store are skipped.")
    {
        sources = Arguments("SOURCE", "Folders of recordings, recordings, or manifests (.csv).");
        encoder = Flag<string?>("--encoder", $"Encoder: {EncoderCatalog.Names}.", EncoderCatalog.Default);
        layers = Flag<string?>(
            "--layers",
            "Layers of a speech encoder: last, N, A-B (their mean) or all (for a learned mix); "
                + "by default the middle layer of Whisper (tiny: 2, base: 3), 4-8 of others.",
            ""
        );
        revision = Flag<string?>("--revision", "Branch, tag or commit of the encoder's repository.", null);
        context = Flag<string?>(
            "--whisper_context",
            "Input of a Whisper encoder: clip, the clip at its own length, or padded, "
                + "with zeros up to 30 s as published "
                + "(other features, ten times slower for a clip of 3.7 s); by default clip.",
            null
        );
        chunk = Flag<double?>(
            "--chunk",
            "Maximum length of a chunk, in seconds; longer recordings are encoded in overlapping chunks; "
                + $"by default {SpeechOptions.DefaultChunkSeconds}, the maximum for Whisper.",
            null
        );
        precision = Flag<string?>(
            "--precision",
            "Arithmetic of a speech encoder: float32, or int8, faster with an error of a few percent.",
            "float32"
        );
        device = Flag<string?>(
            "--device",
            "Device of a speech encoder: cpu, or cuda, "
                + "which needs a build with ONNX Runtime's GPU package (docs/encoders.md).",
            "cpu"
        );
        output = Flag<string?>("--out", "Folder of the store.", null);
        format = Flag<string?>(
            "--format",
            "Output format: store, or npz, one file per clip as in the reference implementation.",
            "store"
        );
        storePrecision = Flag<string?>(
            "--store_precision",
            "Type of the stored features: float16 or float32.",
            "float16"
        );
        shard = Flag<string?>(
            "--shard",
            "Extract shard I of N (I/N, I from 1): every Nth clip, starting at the Ith; "
                + "auto: from the variables of Slurm or Kubernetes.",
            "1/1"
        );
        shards = Flag<int?>(
            "--shards",
            "Number of shards, for --shard auto on a cluster that does not provide it (Kubernetes).",
            null
        );
        maxInvalidFraction = MaxInvalidFraction();
        threads = Flag("--threads", "Number of clips encoded in parallel.", Environment.ProcessorCount);
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var options = Options(given);
        var corpus = CorpusReader.Read(given.GetValue(sources)!); // read before an encoder is downloaded
        using var opened = Open(given, console, cancellationToken);
        foreach (var note in corpus.Notices)
            console.Info(note);
        if (given.GetValue(precision) == "int8")
            ReportInt8Error(given, console, opened, corpus, cancellationToken);
        if (options.Partition != ClipPartition.All)
            console.Info($"shard {options.Partition.Index} of {options.Partition.Count}");
        Extraction.Run(console, opened, options, corpus, cancellationToken);
        return ExitCode.Done;
    }

    // Clips are encoded in parallel, each on one thread.
    private IEncoder Open(
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken,
        bool forceFloat32 = false
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
                    given.GetValue(precision) == "int8" && !forceFloat32
                        ? SpeechPrecision.Int8
                        : SpeechPrecision.Float32,
                UseCuda = given.GetValue(device) == "cuda",
                Context = ParseContext(given.GetValue(context)),
            },
        };
        return console.Track("downloading", move =>
            EncoderCatalog.Open(
                request,
                console.Info,
                new InlineProgress<HubProgress>(now =>
                    move(
                        (double)now.Bytes / (now.TotalBytes ?? Math.Max(1, now.Bytes)),
                        $"{now.File}, {now.Bytes / 1e6:0} MB"
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
        ParseResult given,
        ConsoleOutput console,
        IEncoder int8,
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
        using var float32 = Open(given, console, cancellationToken, forceFloat32: true);
        console.Info(
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8: frames are {100 * Int8Error.ComputeRelativeRms(float32, int8, waveforms):0.0}% from float32"
            ) + $" (root mean square, on the first {waveforms.Count} readable clips)"
        );
    }

    /// <summary>Validates a command line for another machine, on which its sources are.</summary>
    /// <exception cref="UsageException">An option is invalid; the message lists all errors.</exception>
    public void CheckForRemote(ParseResult given)
    {
        Options(given);
        foreach (var source in given.GetValue(sources)!.Where(source => !Path.IsPathRooted(source)))
            throw new UsageException($"extract: {source}: give recordings on another machine by their whole path");
    }

    private ExtractionOptions Options(ParseResult given)
    {
        if (given.GetValue(output) is not { Length: > 0 } folder)
            throw new UsageException("--out is missing: give the folder of the store");
        List<string> errors = [.. FindChoiceErrors(given)];
        var shardSpec = ClipPartition.All;
        try
        {
            shardSpec = ClipPartition.Parse(
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
            Format = given.GetValue(format) == "npz" ? StoreFormat.Npz : StoreFormat.Store,
            Precision = given.GetValue(storePrecision) == "float32" ? StorePrecision.Float32 : StorePrecision.Float16,
            MaxInvalidFraction = given.GetValue(maxInvalidFraction),
            Threads = given.GetValue(threads),
            Partition = shardSpec,
        };
        errors.AddRange(options.Errors());
        return errors.Count == 0 ? options : throw new UsageException(string.Join("; ", errors));
    }

    private IEnumerable<string> FindChoiceErrors(ParseResult given)
    {
        if (given.GetValue(format) is not ("store" or "npz"))
            yield return $"--format {given.GetValue(format)}: expected store or npz";
        if (given.GetValue(storePrecision) is not ("float16" or "float32"))
            yield return $"--store_precision {given.GetValue(storePrecision)}: expected float16 or float32";
        if (given.GetValue(precision) is not ("float32" or "int8"))
            yield return $"--precision {given.GetValue(precision)}: expected float32 or int8";
        if (given.GetValue(context) is not (null or "clip" or "padded"))
            yield return $"--whisper_context {given.GetValue(context)}: expected clip or padded";
        if (given.GetValue(device) is not ("cpu" or "cuda"))
            yield return $"--device {given.GetValue(device)}: expected cpu or cuda";
    }
}
