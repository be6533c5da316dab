namespace AttnCrnn.IO;

/// <summary>Checks that files can be written to a folder, before hours of work for them.</summary>
internal static class WritableFolder
{
    /// <summary>Creates the folder if it does not exist, and writes and deletes an empty file in it.</summary>
    /// <param name="folder">The folder as the user named it.</param>
    /// <param name="option">The option that selects another one.</param>
    /// <exception cref="InvalidInputException">The folder cannot be written.</exception>
    public static void Require(string folder, OptionKey option)
    {
        var probe = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            using var file = new FileStream(
                probe,
                FileMode.CreateNew,
                FileAccess.Write,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                folder,
                OptionText.Create(
                    $"the folder cannot be written ({FileFailure.Describe(exception)}); make it writable, or choose "
                        + $"another one with {option}"
                )
            );
        }
    }
}
