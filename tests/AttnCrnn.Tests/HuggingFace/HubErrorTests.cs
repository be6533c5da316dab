namespace AttnCrnn.Tests.HuggingFace;

/// <summary>Recorded error responses of the hub, and the messages that the user gets.</summary>
public sealed class HubErrorTests
{
    public static TheoryData<int, string, string, string[]> Answers =>
        new()
        {
            { 401, "RepoNotFound", "Repository not found", ["no such repository, or a private one", "HF_TOKEN"] },
            { 404, "RepoNotFound", "Repository not found", ["no such repository, or a private one", "check the name"] },
            { 401, "", "Invalid credentials in Authorization header", ["rejects the token", "/settings/tokens"] },
            { 401, "", "User Access Token is expired", ["rejects the token", "/settings/tokens"] },
            { 401, "GatedRepo", "Access to model is restricted", ["gated", "HF_TOKEN"] },
            { 403, "GatedRepo", "Access to model is restricted", ["gated", "request access at http://127.0.0.1"] },
            {
                403,
                "",
                "Private repository storage limit reached",
                ["denies access ('Private repository storage limit reached')"]
            },
            { 404, "RevisionNotFound", "Invalid rev id: main", ["no revision main", "commits as revision"] },
            { 404, "", "", ["answered 404", "HF_ENDPOINT"] },
            { 418, "", "I'm a teapot", ["answered 418 ('I'm a teapot')"] },
        };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Each_error_of_the_hub_is_one_line_with_its_remedy(
        int status,
        string code,
        string hubMessage,
        string[] parts
    )
    {
        using var hub = new FakeHub();
        hub.Intercept = _ => HubReply.Create(status, ("X-Error-Code", code), ("X-Error-Message", hubMessage));
        var settings = hub.Settings with { Token = status == 401 && code.Length == 0 ? FakeHub.Token : null };
        var exception = await Assert.ThrowsAnyAsync<InvalidInputException>(() => hub.GetAsync("config.json", settings));
        Assert.StartsWith(FakeHub.Repository + ": ", exception.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', exception.Message);
        Assert.DoesNotContain(FakeHub.Token, exception.Message, StringComparison.Ordinal);
        Assert.Single(hub.Hub.Requests);
        Assert.False(Directory.Exists(hub.OurCache));
    }

    [Fact]
    public async Task A_file_missing_in_the_repository_is_named_and_remembered()
    {
        using var hub = new FakeHub();
        var exception = await Assert.ThrowsAsync<InvalidInputException>(() => hub.GetAsync(FakeHub.Files[3]));
        Assert.Contains(
            $"no {FakeHub.Files[3]} at revision main (commit 0123456)",
            exception.Message,
            StringComparison.Ordinal
        );
        Assert.True(
            File.Exists(
                Path.Combine(
                    hub.OurCache,
                    "models--tiny--wav2vec2-base-like",
                    ".no_exist",
                    FakeHub.Commit,
                    FakeHub.Files[3]
                )
            )
        );
        var requestsBefore = hub.Hub.Requests.Count;
        await Assert.ThrowsAsync<InvalidInputException>(() => hub.GetAsync(FakeHub.Files[3]));
        Assert.Equal(requestsBefore + 1, hub.Hub.Requests.Count);
    }

    [Theory]
    [InlineData("GatedRepo", true)]
    [InlineData("RepoNotFound", true)]
    [InlineData("RevisionNotFound", false)]
    public async Task The_cache_is_used_if_the_hub_denies_access_but_not_if_a_revision_is_gone(string code, bool isUsed)
    {
        using var hub = new FakeHub { Intercept = _ => HubReply.Create(404, ("X-Error-Code", code)) };
        var settings = hub.Settings with { CacheFolder = hub.PythonsCache };
        if (isUsed)
            Assert.True(File.Exists(await hub.GetAsync(FakeHub.LargeFile, settings)));
        else
            await Assert.ThrowsAsync<InvalidInputException>(() => hub.GetAsync(FakeHub.LargeFile, settings));
        Assert.Equal(isUsed ? 1 : 0, hub.Notices.Count);
    }

    public static TheoryData<string, string> OtherServers =>
        new()
        {
            { "ETag", "\"abc\"" },
            { "X-Repo-Commit", "../../../../etc" },
            { "X-Repo-Commit", FakeHub.Commit },
            { "Location", "http://localhost:1/login" },
        };

    [Theory]
    [MemberData(nameof(OtherServers))]
    public async Task An_endpoint_that_is_not_a_hub_is_reported_and_nothing_written(string header, string value)
    {
        using var hub = new FakeHub();
        hub.Intercept = _ => HubReply.Create(header == "Location" ? 302 : 200, (header, value));
        Assert.Contains(
            "is not a hub",
            (await Assert.ThrowsAnyAsync<InvalidInputException>(() => hub.GetAsync("config.json"))).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("\"../../../x\"")]
    [InlineData("\"a/b\"")]
    [InlineData("\"..\"")]
    public async Task An_ETag_that_points_outside_the_cache_is_not_followed(string etag)
    {
        using var hub = new FakeHub();
        hub.Intercept = _ => HubReply.Create(200, ("X-Repo-Commit", FakeHub.Commit), ("X-Linked-Etag", etag));
        Assert.Contains(
            "no usable ETag",
            (await Assert.ThrowsAnyAsync<InvalidInputException>(() => hub.GetAsync("config.json"))).Message,
            StringComparison.Ordinal
        );
        Assert.False(Directory.Exists(hub.OurCache));
    }

    [Fact]
    public async Task A_redirect_to_a_non_HTTP_address_is_rejected()
    {
        using var hub = new FakeHub();
        hub.Intercept = request =>
            request.Method == "GET" ? HubReply.Create(302, ("Location", "file:///etc/passwd")) : null;
        Assert.Contains(
            "is not allowed",
            (await Assert.ThrowsAsync<InvalidInputException>(() => hub.GetAsync("config.json"))).Message,
            StringComparison.Ordinal
        );
    }
}
