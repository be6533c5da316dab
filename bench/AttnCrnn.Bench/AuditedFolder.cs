using AttnCrnn.Audio;

namespace AttnCrnn.Bench;

/// <summary>The recordings on which the audit is measured.</summary>
internal static class AuditedFolder
{
    /// <summary>The recordings in a folder and its subfolders, ordered by path.</summary>
    public static string[] ListRecordings(string folder) =>
        [
            .. Directory
                .GetFiles(folder, "*", SearchOption.AllDirectories)
                .Where(AudioReader.HasAudioExtension)
                .Order(StringComparer.Ordinal),
        ];
}
