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
    private readonly AudioLimits limits;
    private readonly long? maxSamples;
    private BlockDecoder decoder;
    private StreamResampler resampler;
    private float[] mono = [];
    private long decodedSamples; // per channel, at the rate of the recording
    private long results; // that the caller has
    private long skippedResults; // that the caller has from another decoder
    private bool isFinished;

    /// <param name="input">Closed with the decoder.</param>
    /// <param name="keepsSamples">Whether the caller keeps all samples, whose number is then limited.</param>
    /// <exception cref="InvalidInputException">It is not a recording, too long, or ffmpeg is missing.</exception>
    public WaveformDecoder(AudioInput input, AudioLimits limits, bool keepsSamples, CancellationToken cancellationToken)
    {
        this.input = input;
        this.limits = limits;
        maxSamples = keepsSamples ? FlacDecoder.MaxSamples : null;
        try
        {
            decoder = Open(cancellationToken);
            if (decoder.ExpectedSamplesPerChannel is { } samples)
            {
                limits.ThrowIfLonger(input.Name, (double)samples / decoder.SampleRateHz, isWhole: true);
                ExpectedSamples = CountResults(samples);
                ThrowIfTooMany(ExpectedSamples);
            }
            resampler = new(decoder.SampleRateHz, Waveform.SampleRateHz);
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

    /// <summary>Number of NaN or infinite samples so far, which are replaced by 0.</summary>
    public long NonFiniteSampleCount => decoder.NonFiniteSampleCount;

    /// <summary>Problems that did not prevent reading; complete after the last block.</summary>
    public IReadOnlyList<string> Warnings => decoder.Warnings;

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
            var samples = Skip(isFinished ? resampler.Complete() : resampler.Append(ToMono(block)));
            results += samples.Length;
            ThrowIfTooMany(results);
            if (!samples.IsEmpty)
                return samples;
        }
        return [];
    }

    public void Dispose()
    {
        decoder.Dispose();
        input.Dispose();
    }

    private BlockDecoder Open(CancellationToken cancellationToken) =>
        FlacDecoder.IsFlac(input.Stream) ? FlacDecoder.Open(input.Name, input.Stream, maxSamples)
        : IsWav() ? WavFile.Open(input.Name, input.Stream)
        : FfmpegDecoder.Open(input, maxSamples, cancellationToken);

    // A file is what its name says, so that a damaged .wav is reported as such.
    private bool IsWav() =>
        input.Path is { } path ? Path.GetExtension(path).ToUpperInvariant() is ".WAV" or ".WAVE" : input.IsWavContent();

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
        decoder.Dispose();
        input.Stream.Position = 0;
        decoder = FfmpegDecoder.Open(input, maxSamples, cancellationToken);
        resampler = new(decoder.SampleRateHz, Waveform.SampleRateHz);
        decodedSamples = 0;
        skippedResults = results;
    }

    private ReadOnlySpan<float> Skip(ReadOnlySpan<float> samples)
    {
        var skipped = (int)Math.Min(samples.Length, skippedResults);
        skippedResults -= skipped;
        return samples[skipped..];
    }

    private ReadOnlySpan<float> ToMono(ReadOnlySpan<float> block)
    {
        var channels = decoder.Channels;
        var count = block.Length / channels;
        decodedSamples += count;
        limits.ThrowIfLonger(input.Name, (double)decodedSamples / decoder.SampleRateHz, isWhole: false);
        if (channels == 1)
            return block;
        if (mono.Length < count)
            mono = new float[count];
        ChannelMean.Compute(block, channels, mono.AsSpan(0, count));
        return mono.AsSpan(0, count);
    }
}
