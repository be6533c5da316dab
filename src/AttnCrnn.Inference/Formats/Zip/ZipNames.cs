using System.IO.Compression;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Zip;

/// <summary>Validates entry names of zip archives against path traversal.</summary>
internal static class ZipNames
{
    /// <summary>Returns the entry's name.</summary>
    /// <exception cref="InvalidFileException">The name leads out of the archive.</exception>
    public static string ValidateEntryName(string path, ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        return !name.Split('/', '\\').Contains("..") && !Path.IsPathRooted(name)
            ? name
            : throw new InvalidFileException(
                $"{path}:{InputFile.Quote(name)}",
                null,
                "a name that leads out of the archive",
                "a relative name without '..'",
                "the file may be malicious: do not use it"
            );
    }
}
