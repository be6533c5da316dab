using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Shards;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.Features;

/// <summary>
/// Extracts the frames of clips into a store, in parallel. Stored frames are not recomputed: a recording with unchanged
/// size and time is not read, and one that was changed is encoded only if its samples are new.
/// </summary>
public sealed class FeatureExtractor
{
    private readonly IEncoder encoder;
    private readonly ExtractionOptions options;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();

    // Guarded by the gate.
    private readonly StoredFrames stored;
    private readonly SortedDictionary<int, ClipWarning> errors = [];
    private readonly SortedDictionary<int, List<ClipWarning>> warnings = [];
    private readonly ShardWriter writer;
    private int processed;
    private int written;
    private int alreadyStored;
    private double seconds;
    private long frames;
    private TimeSpan encoderTime; // of all threads

    /// <summary>Creates an extractor for a single run; the caller disposes the encoder.</summary>
    /// <exception cref="InvalidInputException">The options are invalid; the message lists all errors.</exception>
    public FeatureExtractor(IEncoder encoder, ExtractionOptions options, TimeProvider clock)
    {
        var errors = options.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidInputException(string.Join("; ", errors));
        this.encoder = encoder;
        this.options = options;
        this.clock = clock;
        stored = new StoredFrames(options.Format);
        writer = new ShardWriter(options, encoder.Description, clock);
    }

    /// <summary>Extracts this run's shard of the clips.</summary>
    /// <param name="synthetic">Whether the recordings are synthetic; saved in the store.</param>
    /// <exception cref="TooManyInvalidClipsException">
    /// More clips are invalid than the options allow; the valid ones have been written.
    /// </exception>
    /// <exception cref="InvalidInputException">
    /// The folder holds frames of another encoder, precision or format.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// The caller cancelled; completed clips have been written.
    /// </exception>
    public ExtractionReport Run(
        IReadOnlyList<Clip> clips,
        bool synthetic,
        IProgress<ExtractionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        Directory.CreateDirectory(options.OutputDirectory);
        StoreJson.WriteOrCheck(options.OutputDirectory, new(encoder.Description, options.Precision, options.Format));
        stored.Load(options.OutputDirectory);
        writer.Labels =
        [
            .. clips
                .Select(clip => clip.Label)
                .Concat(stored.Labels)
                .OfType<string>()
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
        int[] clipsOfShard =
        [
            .. Enumerable.Range(0, clips.Count).Where(i => i % options.Shard.Count == options.Shard.Index - 1),
        ];
        var start = clock.GetTimestamp();
        void Process(int index)
        {
            ProcessClip(index, clips[index], synthetic, cancellationToken);
            ExtractionProgress now;
            lock (gate)
            {
                writer.FlushIfOld();
                now = new(++processed, clipsOfShard.Length, errors.Count, seconds, clock.GetElapsedTime(start));
            }
            progress?.Report(now);
        }
        try
        {
            Parallel.ForEach(
                clipsOfShard,
                new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellationToken },
                Process
            );
        }
        finally
        {
            lock (gate)
                writer.Flush();
        }
        var report = CreateReport(clipsOfShard.Length, clock.GetElapsedTime(start));
        return report.Errors.Count > options.MaxInvalidFraction * clipsOfShard.Length
            ? throw new TooManyInvalidClipsException(report, options.MaxInvalidFraction)
            : report;
    }

    private ExtractionReport CreateReport(int clips, TimeSpan elapsed)
    {
        var threads = Math.Min(options.Threads, Math.Max(1, clips));
        return new(
            clips,
            written,
            alreadyStored,
            [.. errors.Values],
            [.. warnings.Values.SelectMany(list => list)],
            seconds,
            frames,
            elapsed,
            EncoderTimeFraction: elapsed > TimeSpan.Zero ? encoderTime / (elapsed * threads) : 0
        );
    }

