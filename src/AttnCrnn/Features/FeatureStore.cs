using System.Collections.Concurrent;
using AttnCrnn.Features.Npz;
using AttnCrnn.Features.Shards;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;
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

    private FeatureStore(
        StoreDescription description,
        IReadOnlyList<StoredClip> clips,
        IReadOnlyList<ClipWarning> invalid,
        bool synthetic
    )
    {
        Description = description;
        Clips = clips;
        isChecked = new bool[clips.Count];
        InvalidClips = invalid;
        Synthetic = synthetic;
    }

    /// <summary>Whether a folder is a feature store.</summary>
    public static bool IsStore(string folder) => File.Exists(Path.Combine(folder, StoreDescription.FileName));

    /// <summary>Encoder and format of the frames.</summary>
    public StoreDescription Description { get; }

    /// <summary>Ordered by folder, then by path.</summary>
    public IReadOnlyList<StoredClip> Clips { get; }

    /// <summary>Clips without frames, and the reason.</summary>
    public IReadOnlyList<ClipWarning> InvalidClips { get; }

    /// <summary>Whether any clip is synthetic.</summary>
    public bool Synthetic { get; }

    /// <summary>Opens folders with frames of one encoder as one store.</summary>
    /// <exception cref="InvalidInputException">
    /// A folder is missing or empty, or the folders hold frames of different encoders.
    /// </exception>
    /// <exception cref="InvalidFileException">A file in them is damaged.</exception>
    public static FeatureStore Open(IReadOnlyList<string> folders)
    {
        if (folders.Count == 0)
            throw new InvalidInputException(OptionText.Create($"{OptionKeys.DataFolders}: expected a feature folder"));
        StoreDescription? description = null;
        List<StoredClip> clips = [];
        List<ClipWarning> invalid = [];
        var synthetic = false;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new InvalidInputException(folder, "no such folder; expected a folder of extracted features");
            var folderDescription = File.Exists(Path.Combine(folder, StoreDescription.FileName))
                ? ReadStore(folder, clips, invalid, ref synthetic)
                : NpzFolder.Read(folder, clips, invalid);
            if (description is not null && description.Encoder != folderDescription.Encoder)
                throw new InvalidInputException(
                    $"{folder} holds frames of {folderDescription.Encoder}, {folders[0]} of {description.Encoder}: "
                        + "use folders of one encoder"
                );
            description ??= folderDescription;
        }
        if (clips.Count == 0)
            throw new InvalidInputException(
                $"{string.Join(", ", folders)}: no frames ({invalid.Count} invalid clips); extract recordings first"
            );
        return new(description!, clips, invalid, synthetic);
    }

    /// <summary>Reads a clip's frames as float32.</summary>
    /// <param name="clip">Its index in <see cref="Clips"/>.</param>
    /// <param name="frames">[frames, layers, width].</param>
    /// <exception cref="InvalidFileException">The file is damaged or holds non-finite values.</exception>
    public void Read(int clip, Span<float> frames)
    {
        var storedClip = Clips[clip];
        if (!IsInShard(clip))
        {
            var npzFrames = FeatureNpz.Read(storedClip.File, Description.Encoder.FrameWidth);
            npzFrames.Values.CopyTo(frames);
            return;
        }
        shards
            .GetOrAdd(storedClip.File, path => new(() => SafetensorsFile.Open(path)))
            .Value.Read(storedClip.Key, frames);
        if (isChecked[clip])
            return;
        if (frames.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) is >= 0 and var index)
            throw new InvalidFileException(
                storedClip.File,
                null,
                $"{frames[index]} in the frames of {storedClip.Path}",
                "finite numbers",
                "remove the shard and its index, and extract the features again"
            );
        isChecked[clip] = true;
    }

    /// <summary>Whether a clip's frames are in a shard and not in a compressed .npz file.</summary>
    public bool IsInShard(int clip) => !Clips[clip].File.EndsWith(".npz", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in shards.Values)
            if (shard.IsValueCreated)
                shard.Value.Dispose();
    }

    private static StoreDescription ReadStore(
        string folder,
        List<StoredClip> clips,
        List<ClipWarning> invalid,
        ref bool synthetic
    )
    {
        foreach (var entry in ShardIndex.ReadAll(folder))
        {
            var file = Path.Combine(folder, entry.File);
            if (entry.Problem.Length > 0)
                invalid.Add(new(entry.Path, entry.Problem));
            else if (!File.Exists(file))
                invalid.Add(new(entry.Path, $"its frames are missing ({entry.File}): extract the clip again"));
            else if (entry.Frames < NetworkOptions.MinFrames)
                invalid.Add(new(entry.Path, $"{entry.Frames} frames, expected at least {NetworkOptions.MinFrames}"));
            else
                clips.Add(
                    new(
                        entry.Key,
                        entry.Path,
                        entry.Label,
                        entry.Speaker,
                        entry.Split,
                        entry.Start,
                        entry.End,
                        entry.Frames,
                        entry.Seconds,
                        file
                    )
                    {
                        Sex = entry.Sex,

                        Votes = entry.Votes,

                        Channel = entry.ClipChannel,
                    }
                );
            synthetic |= entry.Synthetic;
        }
        return StoreJson.Read(folder);
    }
}
