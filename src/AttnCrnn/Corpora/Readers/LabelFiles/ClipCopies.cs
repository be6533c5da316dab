namespace AttnCrnn.Corpora.Readers.LabelFiles;

/// <summary>Copies of clips in a corpus: the same recording in other formats, or in a folder in a folder.</summary>
internal static class ClipCopies
{
    /// <summary>
    /// Each clip once: its .wav before other types, then the shortest path, then the first in ordinal order.
    /// </summary>
    /// <param name="recordings">Recordings and the identities of their clips.</param>
    /// <returns>In the order of the recordings.</returns>
    public static IReadOnlyList<(string Path, string Id)> SelectOnce(
        IEnumerable<(string Path, string Id)> recordings,
        List<string> notices
    )
    {
        var all = recordings.ToList();
        var selected = all.GroupBy(recording => recording.Id, StringComparer.OrdinalIgnoreCase)
            .Select(copies => copies.Select(copy => copy.Path).Order(CopyOrder.Paths).First())
            .ToHashSet(StringComparer.Ordinal);
        if (selected.Count < all.Count)
            notices.Add(
                $"{all.Count - selected.Count} recordings (for example "
                    + $"{all.First(recording => !selected.Contains(recording.Path)).Path}) are copies of clips that "
                    + "are read from another file, and are left out"
            );
        return [.. all.Where(recording => selected.Contains(recording.Path))];
    }
}
