namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Reports progress on the calling thread: <see cref="Progress{T}"/> uses other threads, so reports can arrive late
/// or out of order.
/// </summary>
internal sealed class InlineProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
