using AttnCrnn.Formats.Safetensors;

namespace AttnCrnn.Features.Shards;

/// <summary>Opens shards, whose frames can be extracted again.</summary>
internal static class ShardFile
{
    /// <summary>Opens a shard.</summary>
    /// <exception cref="InvalidFileException">It is damaged.</exception>
    public static SafetensorsFile Open(string path)
    {
        try
        {
            return SafetensorsFile.Open(path);
        }
        catch (InvalidFileException exception)
        {
            throw CreateError(exception);
        }
    }

    /// <summary>
    /// The error with the remedy for a file of a store: clips without their file are extracted again.
    /// </summary>
    public static InvalidFileException CreateError(InvalidFileException exception) =>
        new(
            exception.File,
            exception.Offset,
            exception.Found,
            exception.Expected,
            "the file is damaged: remove it, and extract the same sources into this folder again"
        );
}
