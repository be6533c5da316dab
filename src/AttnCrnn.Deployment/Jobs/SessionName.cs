namespace AttnCrnn.Deployment.Jobs;

/// <summary>What a session may be called: tmux rewrites dots and colons in silence, and the name is a file's as well.</summary>
public static class SessionName
{
    /// <summary>The original's.</summary>
    public const string Default = "attn_crnn_v2";

    private const int MaxLength = 64;

    /// <summary>What is wrong with a session's name.</summary>
    /// <returns>What is wrong with the name, with one that would do; null where it is right.</returns>
    public static string? Error(string name)
    {
        if (name.Length is > 0 and <= MaxLength && name.All(IsValid) && name[0] != '-')
            return null;
        var near = new string([.. name.Take(MaxLength).Select(c => IsValid(c) ? c : '_')]).TrimStart('-');
        return $"--name '{name}': letters, digits, _ and - alone, at most {MaxLength} (tmux would rename it); {(near.Length > 0 ? near : Default)} would do";
    }

    private static bool IsValid(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
