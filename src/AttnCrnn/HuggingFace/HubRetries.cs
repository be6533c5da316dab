namespace AttnCrnn.HuggingFace;

/// <summary>Tries again what failed for a reason that may pass, waiting longer each time, or as long as the hub asks.</summary>
/// <param name="tries">Failures in a row that are too many.</param>
/// <param name="clock">Tells and waits.</param>
internal sealed class HubRetries(int tries, TimeProvider clock, Action<string> notice)
{
    private const double FirstWaitSeconds = 1;
    private const double MaxBackOffSeconds = 16;

    // The hub counts requests in windows of five minutes; who asks for more than that is not worth waiting for.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    /// <param name="subject">What is asked for, for the notices.</param>
    /// <param name="patient">Whether to try again where nothing answers at all; not where the cache would do.</param>
    /// <param name="reached">How far it has come: a failure after more bytes than ever before is the first in its row.</param>
    /// <exception cref="HubTransientException">The last failure.</exception>
    public T Run<T>(string subject, bool patient, Func<long> reached, Func<T> attempt, CancellationToken cancellation)
    {
        var (failures, furthest) = (0, reached());
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                return attempt();
            }
            catch (HubTransientException fault)
            {
                if (reached() > furthest)
                    (failures, furthest) = (0, reached());
                failures++;
                var wait = fault.RetryAfter ?? BackOff(failures);
                if (failures >= tries || wait > MaxWait || (fault.IsUnanswered && !patient))
                    throw;
                notice($"{subject}: {fault.Message}; trying again in {wait.TotalSeconds:0.#} s");
                Task.Delay(wait, clock, cancellation).GetAwaiter().GetResult();
            }
        }
    }

    private static TimeSpan BackOff(int failures) =>
        TimeSpan.FromSeconds(Math.Min(MaxBackOffSeconds, FirstWaitSeconds * Math.Pow(2, failures - 1)));
}