    private void ProcessClip(int index, Clip clip, bool synthetic, CancellationToken cancellationToken)
    {
        var entry = ShardIndexEntry.FromClip(clip, synthetic);
        try
        {
            ReuseOrCompute(index, clip, entry, cancellationToken);
        }
        catch (InvalidInputException fault)
        {
            var message = fault.MessageWithout(clip.Path);
            lock (gate)
            {
                errors[index] = new(clip.Path, message);
                writer.Add(entry with { WrittenTicks = Now, Problem = message });
            }
        }
    }

    private void ReuseOrCompute(int index, Clip clip, ShardIndexEntry entry, CancellationToken cancellationToken)
    {
        var file = new FileInfo(clip.Path);
        if (file.Exists)
            entry = entry with { Bytes = file.Length, ModifiedTicks = file.LastWriteTimeUtc.Ticks };
        ShardIndexEntry? unchanged;
        lock (gate)
            unchanged = stored.FindUnchanged(entry);
        if (unchanged is not null)
        {
            var updated = unchanged with
            {
                Label = entry.Label,
                Speaker = entry.Speaker,
                Split = entry.Split,
                Synthetic = entry.Synthetic,
            };
            Reuse(unchanged, updated);
            return;
        }
        var waveform = AudioReader.Read(clip.Path, clip.StartSeconds, clip.EndSeconds, cancellationToken);
        entry = entry with { Key = KeyOf(waveform.Samples), Seconds = waveform.Seconds };
        AddWarnings(index, clip, waveform);
        Compute(entry, waveform, cancellationToken);
    }

    private void Reuse(ShardIndexEntry before, ShardIndexEntry now)
    {
        lock (gate)
        {
            seconds += now.Seconds;
            if (now == before)
            {
                alreadyStored++;
                return;
            }
            written++; // new metadata for stored frames
            AddToIndex(now);
        }
    }

    private void Compute(ShardIndexEntry line, Waveform waveform, CancellationToken cancellationToken)
    {
        ShardIndexEntry? same;
        lock (gate)
            same = stored.FindSame(line);
        // Two threads with the same samples may both encode them; the second then reuses the first's frames below.
        var matrix = same is null ? Encode(waveform.Samples, cancellationToken) : null;
        if (matrix is { Count: < NetworkOptions.MinFrames })
            throw new InvalidInputException(
                $"{matrix.Count} frames ({waveform.Seconds:0.###} s of sound), "
                    + $"expected at least {NetworkOptions.MinFrames}: leave the clip out"
            );
        lock (gate)
        {
            same ??= stored.FindSame(line);
            line = same is not null
                ? line with
                {
                    File = same.File,
                    Frames = same.Frames,
                }
                : line with
                {
                    File = writer.Add(line, matrix!),
                    Frames = matrix!.Count,
                };
            if (same is null)
                frames += matrix!.Count;
            seconds += line.Seconds;
            written++;
            AddToIndex(line);
        }
    }

    private FrameMatrix Encode(float[] samples, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        var matrix = encoder.Encode(samples, cancellationToken);
        var passed = clock.GetElapsedTime(start);
        lock (gate)
            encoderTime += passed;
        return matrix;
    }

    private long Now => clock.GetUtcNow().UtcTicks;

    private void AddToIndex(ShardIndexEntry line)
    {
        var written = line with { WrittenTicks = Now };
        stored.Add(written);
        writer.Add(written);
    }

    private void AddWarnings(int index, Clip clip, Waveform waveform)
    {
        var all = waveform.Warnings.Select(warning => new ClipWarning(clip.Path, warning)).ToList();
        if (waveform.Samples.Length > 0 && waveform.Samples.All(sample => sample == waveform.Samples[0]))
            all.Add(new(clip.Path, "silent: every sample is the same; leave it out unless intended"));
        if (all.Count == 0)
            return;
        lock (gate)
            warnings[index] = all;
    }

    // Hash of everything the frames depend on: samples, encoder and precision. Part of the format: changing it would
    // recompute every store.
    private string KeyOf(float[] samples)
    {
        var precision = options.Precision == StorePrecision.Float32 ? "Float32" : "Float16";
        using var hash = new Sha256();
        hash.Append($"{encoder.Description.StoredText()}|{precision}|");
        hash.Append(samples);
        return hash.Finish();
    }
}
