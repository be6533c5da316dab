using AttnCrnn.Formats;

namespace AttnCrnn.Encoders;

/// <summary>The hub cannot or will not serve a repository now. What the cache has of it may do instead.</summary>
/// <param name="reason">A few words for a notice, as in "https://huggingface.co cannot be reached (connection refused)".</param>
/// <param name="message">The line for whoever cannot do without.</param>
internal sealed class HubFaultException(string reason, string message) : RefusedException(message)
{
    public string Reason { get; } = reason;
}
