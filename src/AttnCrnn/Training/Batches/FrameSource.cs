using AttnCrnn.Features;

namespace AttnCrnn.Training.Batches;

/// <summary>Where clips' frames come from. Safe to read from several threads.</summary>
public interface IFrameSource
{
    /// <summary>Numbers a frame.</summary>
    int Width { get; }

    /// <summary>A clip's frames.</summary>
    int Frames(int clip);

    /// <summary>Reads a clip's frames, [frames, width].</summary>
    void Read(int clip, Span<float> to);

    /// <summary>What a clip is called in messages.</summary>
    string NameOf(int clip);
}

/// <summary>
/// The frames of a feature store. Of shards nothing is kept: the system's own cache has what there is room for. Of one .npz a clip, which would have to be
/// unpacked each time, what was read is kept up to a bound.
/// </summary>
public sealed class FeatureStoreFrameSource(FeatureStore store, long maxBytes = 2L << 30) : IFrameSource
{
    private readonly float[]?[] kept = new float[]?[store.Clips.Count];
    private long bytes;

    /// <inheritdoc/>
    public int Width => store.Description.Encoder.FrameWidth;

    /// <inheritdoc/>
    public int Frames(int clip) => store.Clips[clip].Frames;

    /// <inheritdoc/>
    public void Read(int clip, Span<float> to)
    {
        if (store.IsInShard(clip))
            store.Read(clip, to);
        else if (Volatile.Read(ref kept[clip]) is { } there)
            there.CopyTo(to);
        else
        {
            store.Read(clip, to);
            if (Interlocked.Add(ref bytes, 4L * to.Length) <= maxBytes)
                Volatile.Write(ref kept[clip], to.ToArray());
            else
                Interlocked.Add(ref bytes, -4L * to.Length);
        }
    }

    /// <inheritdoc/>
    public string NameOf(int clip) => store.Clips[clip].Path;
}

/// <summary>A clip of the training or validation side.</summary>
/// <param name="Source">Its index in the <see cref="IFrameSource"/>.</param>
/// <param name="Label">Its class.</param>
public readonly record struct TrainingClip(int Source, int Label);
