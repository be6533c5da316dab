namespace AttnCrnn.Deployment.Scripts;

/// <summary>Quotes text for the POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>The text as one word, with spaces, quotes, <c>$( )</c> and newlines taken literally.</summary>
    /// <exception cref="RemoteException">The text contains a zero byte, which an argument cannot contain.</exception>
    public static string Quote(string text) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new RemoteException("a program argument cannot contain a zero byte")
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Like <see cref="Quote"/>, but unquoted if no character is special to a shell: for display.</summary>
    public static string QuoteIfNeeded(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || "@%+=:,./_-".Contains(c, StringComparison.Ordinal))
            ? text
            : Quote(text);
}
