namespace AttnCrnn.Tests.HuggingFace;

/// <summary>The cache and the requests against huggingface_hub 2.4 (tests/fixtures/hub).</summary>
public sealed class HubClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_cache_equals_Pythons_in_every_file_and_link()
    {
        using var hub = new FakeHub();
        FetchAll(hub);
        Assert.Equal(Tree(hub.PythonsCache), Tree(hub.OurCache));
    }

    [Fact]
    public void Requests_match_Python_and_only_the_hub_receives_the_token()
    {
        using var hub = new FakeHub();
        FetchAll(hub);
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
    public void Files_that_Python_downloaded_are_found_offline_without_a_request()
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
            var snapshot = client.Open(FakeHub.Repository, revision, Cancellation);
            Assert.Equal(FakeHub.Commit, snapshot.Commit);
            foreach (var file in FakeHub.Files[..3])
                Assert.Equal(Path.Combine(snapshot.Folder, file), snapshot.Get(file));
            Assert.Null(snapshot.Find(FakeHub.Files[3]));
            Assert.Null(snapshot.Find("pytorch_model.bin"));
        }
        Assert.Empty(hub.Hub.Requests);
    }

    [Fact]
    public void A_cached_commit_needs_no_request()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Settings with { CacheFolder = hub.PythonsCache });
        var snapshot = client.Open(FakeHub.Repository, FakeHub.Commit, Cancellation);
        foreach (var file in FakeHub.Files[..3])
            Assert.True(File.Exists(snapshot.Get(file)));
        Assert.Null(snapshot.Find(FakeHub.Files[3]));
        Assert.Empty(hub.Hub.Requests);
    }

    [Fact]
    public void A_branch_is_resolved_once_and_nothing_is_downloaded_twice()
    {
        using var hub = new FakeHub();
        FetchAll(hub);
        var requestsBefore = hub.Hub.Requests.Count;
        FetchAll(hub);
        Assert.Equal(requestsBefore + 1, hub.Hub.Requests.Count);
        Assert.Single(hub.Cdn.Requests);
    }

    [Fact]
    public void An_unreachable_hub_falls_back_to_the_cache_with_a_notice()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Unreachable with { CacheFolder = hub.PythonsCache });
        var snapshot = client.Open(FakeHub.Repository, null, Cancellation);
        Assert.True(File.Exists(snapshot.Get(FakeHub.LargeFile)));
        Assert.Null(snapshot.Find("pytorch_model.bin"));
        var notice = Assert.Single(hub.Notices);
        Assert.Contains("cannot be reached", notice, StringComparison.Ordinal);
        Assert.Contains("0123456 from the cache", notice, StringComparison.Ordinal);
        Assert.Empty(hub.Clock.WaitedSeconds);
    }

    [Fact]
    public void A_commit_offline_is_read_from_the_cache()
    {
        using var hub = new FakeHub();
        using var client = hub.Client(hub.Unreachable with { CacheFolder = hub.PythonsCache });
        var snapshot = client.Open(FakeHub.Repository, FakeHub.Commit, Cancellation);
        Assert.Null(snapshot.Find("pytorch_model.bin"));
        Assert.Single(hub.Notices);
        var exception = Assert.Throws<InvalidInputException>(() => snapshot.Get("pytorch_model.bin"));
        Assert.Contains("pytorch_model.bin is not in the cache", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", exception.Message, StringComparison.Ordinal);
        exception = Assert.Throws<InvalidInputException>(() => snapshot.Get(FakeHub.Files[3]));
        Assert.Contains($"no {FakeHub.Files[3]} at revision", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "HF_HUB_OFFLINE is set")]
    [InlineData(false, "cannot be reached")]
    public void A_model_found_nowhere_is_reported_in_one_line_with_remedies(bool offline, string reason)
    {
        using var hub = new FakeHub();
        var exception = Assert.ThrowsAny<InvalidInputException>(() =>
            hub.Get(FakeHub.LargeFile, hub.Unreachable with { IsOffline = offline })
        );
        foreach (
            var part in (string[])
                [FakeHub.Repository, hub.OurCache, reason, "hf download " + FakeHub.Repository, "HF_HOME", "--encoder"]
        )
            Assert.Contains(part, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(offline ? [] : [1, 2, 4, 8], hub.Clock.WaitedSeconds);
    }

    [Fact]
    public void Another_revision_with_the_same_bytes_is_linked_and_not_downloaded()
    {
        const string next = "89abcdef0123456789abcdef0123456789abcdef";
        using var hub = new FakeHub();
        FetchAll(hub);
        hub.Intercept = request =>
            request.Method == "HEAD"
                ? HubReply.Create(
                    200,
                    ("X-Repo-Commit", next),
                    ("ETag", $"W/\"{Path.GetFileName(hub.Blob(hub.OurCache, "config.json"))}\"")
                )
                : null;
        using var client = hub.Client();
        var snapshot = client.Open(FakeHub.Repository, "refs/pr/1", Cancellation);
        Assert.Equal(next, snapshot.Commit);
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(snapshot.Get("config.json")));
        Assert.Equal(
            "../../blobs/" + Path.GetFileName(hub.Blob(hub.OurCache, "config.json")),
            new FileInfo(snapshot.Get("config.json")).LinkTarget
        );
        Assert.Equal(
            next,
            File.ReadAllText(Path.Combine(hub.OurCache, "models--tiny--wav2vec2-base-like", "refs", "refs", "pr", "1"))
        );
        Assert.EndsWith("/resolve/refs%2Fpr%2F1/config.json", hub.Hub.Requests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_in_a_subfolder_links_to_its_blob()
    {
        using var hub = new FakeHub();
        using var client = hub.Client();
        var path = client.Open(FakeHub.Repository, null, Cancellation).Get("sub/folder/config.json");
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(path));
        Assert.StartsWith("../../../../blobs/", new FileInfo(path).LinkTarget, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repository_without_the_first_file_still_returns_its_commit()
    {
        using var hub = new FakeHub();
        hub.Intercept = request =>
            request.Path.EndsWith("/config.json", StringComparison.Ordinal)
                ? HubReply.Create(404, ("X-Error-Code", "EntryNotFound"), ("X-Repo-Commit", FakeHub.Commit))
                : null;
        using var client = hub.Client();
        var snapshot = client.Open(FakeHub.Repository, null, Cancellation);
        Assert.Equal(FakeHub.Commit, snapshot.Commit);
        Assert.Null(snapshot.Find("config.json"));
        Assert.NotNull(snapshot.Find(FakeHub.LargeFile));
    }

    [Fact]
    public void A_link_without_its_blob_is_recreated()
    {
        using var hub = new FakeHub();
        var path = hub.Get("config.json");
        File.Delete(hub.Blob(hub.OurCache, "config.json"));
        Assert.Equal(path, hub.Get("config.json"));
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
        Task<string> Start() =>
            Task.Factory.StartNew(
                () => hub.Get(FakeHub.LargeFile),
                Cancellation,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            );
        var paths = await Task.WhenAll(Start(), Start());
        Assert.Equal(paths[0], paths[1]);
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(paths[0]));
        Assert.Single(hub.Cdn.Requests);
    }

    private static void FetchAll(FakeHub hub)
    {
        using var client = hub.Client();
        var snapshot = client.Open(FakeHub.Repository, null, Cancellation);
        Assert.Equal(FakeHub.Commit, snapshot.Commit);
        foreach (var file in FakeHub.Files[..3])
            Assert.Equal(hub.Bytes(file), File.ReadAllBytes(snapshot.Get(file)));
        Assert.Null(snapshot.Find(FakeHub.Files[3]));
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
