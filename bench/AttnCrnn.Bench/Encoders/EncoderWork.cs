namespace AttnCrnn.Bench.Encoders;

/// <summary>Counts the multiply-adds of the base-size encoder for one clip, layer by layer.</summary>
internal static class EncoderWork
{
    public static long CountMultiplyAdds(int samples)
    {
        var shape = BaseCheckpoints.Wav2Vec2;
        long sum = 0,
            channels = 1,
            length = samples;
        for (var i = 0; i < shape.Kernels.Count; i++)
        {
            length = ((length - shape.Kernels[i]) / shape.Strides[i]) + 1;
            sum += length * channels * shape.Kernels[i] * shape.Channels[i];
            channels = shape.Channels[i];
        }
        long hidden = shape.Width;
        sum += length * channels * hidden; // projection
        // Convolutional position embeddings.
        sum += length * hidden * (hidden / shape.PositionGroups) * shape.PositionTaps;
        return sum
            + (
                shape.Layers
                * (
                    (4 * length * hidden * hidden)
                    + (2 * length * length * hidden)
                    + (2 * length * hidden * shape.FeedForward)
                )
            );
    }
}
