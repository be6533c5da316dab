namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Clips that lie in a corpus several times: unpacked twice, or as WAV, MP3 and video. With the same speaker, label and
/// take they are one clip, whose copies could otherwise get into different subsets of a split.
/// </summary>
internal static class RecordingCopies
{
    /// <summary>
    /// The recordings without the copies, in their order: .wav before other types, then the shorter path.
    /// </summary>
    public static IReadOnlyList<NamedRecording> Remove(IReadOnlyList<NamedRecording> recordings)
    {
        var selected = recordings
            .Where(recording => recording.Metadata is not null)
            .GroupBy(recording => (recording.Metadata!.Speaker, recording.Metadata.Label, recording.Take))
            .Select(copies => copies.OrderBy(copy => copy.Rank).ThenBy(copy => copy.Path, CopyOrder.Paths).First())
            .ToHashSet();
        return [.. recordings.Where(recording => recording.Metadata is null || selected.Contains(recording))];
    }

    /// <summary>A notice of the number of copies; none if there are none.</summary>
    public static IEnumerable<string> Describe(
        IReadOnlyList<NamedRecording> recordings,
        IReadOnlyList<NamedRecording> distinct
    )
    {
        if (recordings.Count == distinct.Count)
            yield break;
        var copy = recordings.Except(distinct).First();
        yield return $"{recordings.Count - distinct.Count} files (for example {copy.Path}) are further copies of "
            + "clips, with the same speaker, label and name: each clip is read once, .wav before other types and the "
            + "shorter path before the longer";
    }
}
