namespace AttnCrnn.Models.Normalization;

/// <summary>
/// Mean and standard deviation of every feature over all clips of each speaker, without using labels. The same clips in
/// the same order give bit-identical statistics. A speaker needs at least <see cref="MinClips"/> clips and
/// <see cref="MinFrames"/> frames: statistics of a single clip would remove its deviation from the speaker's mean,
/// which carries the emotion, and fewer frames make unreliable estimates. Not thread-safe.
/// </summary>
/// <param name="width">Feature dimension.</param>
public sealed class SpeakerStatistics(int width)
{
    /// <summary>Minimum number of clips per speaker.</summary>
    public const int MinClips = 2;

    /// <summary>
    /// Minimum number of frames per speaker: 2 s of log-mel, 4 s of an encoder with 50 frames per second.
    /// </summary>
    public const int MinFrames = 200;

    private readonly Dictionary<string, FrameSums> sums = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FeatureNormalization> normalizations = new(StringComparer.Ordinal);

    /// <summary>Whether a number of clips and frames suffices for speaker statistics.</summary>
    public static bool IsSufficient(int clips, long frames) => clips >= MinClips && frames >= MinFrames;

    /// <summary>Adds a clip of a speaker.</summary>
    /// <param name="frames">[frames, width].</param>
    public void Add(string speaker, ReadOnlySpan<float> frames)
    {
        if (!sums.TryGetValue(speaker, out var speakerSums))
            sums.Add(speaker, speakerSums = new(width));
        speakerSums.Add(frames);
        normalizations.Remove(speaker);
    }

    /// <summary>Adds clips of a speaker: all of them, or none if enumerating them fails.</summary>
    /// <param name="clips">Each [frames, width]; enumerated one by one.</param>
    internal void AddAll(string speaker, IEnumerable<ReadOnlyMemory<float>> clips)
    {
        var extended = sums.TryGetValue(speaker, out var speakerSums) ? speakerSums.Clone() : new FrameSums(width);
        foreach (var clip in clips)
            extended.Add(clip.Span);
        sums[speaker] = extended;
        normalizations.Remove(speaker);
    }

    /// <summary>Statistics of a speaker; null if the speaker is unknown or has too few clips or frames.</summary>
    public FeatureNormalization? Compute(string? speaker)
    {
        if (
            speaker is null
            || !sums.TryGetValue(speaker, out var speakerSums)
            || !IsSufficient(speakerSums.Clips, speakerSums.Frames)
        )
            return null;
        if (!normalizations.TryGetValue(speaker, out var normalization))
            normalizations.Add(speaker, normalization = speakerSums.ComputeNormalization(NormalizationMode.Speaker));
        return normalization;
    }
}
