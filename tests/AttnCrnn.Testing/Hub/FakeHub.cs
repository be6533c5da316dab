using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Testing.Hub;

/// <summary>
/// A hub that replays the responses that huggingface_hub got (tests/fixtures/hub/requests.json), the large file from a
/// second server with another name; the cache that Python created; and a folder for the program's cache.
/// </summary>
internal sealed class FakeHub : IDisposable
{
    public const string Repository = "tiny/wav2vec2-base-like";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string LargeFile = "model.safetensors";
    public const string Token = "hf_secret";

    // A file that the repository lacks: the response for every other name.
    private const string AbsentFile = "model.safetensors.index.json";

    /// <summary>The files that Python requested, in order; the repository has no index.</summary>
    public static readonly string[] Files =
    [
        "config.json",
        "preprocessor_config.json",
        LargeFile,
        "model.safetensors.index.json",
    ];

    private readonly TempFolder folder;
    private readonly Dictionary<string, JsonElement> heads = new(StringComparer.Ordinal);
    private readonly JsonDocument recorded;
    private readonly Socket boundSocket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public FakeHub()
    {
        recorded = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("hub", "requests.json")));
        folder = new TempFolder();
        boundSocket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        foreach (var request in Recorded)
            if (request.GetProperty("method").GetString() == "HEAD")
                heads[request.GetProperty("path").GetString()!.Split('/')[^1]] = request;
        TarFile.ExtractToDirectory(Fixtures.Path("hub", "cache.tar"), folder.Path, overwriteFiles: false);
        Hub = new HubServer(request => Intercept(request) ?? Answer(request));
        Cdn = new HubServer(request => Intercept(request) ?? ReplyWithRange(Bytes(LargeFile), request, 200, []));
    }

    public IEnumerable<JsonElement> Recorded => recorded.RootElement.GetProperty("requests").EnumerateArray();

    public HubServer Hub { get; }

    public HubServer Cdn { get; }

    /// <summary>Replaces recorded responses; null keeps the recorded one.</summary>
    public Func<HubRequest, HubReply?> Intercept { get; set; } = _ => null;

    public InstantClock Clock { get; } = new();

    public ConcurrentQueue<string> Notices { get; } = new();

    public string PythonsCache => folder.PathOf("cache");

    public string OurCache => folder.PathOf("ours");

    public HubSettings Settings =>
        new(OurCache, new Uri($"http://127.0.0.1:{Hub.Port}"), Token, IsOffline: false) { TimeoutSeconds = 60 };

    /// <summary>An address that accepts no connection: the port is bound, but not listening.</summary>
    public HubSettings Unreachable => Settings with { Endpoint = new Uri($"http://{boundSocket.LocalEndPoint}") };

    /// <summary>The blob of a file in a cache, by its ETag in Python's cache.</summary>
    public string Blob(string cache, string file) =>
        Path.Combine(
            cache,
            "models--tiny--wav2vec2-base-like",
            "blobs",
            Path.GetFileName(new FileInfo(FindInPythonsCache(file)).LinkTarget!)
        );

    public byte[] Bytes(string file) => File.ReadAllBytes(FindInPythonsCache(file));

    public HubClient Client(HubSettings? settings = null, IProgress<HubProgress>? progress = null) =>
        new(settings ?? Settings, Clock, Notices.Enqueue, progress);

    /// <summary>Downloads a file of the repository with a new client.</summary>
    public async Task<string> GetAsync(string file, HubSettings? settings = null)
    {
        using var client = Client(settings);
        var snapshot = await client.OpenAsync(Repository, null, TestContext.Current.CancellationToken);
        return await snapshot.GetAsync(file, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Hub.Dispose();
        Cdn.Dispose();
        recorded.Dispose();
        boundSocket.Dispose();
        folder.Dispose();
    }

    private string FindInPythonsCache(string file) =>
        Path.Combine(PythonsCache, "models--tiny--wav2vec2-base-like", "snapshots", Commit, file);

    private HubReply Answer(HubRequest request)
    {
        var parts = request.Path.Split('?')[0].Split('/');
        var head = heads.GetValueOrDefault(parts[^1], heads[AbsentFile]);
        var port = Cdn.Port.ToString(CultureInfo.InvariantCulture);
        var headers = head.GetProperty("response_headers")
            .EnumerateObject()
            .ToDictionary(
                header => header.Name,
                header => header.Value.GetString()!.Replace("PORT", port, StringComparison.Ordinal)
            );
        var status = head.GetProperty("status").GetInt32();
        return status == 200
            ? ReplyWithRange(Bytes(parts[^1]), request, status, headers)
            : new HubReply(status, headers, []);
    }

    private static HubReply ReplyWithRange(
        byte[] bytes,
        HubRequest request,
        int status,
        Dictionary<string, string> headers
    )
    {
        if (request.Header("Range") is not { } range)
            return new HubReply(status, headers, bytes);
        var start = int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture);
        if (start >= bytes.Length)
            return HubReply.Create(416);
        headers["Content-Range"] = $"bytes {start}-{bytes.Length - 1}/{bytes.Length}";
        return new HubReply(206, headers, bytes[start..]);
    }
}

/// <summary>Every delay elapses immediately and is recorded.</summary>
internal sealed class InstantClock : TimeProvider
{
    public ConcurrentQueue<double> WaitedSeconds { get; } = new();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        WaitedSeconds.Enqueue(dueTime.TotalSeconds);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
