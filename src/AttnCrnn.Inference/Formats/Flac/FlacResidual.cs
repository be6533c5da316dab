namespace AttnCrnn.Formats.Flac;

/// <summary>
/// Reads prediction residuals, in partitions with a Rice parameter each, or unencoded if Rice coding does not pay off.
/// </summary>
internal static class FlacResidual
{
    /// <summary>Reads the residuals of all samples after the first <paramref name="order"/>.</summary>
    public static void Read(ref FlacBitReader bits, Span<long> samples, int order)
    {
        var method = bits.Read(2);
        if (method > 1)
            throw bits.Error($"the residual coding {method}", "0 or 1");
        var parameterBits = method == 0 ? 4 : 5;
        var partitions = 1 << (int)bits.Read(4);
        var size = samples.Length / partitions;
        if (size * partitions != samples.Length || size < order)
            throw bits.Error($"{partitions} partitions of {samples.Length} samples", $"equal ones of at least {order}");
        for (var partition = 0; partition < partitions; partition++)
        {
            var first = partition == 0 ? order : 0;
            ReadPartition(ref bits, samples.Slice((partition * size) + first, size - first), parameterBits);
        }
    }

    private static void ReadPartition(ref FlacBitReader bits, Span<long> residuals, int parameterBits)
    {
        var parameter = (int)bits.Read(parameterBits);
        if (parameter < (1 << parameterBits) - 1)
        {
            bits.ReadRice(residuals, parameter);
            return;
        }
        var width = (int)bits.Read(5);
        foreach (ref var residual in residuals)
            residual = bits.ReadSigned(width);
    }
}
