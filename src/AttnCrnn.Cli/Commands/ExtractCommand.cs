using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Features;
using AttnCrnn.Features.Shards;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Cli.Commands;

/// <summary>Extracts the features of every clip of the sources.</summary>
internal sealed class ExtractCommand : OptionCommand<ExtractSettings>
{
    public ExtractCommand()
        : base(
            "extract",
            "Extract the features of every clip, in parallel; clips that are already in the store are skipped.",
            ExtractSettings.Options,
            new("SOURCE…", "Folders of recordings, recordings, or manifests (.csv, .tsv, .txt, .jsonl, .json).")
        ) { }

    public override async Task<int> RunAsync(
        ExtractSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var options = CreateOptions(settings);
        var corpus = CorpusReader.Read(settings.Arguments, settings.Source); // read before an encoder is downloaded
        using var openedEncoder = await OpenEncoderAsync(settings, console, cancellationToken).ConfigureAwait(false);
        RunIntroduction.WriteNotices(corpus.NoticeTexts, console);
        if (settings.Precision == SpeechPrecision.Int8)
            await ReportInt8ErrorAsync(settings, console, openedEncoder, corpus, cancellationToken)
                .ConfigureAwait(false);
        if (options.Partition != ClipPartition.All)
            console.WriteMessage($"shard {options.Partition.Index} of {options.Partition.Count}");
        Extraction.Run(console, openedEncoder, options, corpus, cancellationToken);
        return ExitCode.Success;
    }

    /// <summary>The options of the extraction.</summary>
    /// <exception cref="UsageException">An option is invalid or missing.</exception>
    public static ExtractionOptions CreateOptions(ExtractSettings settings)
    {
        if (settings.Output is not { Length: > 0 } folder)
            throw new UsageException("--out is missing: add the folder of the store");
        var options = new ExtractionOptions(folder)
        {
            Format = settings.Format,
            Precision = settings.StorePrecision,
            MaxInvalidFraction = settings.Experiment.MaxInvalidFraction,
            Threads = settings.Experiment.Training.Threads,
            Channel = settings.Channel,
            Partition = ParsePartition(settings),
            Prune = settings.Prune,
        };
        UsageException.ThrowIfAny([.. options.Errors()]);
        return options;
    }

    private static ClipPartition ParsePartition(ExtractSettings settings)
    {
        try
        {
            return ClipPartition.Parse(settings.Shard, settings.Shards, Environment.GetEnvironmentVariable);
        }
        catch (InvalidInputException exception)
        {
            throw new UsageException(exception.Text.Format(OptionParser.FormatKey));
        }
    }

    // One encoder thread per clip: clips are encoded in parallel.
    private static async Task<IEncoder> OpenEncoderAsync(
        ExtractSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var request = new EncoderRequest(settings.Encoder, settings.Layers, settings.Revision)
        {
            Speech = new()
            {
                ChunkSeconds = settings.ChunkSeconds,
                Precision = settings.Precision,
                UseCuda = settings.UseCuda,
                Context = settings.Context,
            },
        };
        return await console
            .TrackAsync("downloading", reportProgress =>
                EncoderCatalog.OpenAsync(
                    request,
                    console.WriteNotice,
                    new InlineProgress<HubProgress>(progress =>
                        reportProgress(
                            (double)progress.Bytes / (progress.TotalBytes ?? Math.Max(1, progress.Bytes)),
                            $"{progress.File}, {progress.Bytes / 1e6:0} MB"
                        )
                    ),
                    cancellationToken
                )
            )
            .ConfigureAwait(false);
    }

    // The int8 error depends on the checkpoint, so it is measured on the first readable clips of every extraction.
    private static async Task ReportInt8ErrorAsync(
        ExtractSettings settings,
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
                var options = clip.CreateReadOptions(settings.Channel);
                waveforms.Add(AudioReader.Read(clip.Path, options, cancellationToken).Samples);
            }
            catch (InvalidInputException)
            {
                // Reported by the extraction.
            }
        }
        var float32Settings = settings with { Precision = SpeechPrecision.Float32 };
        using var float32Encoder = await OpenEncoderAsync(float32Settings, console, cancellationToken)
            .ConfigureAwait(false);
        var errorPercent = 100 * Int8Error.ComputeRelativeRms(float32Encoder, int8Encoder, waveforms);
        console.WriteMessage(
            string.Create(CultureInfo.InvariantCulture, $"int8: relative RMS error of the frames {errorPercent:0.0}%")
                + $" (compared with float32, on the first {waveforms.Count} readable clips)"
        );
    }
}
