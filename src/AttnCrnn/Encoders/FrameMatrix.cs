namespace AttnCrnn.Encoders;

/// <summary>The frames of one clip.</summary>
/// <param name="Values">[count, layers, width], end to end.</param>
/// <param name="Count">Frames.</param>
/// <param name="Layers">Layers a frame, mostly 1.</param>
/// <param name="Width">Numbers a layer.</param>
public sealed record FrameMatrix(float[] Values, int Count, int Layers, int Width);
