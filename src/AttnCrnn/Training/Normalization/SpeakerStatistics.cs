using AttnCrnn.Models;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training.Normalization;

/// <summary>
/// Mean and deviation of every feature over all clips of each speaker; no label is asked for. What is added in the same order gives the same bits. A speaker
/// has statistics of their own from <see cref="MinClips"/> clips and <see cref="MinFrames"/> frames on: a single clip's would take out of it what makes it
/// louder or higher than the speaker's others, which is what an emotion sounds like, and fewer frames than that make figures that are chance.
/// </summary>
/// <param name="width">Numbers a frame.</param>
public sealed class SpeakerStatistics(int width)
{
    /// <summary>Clips that a speaker needs at least.</summary>
    public const int MinClips = 2;

    /// <summary>Frames that a speaker's clips need at least together: 2 s of log-mel, 4 s of an encoder with 50 frames a second.</summary>
    public const int MinFrames = 200;

    private readonly Dictionary<string, FrameSums> sums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeatureNormalization> fitted = new(StringComparer.Ordinal);

    /// <summary>Whether so much of a speaker makes statistics of their own.</summary>
    public static bool IsEnough(int clips, long frames) => clips >= MinClips && frames >= MinFrames;

    /// <summary>For each clip of a source the figures of its own speaker, over all clips that the speaker has there.</summary>
    /// <param name="speakers">[clips of the source], null where nobody said.</param>
    /// <returns>[clips]; null where the clip names no speaker, or the speaker has too little.</returns>
    public static IReadOnlyList<FeatureNormalization?> ComputeAll(IFrameSource source, IReadOnlyList<string?> speakers)
    {
        var statistics = new SpeakerStatistics(source.Width);
        for (var clip = 0; clip < speakers.Count; clip++)
        {
            if (speakers[clip] is not { } speaker)
                continue;
            var values = new float[source.Frames(clip) * source.Width];
            source.Read(clip, values);
            statistics.Add(speaker, values);
        }
        return [.. speakers.Select(statistics.Compute)];
    }

    /// <summary>Takes in one more clip of a speaker.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Add(string speaker, ReadOnlySpan<float> frames)
    {
        if (!sums.TryGetValue(speaker, out var own))
            sums.Add(speaker, own = new(width));
        own.Add(frames);
        fitted.Remove(speaker);
    }

    /// <summary>A speaker's figures; null where none is named, or the speaker has too little.</summary>
    public FeatureNormalization? Compute(string? speaker)
    {
        if (speaker is null || !sums.TryGetValue(speaker, out var own) || !IsEnough(own.Clips, own.Frames))
            return null;
        if (!fitted.TryGetValue(speaker, out var metrics))
            fitted.Add(speaker, metrics = own.Fit("speaker"));
        return metrics;
    }
}
