namespace AttnCrnn.HuggingFace;

/// <summary>A request failed for a reason that may pass: it is worth another try. Never leaves the hub's client.</summary>
/// <param name="message">Why, as in "connection refused".</param>
internal sealed class HubTransientException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How long the hub asks to wait, or null where it does not.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing answered at all, as without a network.</summary>
    public bool IsUnanswered { get; init; }
}
