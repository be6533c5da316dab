using AttnCrnn.Audio;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Tests.Corpora.Auditing;

/// <summary>Fingerprints of copies and of other recordings, and the search for pairs.</summary>
public sealed class RecordingFingerprintTests
{
    private const int Rate = Waveform.SampleRateHz;
    private const int Echo = 40; // samples

    [Theory]
    [InlineData(-12)]
    [InlineData(-6)]
    [InlineData(6)]
    public void A_copy_with_another_gain_is_found(double decibels)
    {
        var gain = (float)Math.Pow(10, decibels / 20);
        Assert.Single(Search(Utterance(0), [.. Utterance(0).Select(sample => sample * gain)]));
    }

    [Theory]
    [InlineData(0.1, 0)]
    [InlineData(0.237, 0)] // not a number of hops
    [InlineData(0.5, 0)]
    [InlineData(0, 0.5)]
    [InlineData(0.25, 0.25)]
    public void A_copy_that_is_cut_is_found(double start, double end)
    {
        var samples = Utterance(1);
        Assert.Single(Search(samples, samples[(int)(start * Rate)..^(int)(end * Rate)]));
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(11_025)]
    public void A_copy_that_was_resampled_is_found(int rate) =>
        Assert.Single(
            Search(Utterance(2), Resampler.Resample(Resampler.Resample(Utterance(2), Rate, rate), rate, Rate))
        );

    [Fact]
    public void A_copy_with_silence_around_it_is_found() =>
        Assert.Single(Search(Utterance(3), [.. new float[Rate], .. Utterance(3), .. new float[Rate]]));

    [Fact]
    public void Different_utterances_of_one_voice_are_not_near_duplicates() =>
        Assert.Empty(Search([.. Enumerable.Range(0, 40).Select(i => Utterance((uint)i))]));

    [Fact]
    public void The_search_finds_the_pairs_that_comparing_all_finds()
    {
        float[][] recordings =
        [
            .. Enumerable.Range(0, 8).Select(i => Utterance((uint)i)),
            .. Enumerable.Range(0, 8).Select(i => AddNoise(Utterance((uint)i), 0.002f * i)),
        ];
        RecordingFingerprint[] fingerprints = [.. recordings.Select(Fingerprint)];
        var expected =
            from first in Enumerable.Range(0, fingerprints.Length)
            from second in Enumerable.Range(first + 1, fingerprints.Length - first - 1)
            let rate = NearDuplicates.Compare(fingerprints[first], fingerprints[second], NearDuplicates.MaxBitErrorRate)
            where rate <= NearDuplicates.MaxBitErrorRate
            select new NearDuplicate(first, second, rate);
        var found = NearDuplicates.Find(fingerprints);
        Assert.Equal(expected, found);
        Assert.True(found.Count >= 4);
    }

    [Fact]
    public void A_tone_and_a_short_sound_have_no_fingerprint()
    {
        Assert.Null(RecordingFingerprint.Compute([.. Enumerable.Range(0, Rate).Select(i => MathF.Sin(i * 0.3f))]));
        Assert.Null(RecordingFingerprint.Compute(Utterance(4).AsSpan(0, Rate * 2 / 5)));
        Assert.Null(RecordingFingerprint.Compute(new float[Rate]));
        Assert.Null(RecordingFingerprint.Compute([]));
    }

    [Fact]
    public void A_stored_fingerprint_is_that_which_was_written()
    {
        var fingerprint = Fingerprint(Utterance(5));
        Assert.Equal(fingerprint.Words.ToArray(), RecordingFingerprint.Parse(fingerprint.Format()).Words.ToArray());
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("not base64")]
    public void A_damaged_fingerprint_is_refused(string text) =>
        Assert.Throws<FormatException>(() => RecordingFingerprint.Parse(text));

    [Fact]
    public void Only_thirty_seconds_are_described()
    {
        var samples = Enumerable.Range(0, 30).SelectMany(i => Utterance((uint)i)).ToArray();
        Assert.True(samples.Length > 31 * Rate);
        Assert.Equal(30 * Rate / 512, Fingerprint(samples).Words.Length);
    }

    // Bits are of changes, not of levels: what a room or a channel colors alike is not one recording.
    [Fact]
    public void Noises_of_one_color_are_not_near_duplicates() =>
        Assert.Empty(Search(CreateColoredNoise(1), CreateColoredNoise(2)));

    [Fact]
    public void A_fingerprint_that_an_earlier_version_stored_is_that_of_this_one()
    {
        // The first 16 words.
        var stored = RecordingFingerprint.Parse(
            "c9ManDNbnY4xW6XOMVv1zjGT9sfGpPrHxKR6YcwkfyESWT0gultpZbhr6ce5a9HCYdbT2mbU0s+GlIbdhLmm3Q=="
        );
        // The rounding of another processor may change a bit.
        Assert.InRange(stored.Compare(Fingerprint(Utterance(0)), 0, 0.02), 0, 0.01);
    }

    // White noise whose echoes raise every 400 Hz.
    private static float[] CreateColoredNoise(ulong seed)
    {
        var noise = new float[3 * Rate];
        new RandomStream(seed).ForStream(RandomStreamId.Demo).FillNormal(noise);
        for (var i = Echo; i < noise.Length; i++)
            noise[i] = (0.1f * noise[i]) + (0.9f * noise[i - Echo]);
        return noise;
    }

    private static IReadOnlyList<NearDuplicate> Search(params float[][] recordings) =>
        NearDuplicates.Find([.. recordings.Select(Fingerprint)]);

    private static RecordingFingerprint Fingerprint(float[] samples) =>
        RecordingFingerprint.Compute(samples) ?? throw new InvalidOperationException("no fingerprint");

    private static float[] Utterance(uint number) => SyntheticUtterances.Create(number);

    private static float[] AddNoise(float[] samples, float deviation)
    {
        var noise = new float[samples.Length];
        new RandomStream(1).ForStream(RandomStreamId.Demo).FillNormal(noise);
        return [.. samples.Zip(noise, (sample, value) => sample + (deviation * value))];
    }
}
