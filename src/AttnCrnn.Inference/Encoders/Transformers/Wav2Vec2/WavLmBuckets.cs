namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// Relative position buckets (Raffel et al. 2020, as in WavLM): half for keys after the query, half for the others; one
/// per small distance, larger distances on a logarithmic scale up to a maximum, beyond which all share the last bucket.
/// </summary>
internal static class WavLmBuckets
{
    /// <param name="distance">Key frame minus query frame.</param>
    public static int Compute(int distance, int buckets, int maxDistance)
    {
        var half = buckets / 2;
        var first = distance > 0 ? half : 0;
        var magnitude = Math.Abs(distance);
        var exact = half / 2;
        if (magnitude < exact)
            return first + magnitude;
        // In float32 with the reference's order of operations, which determines bucket boundaries.
        var scale = (float)Math.Log((double)maxDistance / exact);
        var offset = MathF.Log((float)magnitude / exact) / scale * (half - exact);
        return first + Math.Min(exact + (int)offset, half - 1);
    }
}
