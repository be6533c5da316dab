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
}
