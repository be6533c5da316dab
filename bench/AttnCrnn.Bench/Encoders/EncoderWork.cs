namespace AttnCrnn.Bench.Encoders;

/// <summary>Counts the multiply-adds of the base-size encoder for one clip, layer by layer.</summary>
internal static class EncoderWork
{
    public static long CountMultiplyAdds(int samples)
    {
        long sum = 0,
            channels = 1,
            length = samples;
        for (var i = 0; i < RandomCheckpoint.Kernels.Length; i++)
        {
            length = ((length - RandomCheckpoint.Kernels[i]) / RandomCheckpoint.Strides[i]) + 1;
            sum += length * channels * RandomCheckpoint.Kernels[i] * RandomCheckpoint.Channels;
            channels = RandomCheckpoint.Channels;
        }
        long hidden = RandomCheckpoint.Hidden;
        sum += length * channels * hidden; // projection
        // Convolutional position embeddings.
        sum += length * hidden * (hidden / RandomCheckpoint.PositionGroups) * RandomCheckpoint.PositionKernel;
        return sum
            + (
                RandomCheckpoint.Layers
                * (
                    (4 * length * hidden * hidden)
                    + (2 * length * length * hidden)
                    + (2 * length * hidden * RandomCheckpoint.Intermediate)
                )
            );
    }
}
