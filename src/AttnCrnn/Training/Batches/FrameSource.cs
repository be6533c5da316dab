using AttnCrnn.Features;

namespace AttnCrnn.Training.Batches;

/// <summary>Source of the clips' frames. Thread-safe.</summary>
public interface IFrameSource
{
    /// <summary>Feature dimension.</summary>
    int Width { get; }

    /// <summary>Number of frames of a clip.</summary>
    int CountFrames(int clip);

    /// <summary>Reads a clip's frames, [frames, width].</summary>
    void Read(int clip, Span<float> destination);

    /// <summary>Name of a clip for messages.</summary>
    string GetName(int clip);
}

/// <summary>
/// Frames of a feature store. Shards rely on the page cache of the operating system; clips in .npz files, which would
/// be decompressed at every read, are cached up to a limit.
/// </summary>
public sealed class FeatureStoreFrameSource(FeatureStore store, long maxBytes = 2L << 30) : IFrameSource
{
    private readonly float[]?[] cache = new float[]?[store.Clips.Count];
    private long cachedBytes;

    /// <inheritdoc/>
    public int Width => store.Description.Encoder.FrameWidth;

    /// <inheritdoc/>
    public int CountFrames(int clip) => store.Clips[clip].Frames;

    /// <inheritdoc/>
    public void Read(int clip, Span<float> destination)
    {
        if (store.IsInShard(clip))
            store.Read(clip, destination);
        else if (Volatile.Read(ref cache[clip]) is { } frames)
            frames.CopyTo(destination);
        else
        {
            store.Read(clip, destination);
            if (Interlocked.Add(ref cachedBytes, 4L * destination.Length) <= maxBytes)
                Volatile.Write(ref cache[clip], destination.ToArray());
            else
                Interlocked.Add(ref cachedBytes, -4L * destination.Length);
        }
    }

    /// <inheritdoc/>
    public string GetName(int clip) => store.Clips[clip].Path;
}

/// <summary>A clip of the training or validation set.</summary>
/// <param name="Source">Its index in the <see cref="IFrameSource"/>.</param>
/// <param name="Label">Its class.</param>
public readonly record struct TrainingClip(int Source, int Label);
