using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Tests.HuggingFace;

/// <summary>Servers that cut connections, hang, fail, send wrong data and redirect.</summary>
public sealed class HubDownloadTests
{
    private const int HalfLength = 90_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_interrupted_download_resumes_and_completes()
    {
        using var hub = new FakeHub();
        hub.Intercept = ReplyOnce(IsCdn, new HubReply(200, None, hub.Bytes(FakeHub.LargeFile), CutAfter: HalfLength));
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Equal([null, $"bytes={HalfLength}-"], hub.Cdn.Requests.Select(request => request.Header("Range")));
        Assert.Contains("was interrupted", Assert.Single(hub.Notices), StringComparison.Ordinal);
        Assert.All(hub.Cdn.Requests, request => Assert.Null(request.Header("Authorization")));
    }

    [Fact]
    public async Task The_download_size_and_free_space_are_reported_beforehand()
    {
        using var hub = new FakeHub();
        var noticesBefore = -1;
        hub.Intercept = request =>
        {
            if (IsCdn(request))
                noticesBefore = hub.Notices.Count;
            return null;
        };
        using var client = hub.Client();
        await HubCheckpoint.FetchAsync(
            await client.OpenAsync(FakeHub.Repository, null, Cancellation),
            EncoderFamilies.BuiltIn,
            Cancellation
        );
        Assert.Equal(1, noticesBefore);
        var megabytes = hub.Bytes(FakeHub.LargeFile).Length / 1e6;
        Assert.Matches(
            $@"^{FakeHub.Repository}: {megabytes:0.#} MB to download to .+ \(\d+ MB free\)$",
            Assert.Single(hub.Notices)
        );
    }

    [Fact]
    public async Task Cached_files_cause_no_download_message()
    {
        using var hub = new FakeHub();
        using var client = hub.Client();
        await HubCheckpoint.FetchAsync(
            await client.OpenAsync(FakeHub.Repository, null, Cancellation),
            EncoderFamilies.BuiltIn,
            Cancellation
        );
        await HubCheckpoint.FetchAsync(
            await client.OpenAsync(FakeHub.Repository, null, Cancellation),
            EncoderFamilies.BuiltIn,
            Cancellation
        );
        Assert.Single(hub.Notices);
    }

