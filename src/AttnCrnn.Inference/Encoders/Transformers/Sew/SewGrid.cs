using AttnCrnn.Encoders.Transformers.Layers;

namespace AttnCrnn.Encoders.Transformers.Sew;

/// <summary>
/// When SEW's frames are: at the rate of the convolutions, or of whole groups of their frames. A recording without a
/// whole group has no frames, because the layers would have none.
/// </summary>
/// <param name="isSqueezed">Whether a frame is a group.</param>
internal sealed class SewGrid(WaveformConvolutions convolutions, int squeeze, bool isSqueezed) : IFrameGrid
{
    public int Hop => convolutions.Hop * (isSqueezed ? squeeze : 1);

    public int ChunkStep => isSqueezed ? 1 : squeeze;

    public int CountFrames(int samples)
    {
        var frames = convolutions.CountFrames(samples);
        return isSqueezed ? frames / squeeze
            : frames < squeeze ? 0
            : frames;
    }

    public int CountSamples(int frames) =>
        convolutions.CountSamples(isSqueezed ? frames * squeeze : Math.Max(frames, squeeze));
}
