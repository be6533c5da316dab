using System.IO.Compression;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Zip;

/// <summary>The names of a zip archive's entries. Nothing here writes files by them, but others may.</summary>
internal static class ZipNames
{
    /// <summary>The entry's name.</summary>
    /// <exception cref="InvalidFileException">It leads out of the archive.</exception>
    public static string Plain(string path, ZipArchiveEntry entry)
    {
        var name = entry.FullName;
        return !name.Split('/', '\\').Contains("..") && !Path.IsPathRooted(name)
            ? name
            : throw new InvalidFileException(
                $"{path}:{InputFile.Quote(name)}",
                null,
                "a name that leads out of the archive",
                "a plain name",
                "do not use this archive: nobody makes such names by accident"
            );
    }
}
