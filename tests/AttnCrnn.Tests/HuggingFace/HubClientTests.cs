namespace AttnCrnn.Tests.HuggingFace;

/// <summary>The cache and the requests against huggingface_hub 2.4 (tests/fixtures/hub).</summary>
public sealed class HubClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_cache_equals_Pythons_in_every_file_and_link()
    {
        using var hub = new FakeHub();
        await FetchAllAsync(hub);
        Assert.Equal(Tree(hub.PythonsCache), Tree(hub.OurCache));
    }

    [Fact]
    public async Task Requests_match_Python_and_only_the_hub_receives_the_token()
    {
        using var hub = new FakeHub();
        await FetchAllAsync(hub);
        var recorded = hub.Recorded.Select(request =>
            Line(
                request.GetProperty("method").GetString()!,
                request.GetProperty("path").GetString()!,
                request.GetProperty("headers").TryGetProperty("authorization", out _)
            )
        );
        var requests = hub
            .Hub.Requests.Concat(hub.Cdn.Requests)
            .Select(request =>
                Line(
                    request.Method,
                    request.Path.Replace(FakeHub.Commit, "main", StringComparison.Ordinal),
                    request.Header("Authorization") is not null
                )
            );
        Assert.Equal(recorded.Order(StringComparer.Ordinal), requests.Order(StringComparer.Ordinal));
        Assert.All(hub.Hub.Requests, request =>
            Assert.Equal("Bearer " + FakeHub.Token, request.Header("Authorization"))
        );
        Assert.Equal(["localhost:" + hub.Cdn.Port], hub.Cdn.Requests.Select(request => request.Header("Host")));

        static string Line(string method, string path, bool hasToken) =>
            $"{method} {path} {(hasToken ? "with the token" : "without")}";
    }

    [Fact]
    public async Task Files_that_Python_downloaded_are_found_offline_without_a_request()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(
            hub.Settings with
            {
                CacheFolder = hub.PythonsCache,

                IsOffline = true,
            }
        );
        foreach (var revision in (string?[])[null, "main", FakeHub.Commit])
        {
            var snapshot = await client.OpenAsync(FakeHub.Repository, revision, Cancellation);
            Assert.Equal(FakeHub.Commit, snapshot.Commit);
            foreach (var file in FakeHub.Files[..3])
                Assert.Equal(Path.Combine(snapshot.Folder, file), await snapshot.GetAsync(file));
            Assert.Null(await snapshot.FindAsync(FakeHub.Files[3]));
            Assert.Null(await snapshot.FindAsync("pytorch_model.bin"));
        }
        Assert.Empty(hub.Hub.Requests);
    }

    [Fact]
    public async Task A_cached_commit_needs_no_request()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Settings with { CacheFolder = hub.PythonsCache });
        var snapshot = await client.OpenAsync(FakeHub.Repository, FakeHub.Commit, Cancellation);
        foreach (var file in FakeHub.Files[..3])
            Assert.True(File.Exists(await snapshot.GetAsync(file)));
        Assert.Null(await snapshot.FindAsync(FakeHub.Files[3]));
        Assert.Empty(hub.Hub.Requests);
    }

    [Fact]
    public async Task A_branch_is_resolved_once_and_nothing_is_downloaded_twice()
    {
        using var hub = new FakeHub();
        await FetchAllAsync(hub);
        var requestsBefore = hub.Hub.Requests.Count;
        await FetchAllAsync(hub);
        Assert.Equal(requestsBefore + 1, hub.Hub.Requests.Count);
        Assert.Single(hub.Cdn.Requests);
    }

    [Fact]
    public async Task An_unreachable_hub_falls_back_to_the_cache_with_a_notice()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Unreachable with { CacheFolder = hub.PythonsCache });
        var snapshot = await client.OpenAsync(FakeHub.Repository, null, Cancellation);
        Assert.True(File.Exists(await snapshot.GetAsync(FakeHub.LargeFile)));
        Assert.Null(await snapshot.FindAsync("pytorch_model.bin"));
        var notice = Assert.Single(hub.Notices);
        Assert.Contains("cannot be reached", notice, StringComparison.Ordinal);
        Assert.Contains("0123456 from the cache", notice, StringComparison.Ordinal);
        Assert.Empty(hub.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task A_commit_offline_is_read_from_the_cache()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Unreachable with { CacheFolder = hub.PythonsCache });
        var snapshot = await client.OpenAsync(FakeHub.Repository, FakeHub.Commit, Cancellation);
        Assert.Null(await snapshot.FindAsync("pytorch_model.bin"));
        Assert.Single(hub.Notices);
        var exception = await Assert.ThrowsAsync<InvalidInputException>(() => snapshot.GetAsync("pytorch_model.bin"));
        Assert.Contains("pytorch_model.bin is not in the cache", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", exception.Message, StringComparison.Ordinal);
        exception = await Assert.ThrowsAsync<InvalidInputException>(() => snapshot.GetAsync(FakeHub.Files[3]));
        Assert.Contains($"no {FakeHub.Files[3]} at revision", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "HF_HUB_OFFLINE is set")]
    [InlineData(false, "cannot be reached")]
    public async Task A_model_found_nowhere_is_reported_in_one_line_with_remedies(bool offline, string reason)
    {
        using var hub = new FakeHub();
        var exception = await Assert.ThrowsAnyAsync<InvalidInputException>(() =>
            hub.GetAsync(FakeHub.LargeFile, hub.Unreachable with { IsOffline = offline })
        );
        foreach (
            var part in (string[])
                [
                    FakeHub.Repository,
                    hub.OurCache,
                    reason,
                    "hf download " + FakeHub.Repository,
                    "HF_HOME",
                    "folder as encoder",
                ]
        )
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Empty(hub.Clock.WaitedSeconds);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_works_without_the_hub_is_named_if_it_is_needed_and_missing(bool offline)
    {
        using var hub = new FakeHub();
        var settings = hub.Unreachable with
        {
            IsOffline = offline,
            OfflineRemedy = "without a network, use the encoder inside",
        };
        var exception = await Assert.ThrowsAnyAsync<InvalidInputException>(() =>
            hub.GetAsync(FakeHub.LargeFile, settings)
        );
        Assert.EndsWith("; without a network, use the encoder inside", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_of_the_hub_is_not_retried()
    {
        using var hub = new FakeHub();
        var settings = hub.Settings with { Endpoint = new Uri("http://hub.invalid") };
        var exception = await Assert.ThrowsAnyAsync<InvalidInputException>(() =>
            hub.GetAsync(FakeHub.LargeFile, settings)
        );
        Assert.Contains("hub.invalid cannot be reached", exception.Message, StringComparison.Ordinal);
        Assert.Empty(hub.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task Another_revision_with_the_same_bytes_is_linked_and_not_downloaded()
    {
        const string next = "89abcdef0123456789abcdef0123456789abcdef";
        using var hub = new FakeHub();
        await FetchAllAsync(hub);
        hub.Intercept = request =>
            request.Method == "HEAD"
                ? HubReply.Create(
                    200,
                    ("X-Repo-Commit", next),
                    ("ETag", $"W/\"{Path.GetFileName(hub.Blob(hub.OurCache, "config.json"))}\"")
                )
                : null;
        using var client = hub.Client();
        var snapshot = await client.OpenAsync(FakeHub.Repository, "refs/pr/1", Cancellation);
        Assert.Equal(next, snapshot.Commit);
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(await snapshot.GetAsync("config.json")));
        Assert.Equal(
            "../../blobs/" + Path.GetFileName(hub.Blob(hub.OurCache, "config.json")),
            new FileInfo(await snapshot.GetAsync("config.json")).LinkTarget
        );
        Assert.Equal(
            next,
            File.ReadAllText(Path.Combine(hub.OurCache, "models--tiny--wav2vec2-base-like", "refs", "refs", "pr", "1"))
        );
        Assert.EndsWith("/resolve/refs%2Fpr%2F1/config.json", hub.Hub.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_a_subfolder_links_to_its_blob()
    {
        using var hub = new FakeHub();
        using var client = hub.Client();
        var path = await (await client.OpenAsync(FakeHub.Repository, null, Cancellation)).GetAsync(
            "sub/folder/config.json"
        );
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(path));
        Assert.StartsWith("../../../../blobs/", new FileInfo(path).LinkTarget, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repository_without_the_first_file_still_returns_its_commit()
    {
        using var hub = new FakeHub();
        hub.Intercept = request =>
            request.Path.EndsWith("/config.json", StringComparison.Ordinal)
                ? HubReply.Create(404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", FakeHub.Commit))
                : null;
        using var client = hub.Client();
        var snapshot = await client.OpenAsync(FakeHub.Repository, null, Cancellation);
        Assert.Equal(FakeHub.Commit, snapshot.Commit);
        Assert.Null(await snapshot.FindAsync("config.json"));
        Assert.NotNull(await snapshot.FindAsync(FakeHub.LargeFile));
    }

    [Fact]
    public async Task A_link_without_its_blob_is_recreated()
    {
        using var hub = new FakeHub();
        var path = await hub.GetAsync("config.json");
        File.Delete(hub.Blob(hub.OurCache, "config.json"));
        Assert.Equal(path, await hub.GetAsync("config.json"));
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(path));
    }

    [Fact]
    public async Task Two_concurrent_clients_download_once()
    {
        using var hub = new FakeHub();
        using var barrier = new Barrier(2);
        hub.Intercept = request =>
        {
            if (request.Method == "HEAD" && request.Path.EndsWith(FakeHub.LargeFile, StringComparison.Ordinal))
                barrier.SignalAndWait(Cancellation);
            return null;
        };
        var paths = await Task.WhenAll(hub.GetAsync(FakeHub.LargeFile), hub.GetAsync(FakeHub.LargeFile));
        Assert.Equal(paths[0], paths[1]);
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(paths[0]));
        Assert.Single(hub.Cdn.Requests);
    }

    private static async Task FetchAllAsync(FakeHub hub)
    {
        using var client = hub.Client();
        var snapshot = await client.OpenAsync(FakeHub.Repository, null, Cancellation);
        Assert.Equal(FakeHub.Commit, snapshot.Commit);
        foreach (var file in FakeHub.Files[..3])
            Assert.Equal(hub.Bytes(file), File.ReadAllBytes(await snapshot.GetAsync(file)));
        Assert.Null(await snapshot.FindAsync(FakeHub.Files[3]));
    }

    private static EnumerationOptions RecursiveEnumeration =>
        new()
        {
            RecurseSubdirectories = true,

            AttributesToSkip = 0,
        };

    // All files except locks, which the fixture omits: path, and link target or bytes.
    private static IEnumerable<string> Tree(string cache) =>
        from entry in new DirectoryInfo(cache).EnumerateFileSystemInfos("*", RecursiveEnumeration)
        let path = Path.GetRelativePath(cache, entry.FullName)
        where !path.StartsWith(".locks", StringComparison.Ordinal)
        orderby path
        select entry switch
        {
            { LinkTarget: { } target } => $"{path} -> {target}",
            FileInfo file => $"{path} = {Convert.ToHexString(File.ReadAllBytes(file.FullName))}",
            _ => path + "/",
        };
}
