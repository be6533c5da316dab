using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>
/// Extracts the frames of clips into a store, in parallel. Stored frames are not recomputed: a recording with unchanged
/// size and time is not read, and a modified one is encoded again only if its samples changed.
/// </summary>
public sealed partial class FeatureExtractor
{
    private readonly IEncoder encoder;
    private readonly ExtractionOptions options;
    private readonly TimeProvider clock;
    private readonly Lock stateLock = new();
    private ExtractionWarnings warnings = new([], []);

    // Guarded by stateLock.
    private readonly StoredFrames storedFrames;
    private readonly SortedDictionary<int, ClipWarning> errors = [];
    private readonly ShardWriter writer;
    private int processed;
    private int written;
    private int alreadyStored;
    private int auditedAgain;
    private double seconds;
    private long frames;
    private TimeSpan encoderTime; // of all threads

    private NamedClips namedClips = new([], []);

    /// <summary>Creates an extractor for a single run; the caller disposes the encoder.</summary>
    /// <exception cref="InvalidInputException">The options are invalid; the message lists all errors.</exception>
    /// <exception cref="ArgumentException">The encoder's description is invalid; the message lists all
    /// errors.</exception>
    public FeatureExtractor(IEncoder encoder, ExtractionOptions options, TimeProvider clock)
    {
        InvalidOptionsException.ThrowIfAny(options.Errors());
        var descriptionErrors = encoder.Description.Errors().ToList();
        if (descriptionErrors.Count > 0)
            throw new ArgumentException(string.Join("; ", descriptionErrors), nameof(encoder));
        this.encoder = encoder;
        this.options = options;
        this.clock = clock;
        storedFrames = new StoredFrames(options.OutputDirectory, options.Format);
        writer = new ShardWriter(options, encoder.Description, clock);
    }

    /// <summary>Extracts this run's partition of the clips.</summary>
    /// <param name="synthetic">Whether the recordings are synthetic; saved in the store.</param>
    /// <exception cref="TooManyInvalidClipsException">
    /// More clips are invalid than the options allow; the valid ones have been written.
    /// </exception>
    /// <exception cref="InvalidInputException">
    /// The folder holds frames of another encoder, precision or format.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The encoder returned frames that differ from its description.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The caller canceled; completed clips have been written.
    /// </exception>
    public ExtractionReport Run(
        IReadOnlyList<Clip> clips,
        bool synthetic,
        IProgress<ExtractionProgress>? progress = null,
        CancellationToken cancellationToken = default
    ) => Run(new("", clips, [], synthetic), progress, cancellationToken);

    /// <summary>
    /// As the other method; records in the store which source names each clip, so that a clip that its sources do not
    /// name any more is left out of trainings.
    /// </summary>
    /// <param name="corpus">The clips, and the sources that name them.</param>
    public ExtractionReport Run(
        Corpus corpus,
        IProgress<ExtractionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(corpus);
        var clips = corpus.Clips;
        namedClips = new(clips, corpus.Sources);
        WritableFolder.Require(options.OutputDirectory, OptionKeys.Out);
        using var storeLock = options.Prune
            ? StoreLock.Prune(options.OutputDirectory)
            : StoreLock.Write(options.OutputDirectory);
        StoreJson.WriteOrCheck(options.OutputDirectory, new(encoder.Description, options.Precision, options.Format));
        SourceNames.Write(options.OutputDirectory, namedClips.Paths);
        storedFrames.Load();
        writer.Labels =
        [
            .. clips
                .Select(clip => clip.Label)
                .Concat(storedFrames.Labels)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        int[] clipsOfShard =
        [
            .. Enumerable.Range(0, clips.Count).Where(i => i % options.Partition.Count == options.Partition.Index - 1),
        ];
        warnings = new(clips, ClipOrigins.Find(clips, corpus.Sources));
        var start = clock.GetTimestamp();
        void Process(int index)
        {
            ProcessClip(index, clips[index], corpus.Synthetic, cancellationToken);
            ExtractionProgress snapshot;
            lock (stateLock)
            {
                writer.FlushIfOld();
                snapshot = new(++processed, clipsOfShard.Length, errors.Count, seconds, clock.GetElapsedTime(start));
            }
            progress?.Report(snapshot);
        }
        try
        {
            Parallel.ForEach(
                clipsOfShard,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = options.Threads,

                    CancellationToken = cancellationToken,
                },
                Process
            );
        }
        finally
        {
            lock (stateLock)
                writer.Flush();
        }
        UpdateUnnamedClips();
        var report = CreateReport(clipsOfShard.Length, clock.GetElapsedTime(start));
        return report.Errors.Count > options.MaxInvalidFraction * clipsOfShard.Length
                ? throw new TooManyInvalidClipsException(report, options.MaxInvalidFraction)
            : options.Prune ? Prune(report)
            : report;
    }

