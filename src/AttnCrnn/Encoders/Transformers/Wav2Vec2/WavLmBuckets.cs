namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// The buckets of relative distances (Raffel et al. 2020, as WavLM has them): half of them for keys after the query,
/// half for the rest; small distances one each, larger ones by their logarithm up to a farthest, beyond which all share
/// the last.
/// </summary>
internal static class WavLmBuckets
{
    /// <param name="distance">Key frame minus query frame.</param>
    public static int Compute(int distance, int buckets, int farthest)
    {
        var half = buckets / 2;
        var (first, size, exact) = (distance > 0 ? half : 0, Math.Abs(distance), half / 2);
        if (size < exact)
            return first + size;
        // In float32 with the reference's order of operations, which decides where a bucket begins.
        var place = MathF.Log((float)size / exact) / (float)Math.Log((double)farthest / exact) * (half - exact);
        return first + Math.Min(exact + (int)place, half - 1);
    }
}
