using AttnCrnn.Numerics.Random;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Testing.Features;

/// <summary>Clips of three classes, of which the class determines which feature varies.</summary>
internal sealed class SeparableClips : IFrameSource
{
    public const int FrameWidth = 6;
    public const int Count = 96;

    /// <summary>A clip whose frames become NaN once <see cref="IsBroken"/>.</summary>
    public int Broken { get; init; } = -1;

    public bool IsBroken { get; set; }

    /// <summary>Whether clip i is of class i mod 3; otherwise the last class is rare.</summary>
    public bool EqualLengths { get; init; }

    public int Width => FrameWidth;

    public int LabelOf(int clip)
    {
        if (EqualLengths)
            return clip % 3;
        return clip % 5 == 0 ? 2 : clip % 2;
    }

    public int CountFrames(int clip) => 20 + (clip * 7 % 23);

    public string GetName(int clip) => $"clip {clip}";

    public void Read(int clip, Span<float> destination)
    {
        new RandomStream(1).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(destination);
        for (var index = LabelOf(clip); index < destination.Length; index += Width)
            destination[index] += 2f;
        if (IsBroken && clip == Broken)
            destination[0] = float.NaN;
    }
}
