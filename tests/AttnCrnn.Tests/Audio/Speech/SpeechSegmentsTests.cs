using AttnCrnn.Audio.Speech;

namespace AttnCrnn.Tests.Audio.Speech;

/// <summary>The rule for segments in the README of Silero VAD, on probabilities; a chunk has 512 samples.</summary>
public sealed class SpeechSegmentsTests
{
    private const int Chunk = 512;
    private const int Padding = 480; // 30 ms

    [Fact]
    public void Speech_starts_at_one_half_and_ends_below_035_for_100_ms() =>
        AssertSegments(
            [(10 * Chunk - Padding, 25 * Chunk + Padding)],
            // 0.4 neither starts nor ends speech.
            [.. P(0.1f, 5), .. P(0.4f, 5), .. P(0.5f, 10), .. P(0.4f, 5), .. P(0.34f, 10)]
        );

    [Fact]
    public void A_pause_of_less_than_100_ms_does_not_end_speech() =>
        AssertSegments([(0, 23 * Chunk)], [.. P(0.9f, 10), .. P(0, 3), .. P(0.9f, 10)]);

    [Fact]
    public void A_longer_pause_divides_speech() =>
        AssertSegments(
            [(0, 10 * Chunk + Padding), (20 * Chunk - Padding, 30 * Chunk)],
            [.. P(0.9f, 10), .. P(0, 10), .. P(0.9f, 10)]
        );

    [Fact]
    public void Speech_of_up_to_250_ms_is_dropped() =>
        // 7 chunks are 224 ms, 8 are 256.
        AssertSegments(
            [(32 * Chunk - Padding, 40 * Chunk + Padding)],
            [.. P(0, 10), .. P(0.9f, 7), .. P(0, 15), .. P(0.9f, 8), .. P(0, 10)]
        );

    [Fact]
    public void In_a_short_window_half_of_it_is_enough()
    {
        AssertSegments([(0, 6 * Chunk + Padding)], [.. P(0.9f, 6), .. P(0, 5)]);
        AssertSegments([], [.. P(0.9f, 5), .. P(0, 6)]);
    }

    [Fact]
    public void Speech_that_goes_on_at_the_end_ends_with_the_recording() =>
        AssertSegments([(10 * Chunk - Padding, 24 * Chunk - 100)], [.. P(0, 10), .. P(0.9f, 14)], missing: 100);

    private static void AssertSegments((int Start, int End)[] expected, float[] probabilities, int missing = 0) =>
        Assert.Equal(
            expected.Select(segment => new SpeechSegment(segment.Start / 16_000.0, segment.End / 16_000.0)),
            SpeechSegments.Find(probabilities, (probabilities.Length * Chunk) - missing)
        );

    private static IEnumerable<float> P(float probability, int chunks) => Enumerable.Repeat(probability, chunks);
}
