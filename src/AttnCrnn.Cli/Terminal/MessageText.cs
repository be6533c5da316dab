namespace AttnCrnn.Cli.Terminal;

/// <summary>Wraps sentences for a terminal.</summary>
internal static class MessageText
{
    /// <summary>
    /// Breaks a text at spaces. A word that is longer than a line, as a path can be, stays whole: the terminal wraps it
    /// so that it can be copied.
    /// </summary>
    /// <param name="indent">Indentation of all lines but the first.</param>
    public static IEnumerable<string> Wrap(string text, int width, int indent)
    {
        for (var isFirst = true; text.Length > width; isFirst = false)
        {
            var start = isFirst ? Math.Max(indent, text.Length - text.TrimStart(' ').Length) : indent;
            var end = text.LastIndexOf(' ', width);
            if (end <= start)
                end = text.IndexOf(' ', start);
            if (end <= start)
                break;
            yield return text[..end].TrimEnd(' ');
            text = new string(' ', indent) + text[(end + 1)..].TrimStart(' ');
        }
        yield return text;
    }
}
