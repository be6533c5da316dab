using AttnCrnn.Features;

namespace AttnCrnn.Training;

/// <summary>Where clips' frames come from. Safe to read from several threads.</summary>
public interface IFrameSource
{
    /// <summary>Numbers a frame.</summary>
    int Width { get; }

    /// <summary>A clip's frames.</summary>
    int Frames(int clip);

    /// <summary>Reads a clip's frames, [frames, width].</summary>
    void Read(int clip, Span<float> to);
}

/// <summary>The frames of a feature store; those that were read stay in memory up to a bound, the rest is read again each time.</summary>
public sealed class StoreFrames(FeatureStore store, long mostBytes = 2L << 30) : IFrameSource
{
    private readonly float[]?[] kept = new float[]?[store.Clips.Count];
    private long bytes;

    public int Width => store.Description.Encoder.FrameWidth;

    public int Frames(int clip) => store.Clips[clip].Frames;

    public void Read(int clip, Span<float> to)
    {
        if (Volatile.Read(ref kept[clip]) is { } there)
        {
            there.CopyTo(to);
            return;
        }
        store.Read(clip, to);
        if (Interlocked.Add(ref bytes, 4L * to.Length) <= mostBytes) Volatile.Write(ref kept[clip], to.ToArray());
        else Interlocked.Add(ref bytes, -4L * to.Length);
    }
}

/// <summary>A clip of the training or validation side.</summary>
/// <param name="Source">Its index in the <see cref="IFrameSource"/>.</param>
/// <param name="Label">Its class.</param>
public readonly record struct TrainingClip(int Source, int Label);
