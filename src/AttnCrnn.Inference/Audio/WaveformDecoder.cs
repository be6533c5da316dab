using AttnCrnn.Formats;
using AttnCrnn.Formats.Flac;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Audio;

/// <summary>
/// Decodes a recording to 16 kHz mono, block by block: memory is that of a block, whatever the length of the recording,
/// except that a FLAC file is held as it is, compressed.
/// </summary>
internal sealed class WaveformDecoder : IDisposable
{
    private readonly AudioInput input;
    private readonly AudioReadOptions options;
    private readonly long? maxSamples;
    private readonly bool hasParts;
    private BlockDecoder decoder;
    private SampleFindings findings;
    private ChannelReducer reducer;
    private StreamResampler resampler;
    private BandwidthMeter? bandwidth;
    private long decodedSamples; // per channel, at the rate of the recording
    private long results; // that the caller has
    private long skippedResults; // that the caller has from another decoder
    private bool hasFormatChange; // which only ffmpeg supports
    private bool isFinished;

    /// <param name="input">Closed with the decoder.</param>
    /// <param name="options">
    /// The whole recording is decoded, but the loudest channel, and silent ones, are those of the segment. To find the
    /// loudest of several channels, the recording is decoded one more time before.
    /// </param>
    /// <param name="keepsSamples">Whether the caller keeps all samples, whose number is then limited.</param>
    /// <param name="hasParts">Whether <see cref="FindWarnings"/> is called.</param>
    /// <exception cref="InvalidInputException">It is not a recording, too long, or ffmpeg is missing.</exception>
    public WaveformDecoder(
        AudioInput input,
        AudioReadOptions options,
        bool keepsSamples,
        bool hasParts,
        CancellationToken cancellationToken
    )
    {
        this.input = input;
        this.options = options;
        this.hasParts = hasParts;
        maxSamples = keepsSamples ? FlacDecoder.MaxSamples : null;
        try
        {
            decoder = Open(cancellationToken);
            if (decoder.ExpectedSamplesPerChannel is { } samples)
            {
                options.Limits.ThrowIfLonger(input.Name, (double)samples / decoder.SampleRateHz, isWhole: true);
                ExpectedSamples = CountResults(samples);
                ThrowIfTooMany(ExpectedSamples);
            }
            (findings, reducer) = CreateReducer(cancellationToken);
            resampler = new(decoder.SampleRateHz, Waveform.SampleRateHz);
            bandwidth = CreateBandwidthMeter();
        }
        catch
        {
            decoder?.Dispose();
            input.Dispose();
            throw;
        }
    }

    /// <summary>Number of samples at 16 kHz, roughly, as far as it is known before decoding; otherwise 0.</summary>
    public long ExpectedSamples { get; }

    /// <summary>Number of NaN or infinite samples of the segment so far, which are replaced by 0.</summary>
    public long NonFiniteSampleCount => findings.NonFiniteCount;

    /// <summary>Problems that did not prevent reading; complete after the last block.</summary>
    public IReadOnlyList<RecordingWarning> Warnings => [.. decoder.Warnings, .. findings.Check()];

    /// <summary>Those of the file as a whole, without those of its samples.</summary>
    public IReadOnlyList<RecordingWarning> FileWarnings => decoder.Warnings;

    /// <summary>Problems of the samples of a part that has been decoded.</summary>
    /// <param name="startSeconds">From the start of the segment.</param>
    public IReadOnlyList<RecordingWarning> FindWarnings(double startSeconds, double endSeconds) =>
        [.. findings.Check(startSeconds, endSeconds)];

    /// <summary>Forgets problems before a time of the segment, of which no part will be asked for.</summary>
    public void DropWarningsBefore(double seconds) => findings.DropBefore(seconds);

    /// <summary>Decodes the next block.</summary>
    /// <returns>[samples], 16 kHz mono; valid until the next call; empty at the end.</returns>
    /// <exception cref="InvalidInputException">The recording is damaged or too long.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public ReadOnlySpan<float> ReadBlock(CancellationToken cancellationToken)
    {
        while (!isFinished)
        {
            var block = decoder.ReadBlock(cancellationToken);
            if (block.IsEmpty && decoder.HasFormatChange)
            {
                SwitchToFfmpeg(cancellationToken);
                continue;
            }
            isFinished = block.IsEmpty;
            var samples = Skip(isFinished ? resampler.Complete() : resampler.Append(Reduce(block)));
            results += samples.Length;
            ThrowIfTooMany(results);
            if (!samples.IsEmpty)
                return samples;
        }
        return [];
    }

