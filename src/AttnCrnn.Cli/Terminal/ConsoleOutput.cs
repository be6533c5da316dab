using Spectre.Console;

namespace AttnCrnn.Cli.Terminal;

/// <summary>Results to stdout, everything else to stderr; bars only on a terminal, plain lines in a file.</summary>
internal sealed class ConsoleOutput
{
    /// <summary>Whether progress and remarks are left out.</summary>
    public bool Quiet { get; set; }

    /// <summary>Whether results are left out too: for a step within another command, which shows them itself.</summary>
    public bool SuppressResults { get; init; }

    /// <summary>Whether stderr is a terminal that can draw.</summary>
    public bool CanDraw =>
        !Quiet && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");

    /// <summary>Columns of the terminal that stdout is; null where it is none.</summary>
    public int? Width =>
        Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "dumb"
            ? null
            : Math.Max(20, Console.WindowWidth);

    /// <summary>A result.</summary>
    public void Result(string line)
    {
        if (!SuppressResults)
            Console.Out.WriteLine(line);
    }

    /// <summary>A remark.</summary>
    public void Info(string line)
    {
        if (!Quiet)
            Console.Error.WriteLine(line);
    }

    /// <summary>What went wrong; never left out.</summary>
    public void Error(string line) => Console.Error.WriteLine($"attn-crnn: {line}");

    /// <summary>Runs something long with a bar, where there is a terminal; elsewhere the work gets no bar to move.</summary>
    /// <param name="work">Its argument moves the bar: a share from 0 to 1, and a text.</param>
    public T Track<T>(string title, Func<Action<double, string>, T> work)
    {
        if (!CanDraw)
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
                    (probability, text) =>
                    {
                        task.Value = 100 * probability;
                        task.Description = Markup.Escape(text);
                    }
                );
            });
    }
}
