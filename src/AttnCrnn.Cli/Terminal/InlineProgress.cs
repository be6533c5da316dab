namespace AttnCrnn.Cli.Terminal;

/// <summary>Progress that is shown where it is reported: .NET's own Progress hands it to another thread, which may come late or out of order.</summary>
internal sealed class InlineProgress<T>(Action<T> show) : IProgress<T>
{
    public void Report(T value) => show(value);
}
