using System.Diagnostics.CodeAnalysis;
using Spectre.Console;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Writes results to stdout and messages to stderr; progress bars only on a terminal.</summary>
[SuppressMessage(
    "Performance",
    "CA1822:Mark members as static",
    Justification = "Callers write to one console, whichever members need its settings."
)]
internal sealed class ConsoleOutput
{
    /// <summary>Whether progress and messages are suppressed.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether results are suppressed, for a step of a command that prints them itself.</summary>
    public bool SuppressResults { get; init; }

    /// <summary>Whether stderr is a terminal that supports progress bars.</summary>
    public bool SupportsProgressBars =>
        !Quiet && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Columns of the terminal; null if stdout is not a terminal.</summary>
    public int? Width =>
        Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "dumb"
            ? null
            : Math.Max(20, Console.WindowWidth);

    /// <summary>Writes a result.</summary>
    public void WriteResult(string line)
    {
        if (!SuppressResults)
            Console.Out.WriteLine(line);
    }

    /// <summary>Writes a message.</summary>
    public void WriteMessage(string line)
    {
        if (!Quiet)
            Console.Error.WriteLine(line);
    }

    /// <summary>Writes an error; never suppressed.</summary>
    public void WriteError(string line) => Console.Error.WriteLine($"attn-crnn: {line}");

    /// <summary>Runs a long operation with a progress bar, if there is a terminal.</summary>
    /// <param name="work">Its argument updates the bar: a fraction from 0 to 1, and a text.</param>
    public T Track<T>(string title, Func<Action<double, string>, T> work)
    {
        if (!SupportsProgressBars)
            return work((_, _) => { });
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console
            .Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title));
                return work(
                    (fraction, text) =>
                    {
                        task.Value = 100 * fraction;
                        task.Description = Markup.Escape(text);
                    }
                );
            });
    }
}
