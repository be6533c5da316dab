using System.Numerics;
using System.Runtime.InteropServices;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>
/// A compact description of what is heard, which a lossy encoding, another gain or a cut changes little: 32 bits every
/// 32 ms, each whether the difference of two neighboring bands' levels increased since the frame before (Haitsma and
/// Kalker, A Highly Robust Audio Fingerprinting System, ISMIR 2002), from the first frame with sound to the last.
/// Unlike theirs, the differences are of logarithmic levels: loud bands do not outvote quiet ones.
/// </summary>
internal sealed class RecordingFingerprint
{
    /// <summary>Fewer words say too little: 0.5 s.</summary>
    public const int MinWords = 16;

    /// <summary>Bits of a word.</summary>
    public const int BitsPerWord = BandEnergies.Bands - 1;

    /// <summary>Words per second.</summary>
    public const double WordsPerSecond = (double)Audio.Waveform.SampleRateHz / BandEnergies.HopSamples;

    private const int MaxWords = 30 * Audio.Waveform.SampleRateHz / BandEnergies.HopSamples; // 30 s
    private const double SoundRatio = 3.1622776601683794e-4; // -35 dB of the loudest frame
    private const double AudibleRatio = 1e-6; // -60 dB of the loudest band of a frame
    private const double MinAudibleFraction = 0.5;
    private const int BytesPerWord = sizeof(uint);

    private readonly uint[] words;

    private RecordingFingerprint(uint[] words) => this.words = words;

    /// <summary>[words], from the first frame with sound.</summary>
    public ReadOnlySpan<uint> Words => words;

    /// <summary>Computes the fingerprint of a recording, of at most its first 30 s with sound.</summary>
    /// <param name="samples">[samples], 16 kHz mono, finite.</param>
    /// <returns>
    /// Null for less than 0.5 s of sound, and for tones, in which most bands are silent and their signs say nothing.
    /// </returns>
    public static RecordingFingerprint? Compute(ReadOnlySpan<float> samples)
    {
        var energies = BandEnergies.Compute(samples);
        var (first, end) = FindSound(energies);
        first = Math.Max(first, 1); // a word compares with the frame before
        end = Math.Min(end, first + MaxWords);
        if (end - first < MinWords || !HasManyBands(energies, first, end))
            return null;
        var words = new uint[end - first];
        for (var frame = first; frame < end; frame++)
            words[frame - first] = CreateWord(
                energies.AsSpan((frame - 1) * BandEnergies.Bands, BandEnergies.Bands),
                energies.AsSpan(frame * BandEnergies.Bands, BandEnergies.Bands)
            );
        return new(words);
    }

    /// <summary>Reads a stored fingerprint.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static RecordingFingerprint Parse(string text)
    {
        var bytes = Convert.FromBase64String(text);
        if (bytes.Length % BytesPerWord != 0 || bytes.Length is < MinWords * BytesPerWord or > MaxWords * BytesPerWord)
            throw new FormatException();
        return new(MemoryMarshal.Cast<byte, uint>(bytes).ToArray());
    }

    /// <summary>The words in base64: little-endian, as all supported machines have them.</summary>
    public string Format() => Convert.ToBase64String(MemoryMarshal.AsBytes(words.AsSpan()));

    /// <summary>The fraction of bits that differ where two fingerprints overlap.</summary>
    /// <param name="offset">Number of words by which the other begins later.</param>
    /// <param name="limit">The comparison ends when more than this fraction differ.</param>
    /// <returns>1 if the overlap is too short, or more than the limit differ.</returns>
    public double Compare(RecordingFingerprint other, int offset, double limit)
    {
        var first = Math.Max(0, -offset);
        var overlap = Math.Min(words.Length, other.words.Length - offset) - first;
        // Three quarters of the shorter one: half a second cut off a short clip, and a frame or two of its silence.
        if (overlap < MinWords || 4 * overlap < 3 * Math.Min(words.Length, other.words.Length))
            return 1;
        var compared = words.AsSpan(first, overlap);
        var others = other.words.AsSpan(first + offset, overlap);
        var max = (int)(limit * overlap * BitsPerWord);
        var errors = 0;
        for (var i = 0; i < compared.Length && errors <= max; i++)
            errors += BitOperations.PopCount(compared[i] ^ others[i]);
        return errors > max ? 1 : (double)errors / (overlap * BitsPerWord);
    }

    // Levels are logarithms, and a difference of logarithms is a quotient: a/b > c/d without a division.
    private static uint CreateWord(ReadOnlySpan<float> earlier, ReadOnlySpan<float> frame)
    {
        uint word = 0;
        for (var bit = 0; bit < BitsPerWord; bit++)
            if ((double)frame[bit] * earlier[bit + 1] > (double)frame[bit + 1] * earlier[bit])
                word |= 1u << bit;
        return word;
    }

    private static (int First, int End) FindSound(float[] energies)
    {
        var levels = new float[energies.Length / BandEnergies.Bands];
        for (var frame = 0; frame < levels.Length; frame++)
            levels[frame] = System.Numerics.Tensors.TensorPrimitives.Sum(
                energies.AsSpan(frame * BandEnergies.Bands, BandEnergies.Bands)
            );
        var threshold = levels.Length == 0 ? 0 : levels.Max() * SoundRatio;
        return (
            Array.FindIndex(levels, level => level >= threshold),
            Array.FindLastIndex(levels, level => level >= threshold) + 1
        );
    }

    private static bool HasManyBands(float[] energies, int first, int end)
    {
        var cells = energies.AsSpan(first * BandEnergies.Bands, (end - first) * BandEnergies.Bands);
        var max = System.Numerics.Tensors.TensorPrimitives.Max<float>(cells);
        if (max <= 2 * BandEnergies.Floor)
            return false;
        var threshold = max * AudibleRatio;
        var audible = 0;
        foreach (var energy in cells)
            if (energy >= threshold)
                audible++;
        return audible >= MinAudibleFraction * cells.Length;
    }
}
