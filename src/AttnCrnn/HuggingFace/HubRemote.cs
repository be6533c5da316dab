using System.Net;
using AttnCrnn.HuggingFace.Http;

namespace AttnCrnn.HuggingFace;

/// <summary>One repository on the hub.</summary>
internal sealed class HubRemote(
    HubSettings settings,
    HubHttp http,
    HubRetries retries,
    HubErrors errors,
    string repository
)
{
    /// <summary>Requests a file's identity and location, without downloading it.</summary>
    /// <param name="retryUnreachable">Whether to retry if the server does not answer.</param>
    /// <exception cref="HubException">The hub is unreachable, or denies access.</exception>
    /// <exception cref="InvalidInputException">The revision does not exist.</exception>
    public HubEntry Ask(string revision, string file, bool retryUnreachable, CancellationToken cancellation)
    {
        var address = AddressOf(revision, file);
        try
        {
            using var response = retries.Run(
                repository,
                retryUnreachable,
                () => 0,
                () => http.Head(address, cancellation),
                cancellation
            );
            return Read(response, revision, address);
        }
        catch (HubTransientException exception)
        {
            throw errors.Unreachable(exception.Message);
        }
    }

    private HubEntry Read(HttpResponseMessage response, string revision, Uri source)
    {
        var commit = Header(response, "X-Repo-Commit") ?? (HubNames.IsCommit(revision) ? revision : null);
        var isAbsent =
            response.StatusCode == HttpStatusCode.NotFound && Header(response, "X-Error-Code") == "EntryNotFound";
        var location = HubHttp.Location(response);
        if (!isAbsent && !response.IsSuccessStatusCode && location is null)
            throw errors.Create(response);
        // A captive portal answers everything with 200 or a redirect.
        if (commit is null || !HubNames.IsCommit(commit))
            throw errors.Unreachable(
                $"the server at {source.Host} is not a hub (its answer has no commit: a proxy or a login page?)"
            );
        if (isAbsent)
            return new HubEntry(commit, null);

        var etag = HubNames.Etag(Header(response, "X-Linked-Etag") ?? Header(response, "ETag"))
            ?? throw errors.Unreachable($"the server at {source.Host} is not a hub (its answer has no usable ETag)");
        var size =
            long.TryParse(Header(response, "X-Linked-Size"), out var linked) ? linked
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength
            : null;
        var requested = response.RequestMessage!.RequestUri!;
        return new HubEntry(
            commit,
            new HubBlob(etag, size, location is null ? requested : HubHttp.Target(requested, location), source)
        );
    }

    private Uri AddressOf(string revision, string file)
    {
        var path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        return new Uri(
            $"{settings.Endpoint.OriginalString.TrimEnd('/')}/{repository}"
                + $"/resolve/{Uri.EscapeDataString(revision)}/{path}"
        );
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
