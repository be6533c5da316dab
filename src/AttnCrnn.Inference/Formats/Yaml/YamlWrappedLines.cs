using System.Text;

namespace AttnCrnn.Formats.Yaml;

/// <summary>
/// Joins the lines over which PyYAML wraps long values: plain and quoted scalars, flow collections, and block scalars
/// (<c>|</c>, <c>&gt;</c>), whose lines are joined by spaces. Their blank lines and what looks like a comment in them
/// are lost, which no reader of names and identifiers needs.
/// </summary>
internal static class YamlWrappedLines
{
    /// <summary>The lines of a document with each value on one of them; memory and time are linear.</summary>
    public static List<YamlLine> Join(IReadOnlyList<YamlLine> lines)
    {
        var joined = new List<YamlLine>();
        for (var i = 0; i < lines.Count; )
        {
            var line = lines[i++];
            var (start, indent) = FindValue(line);
            var text = new StringBuilder(line.Text);
            if (start < line.Text.Length)
            {
                if (IsBlockScalar(line.Text.AsSpan(start)))
                    JoinBlockScalar(lines, ref i, indent, text, start);
                else if (line.Text[start] is '[' or '{' or '"' or '\'')
                    JoinUntilClosed(lines, ref i, text, line.Text[start..]);
                else
                    JoinPlain(lines, ref i, indent, text);
            }
            joined.Add(line with { Text = text.ToString() });
        }
        return joined;
    }

    // Where the value of a line begins (its length: there is none), and the indentation of what it belongs to.
    private static (int Start, int Indent) FindValue(YamlLine line)
    {
        var start = 0;
        var indent = line.Indent;
        while (line.Text.AsSpan(start).StartsWith("- "))
        {
            start += 2;
            while (start < line.Text.Length && line.Text[start] == ' ')
                start++;
        }
        if (start >= line.Text.Length || line.Text[start..] == "-")
            return (line.Text.Length, indent);
        var colon = YamlReader.FindColon(line.Text[start..]);
        if (colon < 0)
            return (start, indent);
        indent += start;
        start += colon + 1;
        while (start < line.Text.Length && line.Text[start] == ' ')
            start++;
        return (start, indent);
    }

    private static bool IsBlockScalar(ReadOnlySpan<char> value) =>
        value[0] is '|' or '>' && value[1..].TrimStart("+-123456789").IsEmpty;

    private static void JoinBlockScalar(
        IReadOnlyList<YamlLine> lines,
        ref int next,
        int indent,
        StringBuilder text,
        int start
    )
    {
        text.Length = start;
        text.Append('\'');
        for (var first = true; next < lines.Count && lines[next].Indent > indent; next++, first = false)
            text.Append(first ? "" : " ").Append(lines[next].Text.Replace("'", "''", StringComparison.Ordinal));
        text.Append('\'');
    }

    private static void JoinUntilClosed(IReadOnlyList<YamlLine> lines, ref int next, StringBuilder text, string value)
    {
        var state = new FlowState();
        state.Feed(value);
        while (!state.IsClosed && next < lines.Count)
        {
            var line = lines[next++].Text;
            // "\" at the end of a line of a double-quoted scalar: no space; "\ " at the beginning is a space.
            if (state.IsEscapedBreak)
                text.Length--;
            else
                text.Append(' ');
            var part = state.InDoubleQuotes && line.StartsWith("\\ ", StringComparison.Ordinal) ? line[1..] : line;
            text.Append(part);
            state.Feed(part);
        }
    }

    private static void JoinPlain(IReadOnlyList<YamlLine> lines, ref int next, int indent, StringBuilder text)
    {
        while (next < lines.Count && lines[next].Indent > indent && YamlReader.FindColon(lines[next].Text) < 0)
            text.Append(' ').Append(lines[next++].Text);
    }

    /// <summary>Open quotes and brackets, over the lines of a value.</summary>
    private sealed class FlowState
    {
        private int depth;
        private char quote;

        public bool IsClosed => depth <= 0 && quote == '\0';

        public bool InDoubleQuotes => quote == '"';

        /// <summary>Whether the last line ended in a backslash within double quotes.</summary>
        public bool IsEscapedBreak { get; private set; }

        public void Feed(string text)
        {
            IsEscapedBreak = false;
            for (var i = 0; i < text.Length; i++)
                if (quote == '"' && text[i] == '\\')
                {
                    IsEscapedBreak = i + 1 == text.Length;
                    i++;
                }
                else if (quote == '\'' && text[i] == '\'' && i + 1 < text.Length && text[i + 1] == '\'')
                    i++;
                else if (quote != '\0')
                    quote = text[i] == quote ? '\0' : quote;
                else if (text[i] is '"' or '\'' && (i == 0 || text[i - 1] is ' ' or '[' or '{' or ','))
                    quote = text[i];
                else if (text[i] is '[' or '{')
                    depth++;
                else if (text[i] is ']' or '}')
                    depth--;
        }
    }
}
