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
    /// <exception cref="HubException">The hub is unreachable, or denies access.</exception>
    /// <exception cref="InvalidInputException">The revision does not exist.</exception>
    public async Task<HubEntry> RequestAsync(
        string revision,
        string file,
        UnansweredRetry unanswered,
        CancellationToken cancellation
    )
    {
        var address = CreateAddress(revision, file);
        try
        {
            using var response = await retries
                .RunAsync(
                    repository,
                    unanswered,
                    () => 0,
                    () => http.GetHeadersAsync(address, cancellation),
                    cancellation
                )
                .ConfigureAwait(false);
            return ParseResponse(response, revision, address);
        }
        catch (HubTransientException exception)
        {
            throw errors.CreateUnreachable(exception.Message);
        }
    }

    private HubEntry ParseResponse(HttpResponseMessage response, string revision, Uri source)
    {
        var commit = GetHeader(response, "X-Repo-Commit") ?? (HubNames.IsCommit(revision) ? revision : null);
        var isAbsent =
            response.StatusCode == HttpStatusCode.NotFound && GetHeader(response, "X-Error-Code") == "EntryNotFound";
        var location = HubHttp.GetRedirect(response);
        if (!isAbsent && !response.IsSuccessStatusCode && location is null)
            throw errors.Create(response);
        // A captive portal answers everything with 200 or a redirect.
        if (commit is null || !HubNames.IsCommit(commit))
            throw errors.CreateUnreachable(
                $"the server at {source.Host} is not a hub (its answer has no commit: a proxy or a login page?)"
            );
        if (isAbsent)
            return new HubEntry(commit, null);

        var etag = HubNames.ParseEtag(GetHeader(response, "X-Linked-Etag") ?? GetHeader(response, "ETag"))
            ?? throw errors.CreateUnreachable(
                $"the server at {source.Host} is not a hub (its answer has no usable ETag)"
            );
        var size =
            long.TryParse(GetHeader(response, "X-Linked-Size"), out var linkedSize) ? linkedSize
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength
            : null;
        var requestedAddress = response.RequestMessage!.RequestUri!;
        return new HubEntry(
            commit,
            new HubBlob(
                etag,
                size,
                location is null ? requestedAddress : HubHttp.ResolveRedirect(requestedAddress, location),
                source
            )
        );
    }

    private Uri CreateAddress(string revision, string file)
    {
        var path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        return new Uri(
            $"{settings.Endpoint.OriginalString.TrimEnd('/')}/{repository}"
                + $"/resolve/{Uri.EscapeDataString(revision)}/{path}"
        );
    }

    private static string? GetHeader(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
