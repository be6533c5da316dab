using System.Net;
using System.Net.Sockets;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>A proxy on this machine that answers every request with 407.</summary>
internal sealed class RefusingProxy : IDisposable
{
    private static readonly byte[] Answer =
    [
        .. "HTTP/1.1 407 Proxy Authentication Required\r\n"u8,
        .. "Proxy-Authenticate: Basic realm=\"x\"\r\n"u8,
        .. "Content-Length: 0\r\nConnection: close\r\n\r\n"u8,
    ];

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public RefusingProxy()
    {
        listener.Start();
        _ = AnswerAsync();
    }

    /// <summary>Its port.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public void Dispose() => listener.Dispose();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                await client.GetStream().WriteAsync(Answer);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }
}
