namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Git LFS pointers in the place of recordings, as in a corpus that was downloaded from a repository as .zip.
/// </summary>
internal static class LfsPointers
{
    private const int MaxBytes = 1024; // that of the format's specification

    /// <summary>A notice of the number of pointers; none if there are none.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<NamedRecording> recordings)
    {
        var pointers = recordings.Select(recording => recording.Path).Where(IsPointer).ToList();
        if (pointers.Count > 0)
            yield return $"{pointers.Count} of {recordings.Count} files (for example {pointers[0]}) are Git LFS "
                + "pointers, not recordings: run 'git lfs pull' in a clone of the corpus' repository";
    }

    private static bool IsPointer(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Length is 0 or > MaxBytes)
                return false;
            return File.ReadAllText(path).StartsWith("version https://git-lfs", StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // reported where the recording is read
        }
    }
}
