namespace AttnCrnn.Deployment.Machines;

/// <summary>Remedies for file system errors, and for a shell that prints.</summary>
internal static class RemoteRemedy
{
    /// <returns><c>; remedy</c>; null for an unknown error.</returns>
    public static OptionText? Find(string error)
    {
        bool Mentions(string text) => error.Contains(text, StringComparison.OrdinalIgnoreCase);
        return Mentions("No space left") || Mentions("quota exceeded")
                ? OptionText.Create(
                    $"; free disk space, or choose a folder on another disk with {RemoteOptionKeys.Dir}, "
                        + $"and repeat the command to continue"
                )
            : Mentions("Read-only file system") || Mentions("Permission denied")
                ? OptionText.Create($"; choose a writable folder with {RemoteOptionKeys.Dir}")
            : Mentions("is your shell clean")
                ? OptionText.Create($" The shell prints text before every command: {ShellOutput.Remedy}")
            : null;
    }
}
