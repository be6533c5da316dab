namespace AttnCrnn.Deployment.Machines;

/// <summary>Retries queries after a lost connection, with increasing pauses; the queries must be idempotent.</summary>
/// <param name="say">Receives messages about the connection.</param>
public sealed class Reconnection(Action<string> say, TimeProvider clock)
{
    // The last pause repeats.
    private static readonly int[] PauseSeconds = [1, 2, 4, 8, 15, 30];

    private int failures;

    /// <summary>Repeats a query until it is answered.</summary>
    /// <param name="again">Whether to retry after a number of failures; null for always.</param>
    /// <exception cref="ConnectionLostException">
    /// The connection failed and <paramref name="again"/> returned false.
    /// </exception>
    /// <exception cref="RemoteException">The query failed for a permanent reason.</exception>
    public async Task<T> RunAsync<T>(
        Func<Task<T>> question,
        CancellationToken cancellation,
        Func<int, bool>? again = null
    )
    {
        while (true)
        {
            try
            {
                var answer = await question().ConfigureAwait(false);
                Answered();
                return answer;
            }
            catch (ConnectionLostException fault) when (again is null || again(failures + 1))
            {
                // Ctrl-C also ends ssh, possibly before it reaches this process.
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellation).ConfigureAwait(false);
                var pause = PauseSeconds[Math.Min(failures++, PauseSeconds.Length - 1)];
                say($"{fault.Message}; trying again in {pause} s");
                await Task.Delay(TimeSpan.FromSeconds(pause), clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Resets the failure count, as after a partial answer.</summary>
    public void Answered()
    {
        if (failures > 0)
            say("connected again");
        failures = 0;
    }
}
