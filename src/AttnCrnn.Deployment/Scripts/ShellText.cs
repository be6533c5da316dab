namespace AttnCrnn.Deployment.Scripts;

/// <summary>The one place where a text becomes a word of the POSIX shell.</summary>
internal static class ShellText
{
    /// <summary>One word that stands for the text as it is: spaces, quotes, <c>$( )</c> and newlines are nothing but themselves in it.</summary>
    /// <exception cref="RemoteException">The text holds a zero byte, which no argument of a program can.</exception>
    public static string Quote(string text) =>
        text.Contains('\0', StringComparison.Ordinal)
            ? throw new RemoteException("a text with a zero byte in it cannot be given to a program")
            : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>As <see cref="Quote"/>, but bare where nothing in the text means anything to a shell: for what people read.</summary>
    public static string Word(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || "@%+=:,./_-".Contains(c, StringComparison.Ordinal))
            ? text
            : Quote(text);
}
