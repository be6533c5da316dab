namespace AttnCrnn.Deployment.Machines;

/// <summary>Remedies for file system errors.</summary>
internal static class RemoteRemedy
{
    /// <returns><c>; remedy</c>, or an empty string for an unknown error.</returns>
    public static string Find(string error)
    {
        bool Mentions(string text) => error.Contains(text, StringComparison.OrdinalIgnoreCase);
        return Mentions("No space left") || Mentions("quota exceeded")
                ? "; free disk space, or choose a folder on another disk with --dir, and repeat the command to continue"
            : Mentions("Read-only file system") || Mentions("Permission denied")
                ? "; choose a writable folder with --dir"
            : "";
    }
}
