namespace AttnCrnn.Corpora;

/// <summary>Names of clips in messages.</summary>
internal static class ClipName
{
    /// <summary>The path, with the segment if the clip is one: <c>a.wav [1.5 s to 3 s]</c>.</summary>
    public static string Format(string path, double? startSeconds, double? endSeconds) =>
        startSeconds is null && endSeconds is null
            ? path
            : FormattableString.Invariant($"{path} [{startSeconds ?? 0:R} s to {endSeconds:R} s]");
}
