using System.Net;

namespace AttnCrnn.HuggingFace;

/// <summary>One repository as the hub shows it.</summary>
internal sealed class HubRemote(
    HubSettings settings,
    HubHttp http,
    HubRetries retries,
    HubErrors refusals,
    string repository
)
{
    /// <summary>Asks the hub for a file of a revision, without fetching it.</summary>
    /// <param name="patient">Whether to ask again where nothing answers.</param>
    /// <exception cref="HubException">The hub is not reached, or will not serve the repository.</exception>
    /// <exception cref="InvalidInputException">There is no such revision.</exception>
    public HubEntry Ask(string revision, string file, bool patient, CancellationToken cancellation)
    {
        var address = AddressOf(revision, file);
        try
        {
            using var response = retries.Run(
                repository,
                patient,
                () => 0,
                () => http.HeadAsync(address, cancellation),
                cancellation
            );
            return Read(response, revision, address);
        }
        catch (HubTransientException fault)
        {
            throw refusals.Unreachable(fault.Message);
        }
    }

    private HubEntry Read(HttpResponseMessage response, string revision, Uri source)
    {
        var commit = Header(response, "X-Repo-Commit") ?? (HubNames.IsCommit(revision) ? revision : null);
        var isAbsent =
            response.StatusCode == HttpStatusCode.NotFound && Header(response, "X-Error-Code") == "EntryNotFound";
        var location = HubHttp.Location(response);
        if (!isAbsent && !response.IsSuccessStatusCode && location is null)
            throw refusals.Create(response);
        // A hotel's login page answers everything with 200 or a redirect.
        if (commit is null || !HubNames.IsCommit(commit))
            throw refusals.Unreachable(
                $"what answers at {source.Host} is no hub (its answer names no commit: a proxy or a login page?)"
            );
        if (isAbsent)
            return new HubEntry(commit, null);

        var etag = HubNames.Etag(Header(response, "X-Linked-Etag") ?? Header(response, "ETag"))
            ?? throw refusals.Unreachable($"what answers at {source.Host} is no hub (its answer has no usable ETag)");
        var size =
            long.TryParse(Header(response, "X-Linked-Size"), out var linked) ? linked
            : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength
            : null;
        var asked = response.RequestMessage!.RequestUri!;
        return new HubEntry(
            commit,
            new HubBlob(etag, size, location is null ? asked : HubHttp.Target(asked, location), source)
        );
    }

    private Uri AddressOf(string revision, string file)
    {
        var path = string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
        return new Uri(
            $"{settings.Endpoint.OriginalString.TrimEnd('/')}/{repository}/resolve/{Uri.EscapeDataString(revision)}/{path}"
        );
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;
}
