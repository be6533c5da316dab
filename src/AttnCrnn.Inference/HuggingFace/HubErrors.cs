using System.Net;
using AttnCrnn.Options;

namespace AttnCrnn.HuggingFace;

/// <summary>Error messages for unavailable repositories, revisions and files: one line each, with a remedy.</summary>
internal sealed class HubErrors(HubSettings settings, string repository, string revision)
{
    private string Hub => settings.Endpoint.OriginalString.TrimEnd('/');

    private string Page => $"{Hub}/{repository}";

    private string DownloadArguments =>
        revision == HubClient.DefaultRevision ? repository : $"{repository} --revision {revision}";

    /// <summary>The file is neither cached nor downloadable.</summary>
    /// <param name="missingFile">The file; empty for the whole repository.</param>
    /// <param name="reason">Why it cannot be downloaded.</param>
    public InvalidInputException CreateMissing(string missingFile, string reason) =>
        new(DescribeMissing(missingFile, reason));

    /// <summary>The server does not answer, or is not a hub.</summary>
    public HubException CreateUnreachable(string reason) => new(reason, DescribeMissing("", reason));

    /// <summary>The repository has no such file.</summary>
    public InvalidInputException CreateNoSuchFile(string file, string commit) =>
        new(
            OptionText.Create(
                $"{repository}: no {file} at revision {revision} (commit {commit[..7]}); see {Page}/tree/{commit}: "
                    + $"choose another {OptionKeys.Revision} or repository"
            )
        );

    /// <summary>Converts an HTTP error response to an exception.</summary>
    public InvalidInputException Create(HttpResponseMessage response)
    {
        var status = response.StatusCode;
        var code = GetHeader(response, "X-Error-Code");
        var message = GetHeader(response, "X-Error-Message");
        if (code == "RevisionNotFound")
            return new InvalidInputException(
                OptionText.Create(
                    $"{repository}: no revision {revision}; see {Page}/commits/main: "
                        + $"specify one of its branches, tags or commits as {OptionKeys.Revision}"
                )
            );
        if (code == "GatedRepo")
            return CreateException(
                "the repository is gated and access was not granted",
                $"request access at {Page}, then provide that account's token: HF_TOKEN, or hf auth login"
            );
        // A valid token without access to a repository gets 404 or 403.
        if (status == HttpStatusCode.Unauthorized && code != "RepoNotFound" && settings.Token is not null)
            return CreateException(
                "the hub rejects the token (invalid credentials)",
                $"create one at {Hub}/settings/tokens and provide it with HF_TOKEN or hf auth login, "
                    + "or unset it for a public repository"
            );
        // Without a token the hub also answers 401 for missing repositories, so that private ones stay hidden.
        if (code == "RepoNotFound" || status == HttpStatusCode.Unauthorized)
            return CreateException(
                "the hub has no such repository, or a private one",
                $"check the name at {Page}; {PrivateRemedy}"
            );
        if (status == HttpStatusCode.Forbidden)
            return CreateException(
                $"the hub denies access{Describe(message)}",
                $"see {Page}; the token needs read access to this repository"
            );
        return CreateException(
            $"{response.RequestMessage?.RequestUri?.Host ?? Hub} answered {(int)status}{Describe(message)}",
            $"check that {Page} opens, and check HF_ENDPOINT ({Hub})"
        );
    }

    private string PrivateRemedy =>
        settings.Token is null
            ? "for a private repository provide a token: HF_TOKEN, or hf auth login"
            : "if it is private, its owner must grant access to the account of your token";

    private HubException CreateException(string reason, string remedy) =>
        new(reason, $"{repository}: {reason}; {remedy}");

    private OptionText DescribeMissing(string missingFile, string reason)
    {
        var state =
            missingFile.Length == 0
                ? $"not in the cache ({settings.CacheFolder})"
                : $"{missingFile} is not in the cache ({settings.CacheFolder})";
        return OptionText.Create(
            $"{repository}: {state}, and {reason}; on a machine with network access run "
                + $"'hf download {DownloadArguments}' (formerly huggingface-cli download) and copy the cache folder "
                + $"here or point HF_HOME to it, or {settings.FolderRemedy}"
                + $"{(settings.OfflineRemedy is { } remedy ? $"; {remedy}" : "")}"
        );
    }

    private static string GetHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(' ', values) : "";

    private static string Describe(string message) =>
        message.Length == 0 ? "" : $" ('{(message.Length > 200 ? message[..200] + "…" : message)}')";
}