    /// <summary>The bandwidth of what was decoded; null if it is not measured.</summary>
    public Bandwidth? MeasureBandwidth() => bandwidth?.Measure();

    public void Dispose()
    {
        decoder.Dispose();
        input.Dispose();
    }

    private BlockDecoder Open(CancellationToken cancellationToken)
    {
        if (hasFormatChange)
            return FfmpegDecoder.Open(input, "a FLAC recording", maxSamples, cancellationToken);
        if (FlacDecoder.IsFlac(input.Stream))
            return FlacDecoder.Open(input.Name, input.Stream, maxSamples);
        var head = RecordingContent.ReadHead(input.Stream);
        if (!RecordingContent.IsWav(head))
        {
            RecordingContent.RefuseOtherFiles(input.Name, head);
            return FfmpegDecoder.Open(input, RecordingContent.Describe(head), maxSamples, cancellationToken);
        }
        return WavFile.TryOpen(input.Name, input.Stream, out var format)
            ?? (BlockDecoder)
                FfmpegDecoder.Open(input, $"a WAV recording with {format.Coding}", maxSamples, cancellationToken);
    }

    private (SampleFindings, ChannelReducer) CreateReducer(CancellationToken cancellationToken)
    {
        int? selected = null;
        if (options.Channel.Number is { } number)
        {
            ChannelReducer.RequireChannel(input.Name, number, decoder.Channels);
            selected = number - 1;
        }
        else if (options.Channel == AudioChannel.Loudest && decoder.Channels > 1)
            selected = FindLoudest(cancellationToken);
        var found = CreateFindings(selected, hasParts);
        return (found, new(decoder.Channels, selected, found));
    }

    private BandwidthMeter? CreateBandwidthMeter() => options.MeasuresBandwidth ? new(decoder.SampleRateHz) : null;

    private SampleFindings CreateFindings(int? selected, bool hasParts) =>
        new(decoder.Channels, selected, decoder.SampleRateHz, options.Segment, hasParts);

    // Decodes the recording once, and opens it again.
    private int FindLoudest(CancellationToken cancellationToken)
    {
        var levels = CreateFindings(selected: null, hasParts: false);
        for (ReadOnlySpan<float> block; !(block = decoder.ReadBlock(cancellationToken)).IsEmpty; )
        {
            levels.Add(block, mean: [], nonFinite: []);
            CountDecoded(block);
        }
        var mustRepeat = decoder.HasFormatChange;
        hasFormatChange |= mustRepeat;
        Reopen(cancellationToken);
        if (mustRepeat)
            return FindLoudest(cancellationToken);
        return Math.Min(levels.FindLoudest(), decoder.Channels - 1);
    }

    // As Resampler rounds.
    private long CountResults(long samples) =>
        (long)Math.Round((double)samples * Waveform.SampleRateHz / decoder.SampleRateHz, MidpointRounding.ToEven);

    private void ThrowIfTooMany(long samples)
    {
        if (maxSamples is not null && samples > Array.MaxLength)
            throw new InvalidFileException(
                input.Name,
                null,
                $"at least {samples} samples at {Waveform.SampleRateHz} Hz",
                $"at most {Array.MaxLength}",
                "split the recording"
            );
    }

    // Decodes again from the start, and skips what the caller has.
    private void SwitchToFfmpeg(CancellationToken cancellationToken)
    {
        hasFormatChange = true;
        Reopen(cancellationToken);
        (findings, reducer) = CreateReducer(cancellationToken);
        resampler = new(decoder.SampleRateHz, Waveform.SampleRateHz);
        bandwidth = CreateBandwidthMeter();
        skippedResults = results;
    }

    private void Reopen(CancellationToken cancellationToken)
    {
        decoder.Dispose();
        input.Stream.Position = 0;
        decoder = Open(cancellationToken);
        decodedSamples = 0;
    }

    private ReadOnlySpan<float> Skip(ReadOnlySpan<float> samples)
    {
        var skipped = (int)Math.Min(samples.Length, skippedResults);
        skippedResults -= skipped;
        return samples[skipped..];
    }

    private ReadOnlySpan<float> Reduce(ReadOnlySpan<float> block)
    {
        CountDecoded(block);
        var samples = reducer.Reduce(block, decoder.NonFiniteIndices);
        bandwidth?.Append(samples);
        return samples;
    }

    private void CountDecoded(ReadOnlySpan<float> block)
    {
        decodedSamples += block.Length / decoder.Channels;
        options.Limits.ThrowIfLonger(input.Name, (double)decodedSamples / decoder.SampleRateHz, isWhole: false);
    }
}