    [Fact]
    public async Task A_repeatedly_cut_download_completes_as_long_as_it_progresses()
    {
        using var hub = new FakeHub();
        var bytes = hub.Bytes(FakeHub.LargeFile);
        hub.Intercept = request =>
        {
            if (!IsCdn(request))
                return null;
            var start = request.Header("Range") is { } range ? int.Parse(range["bytes=".Length..^1]) : 0;
            return new HubReply(
                start == 0 ? 200 : 206,
                new Dictionary<string, string>
                {
                    ["Content-Range"] = $"bytes {start}-{bytes.Length - 1}/{bytes.Length}",
                },
                bytes[start..],
                CutAfter: Math.Min(10_000, bytes.Length - start)
            );
        };
        Assert.Equal(bytes, File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Equal((bytes.Length + 9_999) / 10_000, hub.Cdn.Requests.Count);
    }

    [Fact]
    public async Task A_download_without_progress_fails_and_keeps_the_received_bytes()
    {
        using var hub = new FakeHub();
        var bytes = hub.Bytes(FakeHub.LargeFile);
        hub.Intercept = request => IsCdn(request) ? new HubReply(200, None, bytes, CutAfter: HalfLength) : null;
        var exception = await Assert.ThrowsAnyAsync<InvalidInputException>(() => hub.GetAsync(FakeHub.LargeFile));
        Assert.Contains("was interrupted", exception.Message, StringComparison.Ordinal);
        Assert.Contains("resumed", exception.Message, StringComparison.Ordinal);
        Assert.Equal(bytes[..HalfLength], File.ReadAllBytes(hub.Blob(hub.OurCache, FakeHub.LargeFile) + ".incomplete"));

        hub.Intercept = _ => null;
        Assert.Equal(bytes, File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Equal($"bytes={HalfLength}-", hub.Cdn.Requests.Last().Header("Range"));
        Assert.False(File.Exists(hub.Blob(hub.OurCache, FakeHub.LargeFile) + ".incomplete"));
    }

    public static TheoryData<int, string?> Interruptions =>
        new()
        {
            { 200, null },
            { 206, "bytes 5-99/100" },
            { 206, null },
        };

    [Theory]
    [MemberData(nameof(Interruptions))]
    public async Task A_login_page_or_a_wrong_range_keeps_the_received_bytes(int status, string? range)
    {
        using var hub = new FakeHub();
        var bytes = hub.Bytes(FakeHub.LargeFile);
        var partialFile = hub.Blob(hub.OurCache, FakeHub.LargeFile) + ".incomplete";
        Directory.CreateDirectory(Path.GetDirectoryName(partialFile)!);
        File.WriteAllBytes(partialFile, bytes[..HalfLength]);
        var headers = range is null ? None : new Dictionary<string, string> { ["Content-Range"] = range };
        hub.Intercept = ReplyOnce(IsCdn, new HubReply(status, headers, "<html>"u8.ToArray()));
        Assert.Equal(bytes, File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Equal(
            [$"bytes={HalfLength}-", $"bytes={HalfLength}-"],
            hub.Cdn.Requests.Select(request => request.Header("Range"))
        );
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(181_984)]
    [InlineData(200_000)]
    public async Task A_sparse_partial_file_is_downloaded_from_the_start(int length)
    {
        using var hub = new FakeHub();
        var partialFile = hub.Blob(hub.OurCache, FakeHub.LargeFile) + ".incomplete";
        Directory.CreateDirectory(Path.GetDirectoryName(partialFile)!);
        File.WriteAllBytes(partialFile, new byte[length]);
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Null(hub.Cdn.Requests.Last().Header("Range"));
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData(FakeHub.LargeFile)]
    public async Task Bytes_with_a_wrong_hash_are_rejected_and_deleted(string file)
    {
        using var hub = new FakeHub();
        var content = hub.Bytes(file);
        content[^1] ^= 1;
        hub.Intercept = request =>
            request.Method == "GET" && request.Path.Contains(file, StringComparison.Ordinal) && !IsRedirected(request)
                ? new HubReply(200, None, content)
                : null;
        var exception = await Assert.ThrowsAsync<InvalidInputException>(() => hub.GetAsync(file));
        Assert.Contains("does not match the hash", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(hub.Blob(hub.OurCache, file))!));
        Assert.False(Directory.Exists(Path.Combine(hub.OurCache, "models--tiny--wav2vec2-base-like", "snapshots")));

        bool IsRedirected(HubRequest request) =>
            file == FakeHub.LargeFile && request.Path.Contains("/resolve/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retries_follow_Retry_After_or_exponential_backoff()
    {
        using var hub = new FakeHub();
        var replies = new Queue<HubReply>([
            HubReply.Create(429, ("Retry-After", "7")),
            HubReply.Create(429, ("RateLimit", "\"resolvers\";r=0;t=42")),
            HubReply.Create(500),
            HubReply.Create(503),
        ]);
        hub.Intercept = _ => replies.TryDequeue(out var reply) ? reply : null;
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(await hub.GetAsync("config.json")));
        Assert.Equal([7, 42, 4, 8], hub.Clock.WaitedSeconds);
        Assert.Equal(4, hub.Notices.Count);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_download_succeeds_after_two_failures(int status)
    {
        using var hub = new FakeHub();
        var remaining = 2;
        hub.Intercept = request => request.Method == "GET" && remaining-- > 0 ? HubReply.Create(status) : null;
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(await hub.GetAsync("config.json")));
        Assert.Equal([1, 2], hub.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task A_long_Retry_After_is_not_waited_for()
    {
        using var hub = new FakeHub();
        hub.Intercept = _ => HubReply.Create(429, ("Retry-After", "3600"));
        Assert.Contains(
            "too many requests",
            (await Assert.ThrowsAnyAsync<InvalidInputException>(() => hub.GetAsync("config.json"))).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(hub.Clock.WaitedSeconds);
    }

    [Fact]
    public async Task A_stalled_download_is_resumed()
    {
        using var hub = new FakeHub();
        hub.Intercept = ReplyOnce(IsCdn, new HubReply(200, None, hub.Bytes(FakeHub.LargeFile), HangAfter: HalfLength));
        var path = await hub.GetAsync(FakeHub.LargeFile, hub.Settings with { TimeoutSeconds = 1 });
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(path));
        Assert.Contains(hub.Notices, notice => notice.Contains("sent nothing for 1 s", StringComparison.Ordinal));
        Assert.Contains($"bytes={HalfLength}-", hub.Cdn.Requests.Select(request => request.Header("Range")));
    }

    [Fact]
    public async Task An_expired_signed_address_is_requested_again()
    {
        using var hub = new FakeHub();
        hub.Intercept = ReplyOnce(IsCdn, HubReply.Create(403));
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(await hub.GetAsync(FakeHub.LargeFile)));
        Assert.Equal("GET", hub.Hub.Requests.Last().Method);
        Assert.NotNull(hub.Hub.Requests.Last().Header("Authorization"));
        Assert.All(hub.Cdn.Requests, request => Assert.Null(request.Header("Authorization")));
    }

    [Fact]
    public async Task A_renamed_repository_is_followed_within_the_hub()
    {
        using var hub = new FakeHub();
        hub.Intercept = request =>
            request.Path.StartsWith("/old/", StringComparison.Ordinal)
                ? HubReply.Create(307, ("Location", $"/{FakeHub.Repository}/resolve/main/config.json?a=%2Fb"))
                : null;
        using var client = hub.Client();
        var snapshot = await client.OpenAsync("old/name", null, Cancellation);
        Assert.Equal(FakeHub.Commit, snapshot.Commit);
        Assert.Equal(hub.Bytes("config.json"), File.ReadAllBytes(await snapshot.GetAsync("config.json")));
        Assert.EndsWith("?a=%2Fb", hub.Hub.Requests.Last().Path, StringComparison.Ordinal);
        Assert.All(hub.Hub.Requests, request => Assert.NotNull(request.Header("Authorization")));
    }

    [Fact]
    public async Task Cancellation_stops_at_once_and_keeps_received_bytes()
    {
        using var hub = new FakeHub();
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        hub.Intercept = request =>
            IsCdn(request) ? new HubReply(200, None, hub.Bytes(FakeHub.LargeFile), HangAfter: HalfLength) : null;
        using var client = hub.Client(
            hub.Settings with
            {
                TimeoutSeconds = 600,
            },
            new ProgressAction(report =>
            {
                if (report.Bytes == HalfLength)
                    cancelling.Cancel();
            })
        );
        var snapshot = await client.OpenAsync(FakeHub.Repository, null, cancelling.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            snapshot.GetAsync(FakeHub.LargeFile, cancelling.Token)
        );
        Assert.Equal(HalfLength, new FileInfo(hub.Blob(hub.OurCache, FakeHub.LargeFile) + ".incomplete").Length);
    }

    [Fact]
    public async Task Progress_reaches_the_file_size()
    {
        using var hub = new FakeHub();
        var reports = new List<HubProgress>();
        using var client = hub.Client(progress: new ProgressAction(reports.Add));
        await (await client.OpenAsync(FakeHub.Repository, null, Cancellation)).GetAsync(FakeHub.LargeFile);
        Assert.Equal(new HubProgress(FakeHub.LargeFile, 181_984, 181_984), reports[^1]);
        Assert.Equal(reports.Select(report => report.Bytes).Order(), reports.Select(report => report.Bytes));
    }

    private static readonly Dictionary<string, string> None = [];

    private static bool IsCdn(HubRequest request) => request.Path.StartsWith("/cdn", StringComparison.Ordinal);

    private static Func<HubRequest, HubReply?> ReplyOnce(Func<HubRequest, bool> predicate, HubReply reply)
    {
        var requestCount = 0;
        return request => predicate(request) && requestCount++ == 0 ? reply : null;
    }

    private sealed class ProgressAction(Action<HubProgress> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(value);
    }
}
