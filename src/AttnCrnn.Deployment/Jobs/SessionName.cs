namespace AttnCrnn.Deployment.Jobs;

/// <summary>Validates session names: tmux rewrites dots and colons, and the name is also a file name.</summary>
public static class SessionName
{
    /// <summary>The default session name.</summary>
    public const string Default = "attn_crnn_v2";

    private const int MaxLength = 64;

    /// <returns>An error message with a valid alternative; null if the name is valid.</returns>
    public static OptionText? FindError(string name)
    {
        if (name.Length is > 0 and <= MaxLength && name.All(IsValid) && name[0] != '-')
            return null;
        var suggestion = new string([.. name.Take(MaxLength).Select(c => IsValid(c) ? c : '_')]).TrimStart('-');
        return OptionText.Create(
            $"{RemoteOptionKeys.Name} '{name}': expected at most {MaxLength} letters, digits, _ and - "
                + $"(tmux would rename it); use {(suggestion.Length > 0 ? suggestion : Default)}"
        );
    }

    private static bool IsValid(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
