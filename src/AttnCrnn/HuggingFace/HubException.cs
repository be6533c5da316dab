namespace AttnCrnn.HuggingFace;

/// <summary>The hub cannot or will not serve a repository now. What the cache has of it may do instead.</summary>
/// <param name="reason">A few words for a notice, as in "https://huggingface.co cannot be reached (connection refused)".</param>
/// <param name="message">The line for whoever cannot do without.</param>
internal sealed class HubException(string reason, string message) : InvalidInputException(message)
{
    public string Reason { get; } = reason;
}
