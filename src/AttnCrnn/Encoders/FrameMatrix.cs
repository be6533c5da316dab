namespace AttnCrnn.Encoders;

/// <summary>The frames of one clip.</summary>
/// <param name="Values">[count, layers, width], row-major.</param>
/// <param name="Count">Number of frames.</param>
/// <param name="Layers">Layers per frame, usually 1.</param>
/// <param name="Width">Feature dimension per layer.</param>
public sealed record FrameMatrix(float[] Values, int Count, int Layers, int Width);
