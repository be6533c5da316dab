using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using AttnCrnn.Audio;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Prediction;

public sealed class StreamPredictionTests(LogMelPredictor model) : IClassFixture<LogMelPredictor>
{
    private static readonly WindowOptions Windows = new(0.5, 0.2);

    [Theory]
    [InlineData(160)]
    [InlineData(3_001)]
    [InlineData(1_000_000)]
    public async Task A_stream_in_any_chunks_has_the_bits_of_the_recording(int chunkSize)
    {
        var samples = LogMelModels.Sweep(3.07);
        var expected = model.Predictor.PredictWindows(samples, Windows).ToList();
        Assert.Equal(14, expected.Count);
        LogMelPredictor.AssertEqual(expected, await model.PredictStream(samples, chunkSize, Windows));
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(44_100)]
    public async Task A_stream_is_resampled_as_a_file_is(int rate)
    {
        var samples = LogMelModels.Sweep(2.3, rate);
        var path = model.PathOf($"{rate}.wav");
        WavWriter.Write(path, samples, rate);
        var expected = model.Predictor.PredictWindows(AudioReader.Read(path).Samples, Windows);
        var decoded = WavFile.Read(path).Samples;
        LogMelPredictor.AssertEqual(expected, await model.PredictStream(decoded, 1000, Windows, rate));
    }

    [Fact]
    public async Task Windows_longer_apart_than_long_are_the_same_in_a_stream()
    {
        var samples = LogMelModels.Sweep(4);
        var windows = new WindowOptions(0.3, 1.1);
        var expected = model.Predictor.PredictWindows(samples, windows);
        LogMelPredictor.AssertEqual(expected, await model.PredictStream(samples, 500, windows));
    }

    [Fact]
    public async Task A_window_is_predicted_before_the_next_chunk_is_requested()
    {
        var requestedChunks = 0;
        async IAsyncEnumerable<ReadOnlyMemory<float>> Count()
        {
            await foreach (var chunk in LogMelPredictor.Chunks(LogMelModels.Sweep(1.5), 1600))
            {
                requestedChunks++;
                yield return chunk;
            }
        }
        var chunksOfWindows = new List<int>();
        await foreach (var _ in model.Predictor.PredictStreamAsync(Count(), 16_000, new(0.5)))
            chunksOfWindows.Add(requestedChunks);
        Assert.Equal([5, 10, 15], chunksOfWindows);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_stream()
    {
        var stream = new WindowStream(48_000, new(2, 0.5));
        for (ReadOnlyMemory<float> remainder = new float[60 * 48_000]; remainder.Length > 0; )
        {
            remainder = stream.Append(remainder);
            while (stream.Take() is not null) { }
        }
        Assert.InRange(stream.Capacity, 1, 6 * 16_000); // 3 s, which an array may exceed by a factor of 2
    }

    [Fact]
    public async Task Cancellation_ends_the_stream_and_disposes_its_source()
    {
        using var source = new CancellationTokenSource();
        var isDisposed = false;
        async IAsyncEnumerable<ReadOnlyMemory<float>> LongStream(
            [EnumeratorCancellation] CancellationToken token = default
        )
        {
            try
            {
                for (var chunk = 0; chunk < 100; chunk++)
                {
                    await Task.Yield();
                    token.ThrowIfCancellationRequested();
                    yield return LogMelModels.Sweep(0.5);
                }
            }
            finally
            {
                isDisposed = true;
            }
        }
        var windows = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (
                var _ in model.Predictor.PredictStreamAsync(
                    LongStream(),
                    16_000,
                    new(0.5),
                    cancellationToken: source.Token
                )
            )
                if (++windows == 3)
                    await source.CancelAsync();
        });
        Assert.Equal(3, windows);
        Assert.True(isDisposed);
    }

    [Fact]
    public async Task A_sample_that_is_not_finite_is_named()
    {
        var samples = LogMelModels.Sweep(2);
        samples[20_123] = float.NaN;
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => model.PredictStream(samples, 999, Windows));
        Assert.Contains("sample 20123 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_without_samples_is_too_short()
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => model.PredictStream([], 1, Windows));
        Assert.Contains("expected at least 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stereo_PCM_is_predicted_as_the_WAV_file_of_it()
    {
        var pcm = Pcm(channels: 2, out var path);
        var expected = model.Predictor.PredictWindows(AudioReader.Read(path).Samples, Windows);
        var format = new PcmFormat(22_050, channels: 2);
        using var stream = new SlowStream(pcm);
        var actual = new List<TimedProbabilities>();
        await foreach (var window in model.Predictor.PredictPcmAsync(stream, format, Windows))
            actual.Add(window);
        LogMelPredictor.AssertEqual(expected, actual);
    }

    [Fact]
    public async Task PCM_that_ends_within_a_sample_is_rejected()
    {
        using var stream = new MemoryStream(new byte[4 * 8000 + 3]);
        var format = new PcmFormat(16_000, channels: 2);
        var error = await Assert.ThrowsAsync<InvalidInputException>(async () =>
        {
            await foreach (var _ in model.Predictor.PredictPcmAsync(stream, format, new(0.2))) { }
        });
        Assert.Contains("3 bytes after 8000 samples", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(10_000_001)]
    public void An_invalid_sample_rate_is_rejected_at_once(int rate)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PcmFormat(rate));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            model.Predictor.PredictStreamAsync(LogMelPredictor.Chunks([], 1), rate, Windows)
        );
    }

    // Different channels, at 22050 Hz; also as a WAV file.
    private byte[] Pcm(int channels, out string path)
    {
        var samples = LogMelModels.Sweep(1.7, 22_050 * channels);
        path = model.PathOf("stereo.wav");
        WavWriter.Write(path, samples, 22_050);
        var bytes = File.ReadAllBytes(path);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * channels * 22_050);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), (short)(2 * channels));
        File.WriteAllBytes(path, bytes);
        return bytes[44..(44 + (2 * channels * (samples.Length / channels)))];
    }

    // Reads end within samples, as those of a pipe do.
    private sealed class SlowStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1001)], cancellationToken);
    }
}
