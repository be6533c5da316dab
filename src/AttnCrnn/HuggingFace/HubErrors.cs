using System.Net;

namespace AttnCrnn.HuggingFace;

/// <summary>What is said where a repository, a revision or a file cannot be had: one line each, with what to do.</summary>
internal sealed class HubErrors(HubSettings settings, string repository, string revision)
{
    private const string OwnFolder = "or give a folder that holds the checkpoint as --encoder";

    private string Hub => settings.Endpoint.OriginalString.TrimEnd('/');

    private string Page => $"{Hub}/{repository}";

    private string Fetching =>
        revision == HubClient.DefaultRevision ? repository : $"{repository} --revision {revision}";

    /// <summary>Neither the hub nor the cache has it now.</summary>
    /// <param name="missing">As in "its config.json"; empty for the repository as a whole.</param>
    /// <param name="reason">Why it cannot be fetched.</param>
    public InvalidInputException Missing(string missing, string reason) => new(MissingLine(missing, reason));

    /// <summary>Nothing answers, or not what a hub would.</summary>
    public HubException Unreachable(string reason) => new(reason, MissingLine("", reason));

    /// <summary>The repository has no such file.</summary>
    public InvalidInputException NoSuchFile(string file, string commit) =>
        new(
            $"{repository}: no {file} at revision {revision} (commit {commit[..7]}); {Page}/tree/{commit} lists what it has: "
                + "choose another --revision or encoder"
        );

    /// <summary>What the hub's answer means, where it is neither a file nor the absence of one.</summary>
    public InvalidInputException Create(HttpResponseMessage response)
    {
        var (status, code, said) = (
            response.StatusCode,
            Header(response, "X-Error-Code"),
            Header(response, "X-Error-Message")
        );
        if (code == "RevisionNotFound")
            return new InvalidInputException(
                $"{repository}: no revision {revision}; {Page}/commits/main lists its commits: give a branch, tag or commit of it as --revision"
            );
        if (code == "GatedRepo")
            return Fault(
                "it is open only to those who asked for access",
                $"ask for it at {Page}, then give the token of that account: HF_TOKEN, or hf auth login"
            );
        if (
            status == HttpStatusCode.Unauthorized
            && said.Contains("Invalid credentials", StringComparison.OrdinalIgnoreCase)
        )
            return Fault(
                "the hub does not know the token it was given",
                $"make a new one at {Hub}/settings/tokens and give it by HF_TOKEN or hf auth login, or unset it for a public repository"
            );
        // To someone without a token the hub answers 401 for what does not exist, too: it does not tell what is private.
        if (code == "RepoNotFound" || status == HttpStatusCode.Unauthorized)
            return Fault(
                "the hub has no such repository, or a private one",
                $"check the name at {Page}; {PrivateRemedy}"
            );
        if (status == HttpStatusCode.Forbidden)
            return Fault(
                $"the hub forbids it{Describe(said)}",
                $"see {Page}; a token needs the right to read this repository"
            );
        return Fault(
            $"{response.RequestMessage?.RequestUri?.Host ?? Hub} answered {(int)status}{Describe(said)}",
            $"see whether {Page} opens, and check HF_ENDPOINT ({Hub})"
        );
    }

    private string PrivateRemedy =>
        settings.Token is null
            ? "for a private one give a token: HF_TOKEN, or hf auth login"
            : "if it is private, its owner has to let the account of your token in";

    private HubException Fault(string what, string remedy) => new(what, $"{repository}: {what}; {remedy}");

    private string MissingLine(string missing, string reason)
    {
        var what =
            missing.Length == 0
                ? $"not in the cache ({settings.CacheFolder})"
                : $"{missing} is not in the cache ({settings.CacheFolder})";
        return $"{repository}: {what}, and {reason}; where there is a network run 'hf download {Fetching}' (before: huggingface-cli download) "
            + $"and copy the cache folder here or point HF_HOME to it, {OwnFolder}";
    }

    private static string Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(' ', values) : "";

    private static string Describe(string said) =>
        said.Length == 0 ? "" : $" ('{(said.Length > 200 ? said[..200] + "…" : said)}')";
}
