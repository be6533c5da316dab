using System.Collections.Concurrent;
using AttnCrnn.Features.Npz;
using AttnCrnn.Features.Shards;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Options;

namespace AttnCrnn.Features;

/// <summary>
/// Reads the frames of clips from one or more folders: feature stores, and folders of .npz files. Shards are opened on
/// first use. Thread-safe.
/// </summary>
public sealed class FeatureStore : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<SafetensorsFile>> shards = new();
    private readonly bool[] isChecked; // for non-finite values, once per clip
    private readonly List<StoreLock> locks;

    private FeatureStore(StoreContents contents, List<StoreLock> locks)
    {
        this.locks = locks;
        Description = contents.Description;
        Clips = contents.Clips;
        isChecked = new bool[contents.Clips.Count];
        InvalidClips = contents.InvalidClips;
        Synthetic = contents.Synthetic;
        Notices = contents.Notices;
    }

    /// <summary>Whether a folder is a feature store.</summary>
    public static bool IsStore(string folder) => File.Exists(Path.Combine(folder, StoreDescription.FileName));

    /// <summary>Encoder and format of the frames.</summary>
    public StoreDescription Description { get; }

    /// <summary>
    /// Each clip once, also if several folders have it: ordered by the folder of its newest entry, then by path. It has
    /// the newest frames, and each value of the newest source that gives it.
    /// </summary>
    public IReadOnlyList<StoredClip> Clips { get; }

    /// <summary>Clips without frames, and the reason.</summary>
    public IReadOnlyList<ClipWarning> InvalidClips { get; }

    /// <summary>Whether any clip is synthetic.</summary>
    public bool Synthetic { get; }

    /// <summary>What was merged or left out when the folders were opened, one sentence each.</summary>
    public IReadOnlyList<OptionText> Notices { get; }

    /// <summary>Opens folders with frames of one encoder as one store.</summary>
    /// <exception cref="InvalidInputException">
    /// A folder is missing or empty, or another process removes clips from it, the folders hold frames of different
    /// encoders, or two sources give a clip another label, speaker or subset.
    /// </exception>
    /// <exception cref="InvalidFileException">A file in them is damaged.</exception>
    public static FeatureStore Open(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0)
            throw new InvalidInputException(OptionText.Create($"{OptionKeys.DataFolders}: expected a feature folder"));
        var locks = new List<StoreLock>();
        try
        {
            foreach (var folder in folders)
                locks.Add(StoreLock.Read(folder));
            var contents = StoreContents.Read(folders);
            if (contents.Clips.Count > 0)
                return new(contents, locks);
            throw new InvalidInputException(
                $"{string.Join(", ", folders)}: no frames ({contents.InvalidClips.Count} invalid clips); "
                    + "extract recordings first"
            );
        }
        catch
        {
            locks.ForEach(storeLock => storeLock.Dispose());
            throw;
        }
    }

    /// <summary>Reads a clip's frames as float32.</summary>
    /// <param name="clip">Its index in <see cref="Clips"/>.</param>
    /// <param name="frames">[frames, layers, width].</param>
    /// <exception cref="InvalidFileException">The file is damaged or holds non-finite values.</exception>
    public void Read(int clip, Span<float> frames)
    {
        var storedClip = Clips[clip];
        try
        {
            if (!IsInShard(clip))
            {
                var npzFrames = FeatureNpz.Read(storedClip.File, Description.Encoder.FrameWidth);
                npzFrames.Values.CopyTo(frames);
                return;
            }
            shards
                .GetOrAdd(storedClip.File, path => new(() => SafetensorsFile.Open(path)))
                .Value.Read(storedClip.Key, frames);
        }
        catch (InvalidFileException exception) when (!Description.Encoder.IsUnknown)
        {
            throw ShardFile.CreateError(exception);
        }
        if (isChecked[clip])
            return;
        if (frames.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is >= 0 and var index)
            throw new InvalidFileException(
                storedClip.File,
                null,
                $"{frames[index]} in the frames of {storedClip.Path}",
                "finite numbers",
                "remove the shard, and extract the same sources into this folder again"
            );
        isChecked[clip] = true;
    }

    /// <summary>Whether a clip's frames are in a shard and not in a compressed .npz file.</summary>
    public bool IsInShard(int clip) => !Clips[clip].File.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public void Dispose()
    {
        locks.ForEach(storeLock => storeLock.Dispose());
        foreach (var shard in shards.Values)
            if (shard.IsValueCreated)
                shard.Value.Dispose();
    }
}
