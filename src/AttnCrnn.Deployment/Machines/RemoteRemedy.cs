namespace AttnCrnn.Deployment.Machines;

/// <summary>What to do about the faults that a file system has.</summary>
internal static class RemoteRemedy
{
    /// <returns><c>; what to do</c>, or nothing where nothing is known.</returns>
    public static string For(string error)
    {
        bool Says(string text) => error.Contains(text, StringComparison.OrdinalIgnoreCase);
        return Says("No space left") || Says("quota exceeded")
                ? "; make room there, or name a folder on another disk with --dir: the same command goes on from here"
            : Says("Read-only file system") || Says("Permission denied")
                ? "; name a folder that you may write with --dir"
            : "";
    }
}
