using System.Diagnostics.CodeAnalysis;

namespace AttnCrnn.HuggingFace.Http;

/// <summary>A request failed temporarily and can be retried. Handled within the hub client.</summary>
/// <param name="message">The reason, for example "connection refused".</param>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Handled within the hub client.")]
internal sealed class HubTransientException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Delay requested by the server, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the server did not answer at all.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>
    /// Whether there was no connection: the name is unknown, or the machine is offline, or nothing listens. Implies
    /// <see cref="IsUnanswered"/>.
    /// </summary>
    public bool IsUnreachable { get; init; }
}
