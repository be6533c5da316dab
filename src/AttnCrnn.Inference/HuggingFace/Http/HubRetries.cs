namespace AttnCrnn.HuggingFace.Http;

/// <summary>Retries transient failures with exponential backoff, or after the delay the server asks for.</summary>
/// <param name="maxAttempts">Maximum number of consecutive failures.</param>
/// <param name="clock">Clock for the delays.</param>
/// <param name="notice">Receives a line before each retry.</param>
internal sealed class HubRetries(int maxAttempts, TimeProvider clock, Action<string> notice)
{
    private const double InitialBackoffSeconds = 1;
    private const double MaxBackoffSeconds = 16;

    // The hub's rate limit has windows of five minutes; longer delays are treated as failures.
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    /// <param name="subject">What is requested, for messages.</param>
    /// <param name="bytesReceived">Progress so far; an attempt that made progress resets the failure count.</param>
    /// <param name="attempt">One attempt.</param>
    /// <exception cref="HubTransientException">The last failure.</exception>
    public async Task<T> RunAsync<T>(
        string subject,
        UnansweredRetry unanswered,
        Func<long> bytesReceived,
        Func<Task<T>> attempt,
        CancellationToken cancellation
    )
    {
        var failures = 0;
        var bytesSoFar = bytesReceived();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (HubTransientException exception)
            {
                if (bytesReceived() > bytesSoFar)
                {
                    failures = 0;
                    bytesSoFar = bytesReceived();
                }
                failures++;
                var delay = exception.RetryAfter ?? ComputeBackoff(failures);
                if (failures >= maxAttempts || delay > MaxDelay || !IsRetried(exception, unanswered))
                    throw;
                notice($"{subject}: {exception.Message}; trying again in {delay.TotalSeconds:0.#} s");
                await Task.Delay(delay, clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static bool IsRetried(HubTransientException exception, UnansweredRetry unanswered) =>
        unanswered switch
        {
            UnansweredRetry.None => !exception.IsUnanswered,
            UnansweredRetry.SlowServer => !exception.IsUnreachable,
            _ => true,
        };

    private static TimeSpan ComputeBackoff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(MaxBackoffSeconds, InitialBackoffSeconds * Math.Pow(2, failures - 1)));
}
