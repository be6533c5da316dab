using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AttnCrnn.Testing.Hub;

/// <summary>A client's request.</summary>
internal sealed record HubRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

/// <summary>A response. Content-Length is the length of the complete body, even if less is sent.</summary>
/// <param name="CutAfter">Bytes of the body after which the connection is closed.</param>
/// <param name="HangAfter">Bytes of the body after which nothing more is sent until the server stops.</param>
internal sealed record HubReply(
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    byte[] Body,
    int? CutAfter = null,
    int? HangAfter = null
)
{
    public static HubReply Create(int status, params (string Name, string Value)[] headers) =>
        new(status, headers.ToDictionary(header => header.Name, header => header.Value), []);
}

/// <summary>A minimal HTTP server on the loopback; it closes every connection after one response.</summary>
internal sealed class HubServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<HubRequest, HubReply> answer;

    public HubServer(Func<HubRequest, HubReply> parsed)
    {
        this.answer = parsed;
        listener.Start();
        _ = Task.Run(Accept);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<HubRequest> Requests { get; } = new();

    public void Dispose()
    {
        stopping.Cancel();
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(stopping.Token);
                _ = Task.Run(() => Serve(client));
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task Serve(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
            var first = (await reader.ReadLineAsync())?.Split(' ');
            if (first is null)
                return;
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
            var request = new HubRequest(first[0], first[1], headers);
            Requests.Enqueue(request);
            await Send(stream, request, answer(request));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException) { }
    }

    private async Task Send(NetworkStream stream, HubRequest request, HubReply reply)
    {
        var head = new StringBuilder(
            $"HTTP/1.1 {reply.Status} x\r\nConnection: close\r\nContent-Length: {reply.Body.Length}\r\n"
        );
        foreach (var (name, value) in reply.Headers)
            head.Append($"{name}: {value}\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), stopping.Token);
        if (request.Method == "HEAD")
            return;
        await stream.WriteAsync(
            reply.Body.AsMemory(0, reply.CutAfter ?? reply.HangAfter ?? reply.Body.Length),
            stopping.Token
        );
        if (reply.HangAfter is not null)
            await Task.Delay(Timeout.Infinite, stopping.Token);
    }
}
