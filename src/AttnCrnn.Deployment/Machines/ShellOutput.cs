using System.Globalization;

namespace AttnCrnn.Deployment.Machines;

/// <summary>
/// Recognizes what the user's shell on a machine prints before a script runs. Scripts ignore it, but rsync fails on it,
/// after the checks have passed.
/// </summary>
internal static class ShellOutput
{
    /// <summary>How to make such a shell usable.</summary>
    public const string Remedy =
        "guard it in the file that prints it, such as ~/.bashrc: put "
        + "[[ $- == *i* ]] || return before it, so that it is printed in terminals alone";

    private const string FirstLine = "attn_crnn=begin\n"; // of host_info
    private const int MaxShownCharacters = 80;

    /// <param name="output">The output of host_info.</param>
    /// <exception cref="RemoteException">The shell prints something, or did not run the script.</exception>
    public static void RequireClean(string machine, string output)
    {
        var start = output.IndexOf(FirstLine, StringComparison.Ordinal);
        if (start == 0)
            return;
        if (start < 0)
            throw new RemoteException(
                $"{machine}: the shell did not run a script, and printed {QuoteFirstLine(output)}; "
                    + "expected a Unix with a POSIX shell"
            );
        var printed = output[..start];
        var lines = printed.TrimEnd('\n').Split('\n').Length;
        throw new RemoteException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{machine}: the shell prints {QuoteFirstLine(printed)} ({lines} {(lines == 1 ? "line" : "lines")}) "
                    + $"before every command, which corrupts the upload: {Remedy}"
            )
        );
    }

    /// <summary>The first line that is not blank, for messages.</summary>
    public static string QuoteFirstLine(string text)
    {
        var line = text.Split('\n').Select(part => part.Trim()).FirstOrDefault(part => part.Length > 0) ?? "";
        var shown = new string([.. line.Take(MaxShownCharacters).Select(c => char.IsControl(c) ? '?' : c)]);
        return line.Length == 0 ? "an empty line" : $"'{shown}{(line.Length > MaxShownCharacters ? "…" : "")}'";
    }
}
