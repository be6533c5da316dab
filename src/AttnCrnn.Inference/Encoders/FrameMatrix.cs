namespace AttnCrnn.Encoders;

/// <summary>The frames of one clip.</summary>
/// <param name="Values">[count, layers, width], row-major.</param>
/// <param name="Count">Number of frames.</param>
/// <param name="Layers">Layers per frame, usually 1.</param>
/// <param name="Width">Feature dimension per layer.</param>
public sealed record FrameMatrix(float[] Values, int Count, int Layers, int Width)
{
    /// <summary>One layer of one frame, [width]; a view into <see cref="Values"/>.</summary>
    internal Span<float> GetState(int frame, int layer) => Values.AsSpan(((frame * Layers) + layer) * Width, Width);

    /// <summary>
    /// Checks the frames of an encoder: those of another shape would be stored under the description's, and be read as
    /// other frames.
    /// </summary>
    /// <exception cref="InvalidOperationException">The frames differ from the encoder's description.</exception>
    internal void ThrowIfInconsistent(EncoderDescription encoder)
    {
        if (Layers != encoder.LayerCount || Width != encoder.Width || Values.Length != (long)Count * encoder.FrameWidth)
            throw new InvalidOperationException(
                $"{encoder.Name}: {Values.Length} values for {Count} frames of {Layers} x {Width} features, "
                    + $"expected {encoder.LayerCount} x {encoder.Width} per frame: "
                    + "correct the encoder's Encode or its Description"
            );
    }
}
