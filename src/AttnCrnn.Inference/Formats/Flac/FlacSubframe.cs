namespace AttnCrnn.Formats.Flac;

/// <summary>Reads one channel's samples of a frame.</summary>
/// <remarks>
/// All arithmetic is in 64 bits: the side channel of a 32-bit stream has 33 bits, a prediction up to 53.
/// </remarks>
internal static class FlacSubframe
{
    private const int MaxOrder = 32;

    /// <summary>Reads a channel.</summary>
    /// <param name="samples">Destination, one per sample of the block.</param>
    /// <param name="width">Bits per sample, 4 to 33.</param>
    public static void Read(ref FlacBitReader bits, Span<long> samples, int width)
    {
        if (bits.Read(1) != 0)
            throw bits.Error("a subframe that begins with 1", "with 0");
        var type = (int)bits.Read(6);
        var wasted = bits.Read(1) == 0 ? 0 : bits.ReadUnary() + 1;
        if (wasted >= width)
            throw bits.Error($"{wasted} wasted bits", $"fewer than the {width} of a sample");
        width -= (int)wasted;
        switch (type)
        {
            case 0:
                samples.Fill(bits.ReadSigned(width));
                break;
            case 1:
                ReadVerbatim(ref bits, samples, width);
                break;
            case >= 8 and <= 12:
                ReadFixed(ref bits, samples, width, type - 8);
                break;
            case >= 32:
                ReadLinear(ref bits, samples, width, type - 31);
                break;
            default:
                throw bits.Error($"a subframe of type {type}", "0, 1, 8 to 12 or 32 to 63");
        }
        if (wasted == 0)
            return;
        foreach (ref var sample in samples)
            sample <<= (int)wasted;
    }

    private static void ReadVerbatim(ref FlacBitReader bits, Span<long> samples, int width)
    {
        foreach (ref var sample in samples)
            sample = bits.ReadSigned(width);
    }

    private static void ReadFixed(ref FlacBitReader bits, Span<long> samples, int width, int order)
    {
        ReadWarmUp(ref bits, samples, width, order);
        FlacResidual.Read(ref bits, samples, order);
        FlacPrediction.AddFixed(samples, order);
    }

    private static void ReadLinear(ref FlacBitReader bits, Span<long> samples, int width, int order)
    {
        ReadWarmUp(ref bits, samples, width, order);
        var precision = (int)bits.Read(4) + 1;
        var shift = (int)bits.ReadSigned(5);
        if (precision == 16)
            throw bits.Error("weights of 16 bits", "1 to 15");
        if (shift < 0)
            throw bits.Error($"a prediction's shift of {shift}", "0 to 15");
        Span<long> weights = stackalloc long[MaxOrder];
        weights = weights[..order];
        for (var i = order - 1; i >= 0; i--)
            weights[i] = bits.ReadSigned(precision); // the newest sample's coefficient is first in the file
        FlacResidual.Read(ref bits, samples, order);
        FlacPrediction.AddLinear(samples, weights, shift);
    }

    private static void ReadWarmUp(ref FlacBitReader bits, Span<long> samples, int width, int order)
    {
        if (order > samples.Length)
            throw bits.Error($"a prediction from {order} samples", $"at most the block's {samples.Length}");
        ReadVerbatim(ref bits, samples[..order], width);
    }
}