    private void ProcessClip(int index, Clip clip, bool synthetic, CancellationToken cancellationToken)
    {
        var entry = ShardIndexEntry.FromClip(clip, synthetic) with { Channel = clip.Channel ?? options.Channel };
        // The label of an .npz file is that of all sources; entries of known sources have their own.
        if (options.Format == StoreFormat.Npz && entry.Label is null)
            lock (stateLock)
                entry = entry with { Label = storedFrames.Find(entry)?.Merge().Label };
        try
        {
            ReuseOrCompute(index, clip, entry, cancellationToken);
        }
        catch (InvalidInputException exception)
        {
            var message = exception.TextWithout(clip.Path);
            lock (stateLock)
            {
                errors[index] = new(clip.Path, OptionText.Create($"{clip.SegmentText}{message}"));
                var invalid = entry with { Problem = message.ToString() };
                AddToIndex(namedClips.CreateEntries(invalid, storedFrames.Find(entry)));
            }
        }
    }

    private void ReuseOrCompute(int index, Clip clip, ShardIndexEntry entry, CancellationToken cancellationToken)
    {
        var file = new FileInfo(clip.Path);
        if (file.Exists)
            entry = entry with
            {
                Bytes = file.Length,

                ModifiedTicks = file.LastWriteTimeUtc.Ticks,
            };
        if (FindStored(index, clip, entry, file.Exists) is { } stored)
        {
            warnings.AddStored(index, stored.Seconds);
            Reuse(stored.WithValuesOf(entry));
            return;
        }
        var readOptions = clip.CreateReadOptions(options.Channel) with { MeasuresBandwidth = true };
        var waveform = AudioReader.Read(clip.Path, readOptions, cancellationToken);
        entry = entry with
        {
            Key = ComputeKey(waveform.Samples),

            Seconds = waveform.Seconds,

            Audit = warnings.Add(index, waveform),
        };
        Compute(entry, waveform, cancellationToken);
    }

    private void Reuse(ShardIndexEntry entry)
    {
        lock (stateLock)
        {
            seconds += entry.Seconds;
            var entries = namedClips.CreateEntries(entry, storedFrames.Find(entry));
            var merged = storedFrames.Find(entry)?.Merge();
            if (entries.All(storedFrames.Contains) || entries.All(added => merged?.HasValuesOf(added) == true))
                alreadyStored++;
            else
                written++; // new metadata for stored frames
            AddToIndex([.. entries.Where(added => !storedFrames.Contains(added))]);
        }
    }

    private void Compute(ShardIndexEntry entry, Waveform waveform, CancellationToken cancellationToken)
    {
        ShardIndexEntry? storedEntry;
        lock (stateLock)
            storedEntry = storedFrames.FindEqualSamples(entry);
        // Two threads with the same samples may both encode them; below, the second reuses the frames of the first.
        var matrix = storedEntry is null ? Encode(waveform.Samples, cancellationToken) : null;
        if (matrix is { Count: < NetworkOptions.MinFrames })
            throw new InvalidInputException(
                $"{matrix.Count} frames ({waveform.Seconds:0.###} s of audio), "
                    + $"expected at least {NetworkOptions.MinFrames}: exclude the clip"
            );
        lock (stateLock)
        {
            storedEntry ??= storedFrames.FindEqualSamples(entry);
            entry = storedEntry is not null
                ? entry with
                {
                    File = storedEntry.File,
                    Frames = storedEntry.Frames,
                }
                : entry with
                {
                    File = writer.Add(entry, matrix!),
                    Frames = matrix!.Count,
                };
            if (storedEntry is null)
                frames += matrix!.Count;
            else if (storedEntry.Audit is null)
                auditedAgain++;
            seconds += entry.Seconds;
            written++;
            AddToIndex(namedClips.CreateEntries(entry, storedFrames.Find(entry)));
        }
    }

    private FrameMatrix Encode(float[] samples, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var matrix = encoder.Encode(samples, cancellationToken);
        var elapsed = clock.GetElapsedTime(start);
        lock (stateLock)
            encoderTime += elapsed;
        matrix.ThrowIfInconsistent(encoder.Description);
        return matrix;
    }

    private long UtcTicks => clock.GetUtcNow().UtcTicks;

    private void AddToIndex(IReadOnlyList<ShardIndexEntry> entries)
    {
        if (entries.Any(storedFrames.HasOtherNames))
            changedClips++;
        foreach (var entry in entries)
        {
            var added = entry with { WrittenTicks = UtcTicks };
            storedFrames.Add(added);
            writer.Add(added);
        }
    }

    // Hash of everything the frames depend on: samples, encoder and precision. Part of the format: changing it would
    // recompute every store.
    private string ComputeKey(float[] samples)
    {
        var precision = options.Precision == StorePrecision.Float32 ? "Float32" : "Float16";
        var hash = new Sha256();
        hash.Append($"{encoder.Description.StoredText()}|{precision}|");
        hash.Append(samples);
        return hash.Finish();
    }
}
