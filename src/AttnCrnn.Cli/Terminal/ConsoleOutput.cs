using AttnCrnn.IO;
using Spectre.Console;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Writes results to stdout and messages to stderr; progress bars only on a terminal.</summary>
internal sealed class ConsoleOutput
{
    private const int MinWidth = 20;
    private const string EraseLine = "\r\u001b[K";

    private readonly Lock terminal = new(); // signals write messages on another thread
    private readonly TextWriter? output; // null: stdout
    private readonly TextWriter? error; // null: stderr
    private string statusLine = "";

    /// <summary>Writes to stdout and stderr.</summary>
    public ConsoleOutput() { }

    /// <summary>Writes to other writers, which are no terminal.</summary>
    /// <param name="output">Receives results.</param>
    /// <param name="error">Receives messages and errors.</param>
    public ConsoleOutput(TextWriter output, TextWriter error)
    {
        this.output = output;
        this.error = error;
    }

    /// <summary>Whether progress and messages are suppressed; notices and errors are not.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether results are suppressed, for a step of a command that prints them itself.</summary>
    public bool SuppressResults { get; init; }

    /// <summary>Whether stderr is a terminal that supports progress bars.</summary>
    public bool SupportsProgressBars => !Quiet && HasErrorTerminal;

    /// <summary>Columns of the terminal; null if stdout is not a terminal.</summary>
    public int? Width => output is not null || Console.IsOutputRedirected || !HasCapableTerminal ? null : MessageWidth;

    /// <summary>Columns of the terminal, if there is one.</summary>
    public static int MessageWidth => Math.Max(MinWidth, Console.WindowWidth);

    private bool HasErrorTerminal => error is null && !Console.IsErrorRedirected && HasCapableTerminal;

    private static bool HasCapableTerminal => Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Writes a result as it is: a table, JSON, or a line to copy.</summary>
    public void WriteResult(string line)
    {
        if (!SuppressResults)
            WriteResultLines([line]);
    }

    /// <summary>
    /// Writes a result that is prose, wrapped on a terminal as a message; a pipe gets it in one line.
    /// </summary>
    /// <param name="indent">Indentation of the lines that continue the first.</param>
    public void WriteResultText(string text, int indent)
    {
        if (!SuppressResults)
            WriteResultLines(WrapFirstLine(text, Width, indent));
    }

    /// <summary>
    /// Writes a message. On a terminal its first line is wrapped at spaces; further lines are commands, which users
    /// copy, and stay whole.
    /// </summary>
    public void WriteMessage(string message)
    {
        if (!Quiet)
            WriteWrapped(message);
    }

    /// <summary>
    /// Writes a warning, or a decision about the user's data or model; never suppressed, and wrapped as a message.
    /// </summary>
    public void WriteNotice(string notice) => WriteWrapped(notice);

    /// <summary>Writes an error; never suppressed, and wrapped as a message.</summary>
    public void WriteError(string message) => WriteWrapped($"attn-crnn: {message}");

    /// <summary>
    /// Shows a line below all other output on a terminal; it is replaced by the next one. Call only if <see
    /// cref="SupportsProgressBars"/>.
    /// </summary>
    /// <param name="line">Shorter than the terminal is wide; empty: no line.</param>
    public void ShowStatusLine(string line)
    {
        lock (terminal)
        {
            if (line == statusLine)
                return;
            statusLine = line;
            Console.Error.Write(EraseLine + line);
        }
    }

    private void WriteResultLines(IEnumerable<string> lines)
    {
        try
        {
            Write(output ?? Console.Out, lines);
        }
        catch (IOException exception)
        {
            throw new InvalidInputException(
                "standard output",
                $"cannot be written ({FileFailure.Describe(exception)}); free space, or redirect it to another place"
            );
        }
    }

    private void WriteWrapped(string message)
    {
        var indent = message.Length - message.TrimStart(' ').Length;
        try
        {
            Write(error ?? Console.Error, WrapFirstLine(message, HasErrorTerminal ? MessageWidth : null, indent));
        }
        catch (IOException)
        {
            // There is no other place to say it, and the results do not depend on it.
        }
    }

    private static IEnumerable<string> WrapFirstLine(string text, int? columns, int indent)
    {
        var lines = text.Split('\n');
        return [.. MessageText.Wrap(lines[0], columns - 1 ?? int.MaxValue, indent), .. lines[1..]];
    }

    private void Write(TextWriter writer, IEnumerable<string> lines)
    {
        lock (terminal)
        {
            if (statusLine.Length > 0)
                Console.Error.Write(EraseLine);
            foreach (var line in lines)
                writer.WriteLine(line);
            if (statusLine.Length > 0)
                Console.Error.Write(statusLine);
        }
    }

    /// <summary>Runs a long operation with a progress bar, if there is a terminal.</summary>
    /// <param name="work">Its argument updates the bar: a fraction from 0 to 1, and a text.</param>
    public T Track<T>(string title, Func<Action<double, string>, T> work) =>
        SupportsProgressBars ? CreateProgress().Start(context => work(CreateBar(context, title))) : work((_, _) => { });

    /// <inheritdoc cref="Track"/>
    public Task<T> TrackAsync<T>(string title, Func<Action<double, string>, Task<T>> work) =>
        SupportsProgressBars
            ? CreateProgress().StartAsync(context => work(CreateBar(context, title)))
            : work((_, _) => { });

    private static Progress CreateProgress()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            );
    }

    private static Action<double, string> CreateBar(ProgressContext context, string title)
    {
        var task = context.AddTask(Markup.Escape(title));
        return (fraction, text) =>
        {
            task.Value = 100 * fraction;
            task.Description = Markup.Escape(text);
        };
    }
}
