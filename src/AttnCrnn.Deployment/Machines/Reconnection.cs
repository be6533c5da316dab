namespace AttnCrnn.Deployment.Machines;

/// <summary>Asks a machine again after a lost connection, with longer and longer pauses: what is asked must be such that it can be asked twice.</summary>
/// <param name="say">Is told what happens to the connection.</param>
/// <param name="clock">For the pauses.</param>
public sealed class Reconnection(Action<string> say, TimeProvider clock)
{
    // From the last on always as long.
    private static readonly int[] PauseSeconds = [1, 2, 4, 8, 15, 30];

    private int failures;

    /// <summary>Asks until there is an answer.</summary>
    /// <param name="again">Whether it is asked again, after so many failures; always where nobody says.</param>
    /// <exception cref="ConnectionLostException">Also the last time there was none.</exception>
    /// <exception cref="RemoteException">There is none for a reason that will not pass.</exception>
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
                // Ctrl-C ends ssh as well as us, and may come to it first.
                await Task.Delay(TimeSpan.FromMilliseconds(200), clock, cancellation).ConfigureAwait(false);
                var pause = PauseSeconds[Math.Min(failures++, PauseSeconds.Length - 1)];
                say($"{fault.Message}; trying again in {pause} s");
                await Task.Delay(TimeSpan.FromSeconds(pause), clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>There was a part of an answer: the next failure is a first one.</summary>
    public void Answered()
    {
        if (failures > 0)
            say("connected again");
        failures = 0;
    }
}
