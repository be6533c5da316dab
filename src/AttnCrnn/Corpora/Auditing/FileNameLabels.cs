using AttnCrnn.Corpora.Readers;
using AttnCrnn.Formats;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>Compares labels with the emotions that the names of known corpora's files and folders carry.</summary>
internal static class FileNameLabels
{
    // Otherwise the labels are of another kind, such as those that listeners perceived.
    private const double MinAgreement = 0.9;

    /// <summary>The clips whose label is not that of their name.</summary>
    /// <param name="clips">Paths and labels; null: unknown.</param>
    /// <param name="origins">[clips], <see cref="ClipOrigins"/>: each is compared on its own.</param>
    /// <returns>Their indices, with the finding.</returns>
    public static IEnumerable<(int Index, RecordingWarning Warning)> FindMismatches(
        IReadOnlyList<(string Path, string? Label)> clips,
        IReadOnlyList<string> origins
    )
    {
        foreach (var origin in Enumerable.Range(0, clips.Count).GroupBy(clip => origins[clip]))
        {
            int[] indices = [.. origin];
            foreach (var (index, warning) in FindMismatches([.. indices.Select(clip => clips[clip])]))
                yield return (indices[index], warning);
        }
    }

    private static IEnumerable<(int Index, RecordingWarning Warning)> FindMismatches(
        (string Path, string? Label)[] clips
    )
    {
        // With the folders: some corpora have the emotion in the names of both, or in that of a folder alone.
        string[] names = [.. clips.Select(clip => FileNameReader.FormatPath(clip.Path)[1..])];
        foreach (var reader in CorpusReaders.All.OfType<FileNameReader>())
        {
            var labels = names.Select(name => reader.ParseFileName(name)?.Label).ToList();
            int[] named = [.. Enumerable.Range(0, clips.Length).Where(i => labels[i] is not null)];
            if (!CorpusFolder.IsSufficient(named.Length, names.Length) || reader.FindDoubt(names) is not null)
                continue;
            int[] labeled = [.. named.Where(i => clips[i].Label is not null)];
            int[] other = [.. labeled.Where(i => Differ(clips[i].Label!, labels[i]!))];
            if (other.Length <= (1 - MinAgreement) * labeled.Length)
                return other.Select(i =>
                    (
                        i,
                        new RecordingWarning(
                            AuditFindings.LabelMismatch,
                            $"labeled {clips[i].Label}, but named {labels[i]} ({reader.Name})"
                        )
                    )
                );
        }
        return [];
    }

    // A label in another language, or of a mapping, is not known to differ.
    private static bool Differ(string label, string nameLabel) =>
        LabelVocabulary.Find(label) is { } word && LabelVocabulary.Find(nameLabel) is { } nameWord && word != nameWord;
}
