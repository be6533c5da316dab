namespace AttnCrnn.HuggingFace;

/// <summary>The hub is unreachable or denies access to a repository; cached files may be used instead.</summary>
/// <param name="reason">
/// Short reason for a warning, for example "https://huggingface.co cannot be reached (connection refused)".
/// </param>
/// <param name="text">The full error message.</param>
internal sealed class HubException(string reason, OptionText text) : InvalidInputException(text)
{
    public string Reason { get; } = reason;
}
