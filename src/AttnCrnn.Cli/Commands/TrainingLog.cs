using AttnCrnn.Cli.Terminal;

namespace AttnCrnn.Cli.Commands;

/// <summary>The text log of a training, whose lines are also messages of the program.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly ConsoleOutput console;
    private readonly StreamWriter file;

    /// <param name="folder">Folder of train.log, to which lines are appended; created if it does not exist.</param>
    public TrainingLog(ConsoleOutput console, string folder)
    {
        this.console = console;
        Directory.CreateDirectory(folder);
        file = new StreamWriter(Path.Combine(folder, "train.log"), append: true) { AutoFlush = true };
    }

    /// <summary>Writes a line to the log and as a message.</summary>
    public void WriteLine(string text)
    {
        WriteLineToFile(text);
        console.WriteMessage(text);
    }

    /// <summary>Writes a line to the log only.</summary>
    public void WriteLineToFile(string text) => file.WriteLine(text);

    public void Dispose() => file.Dispose();
}
