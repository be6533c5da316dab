namespace AttnCrnn.Deployment.Machines;

/// <summary>Retries queries after a lost connection, with increasing pauses; the queries must be idempotent.</summary>
/// <param name="report">Receives messages about the connection.</param>
public sealed class ConnectionRetry(Action<string> report, TimeProvider clock)
{
    // The last pause repeats.
    private static readonly int[] PauseSeconds = [1, 2, 4, 8, 15, 30];

    private int failures;

    /// <summary>Repeats a query until it succeeds.</summary>
    /// <param name="shouldRetry">Whether to retry after a number of failures; null for always.</param>
    /// <exception cref="ConnectionLostException">
    /// The connection failed and <paramref name="shouldRetry"/> returned false.
    /// </exception>
    /// <exception cref="RemoteException">The query failed for a permanent reason.</exception>
    public async Task<T> RunAsync<T>(
        Func<Task<T>> query,
        CancellationToken cancellation,
        Func<int, bool>? shouldRetry = null
    )
    {
        while (true)
        {
            try
            {
                var answer = await query().ConfigureAwait(false);
                Reset();
                return answer;
            }
            catch (ConnectionLostException exception) when (shouldRetry is null || shouldRetry(failures + 1))
            {
                // Ctrl-C also ends ssh, possibly before it reaches this process.
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellation).ConfigureAwait(false);
                var pause = PauseSeconds[Math.Min(failures++, PauseSeconds.Length - 1)];
                report($"{exception.Message}; retrying in {pause} s");
                await Task.Delay(TimeSpan.FromSeconds(pause), clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Resets the failure count, for example after a partial response.</summary>
    public void Reset()
    {
        if (failures > 0)
            report("reconnected");
        failures = 0;
    }
}
