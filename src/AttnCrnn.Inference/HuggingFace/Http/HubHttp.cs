using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.HuggingFace.Http;

/// <summary>
/// HTTP requests to the hub and to the hosts it redirects to. Redirects are followed manually, so that the token is
/// sent to the hub only.
/// </summary>
internal sealed partial class HubHttp : IDisposable
{
    private const int MaxRedirects = 5;

    // A connection takes less than a second; waiting longer would only delay the message that there is none.
    private const double MaxConnectSeconds = 5;

    private static readonly string Product = $"attn-crnn/{typeof(HubHttp).Assembly.GetName().Version?.ToString(3)}";

    private readonly HubSettings settings;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    public HubHttp(HubSettings settings, TimeProvider clock)
    {
        this.settings = settings;
        this.clock = clock;
        client = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,

                UseCookies = false,
                ConnectCallback = ConnectAsync,
            }
        )
        {
            Timeout = Timeout,
        };
    }

    /// <summary>Timeout for the response headers and between two reads.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <summary>
    /// Requests a file's headers. Redirects within the hub (a renamed repository) are followed; a redirect to another
    /// host is returned, since it has the headers and the download address.
    /// </summary>
    /// <exception cref="HubTransientException">The server is unreachable or temporarily unavailable.</exception>
    public Task<HttpResponseMessage> GetHeadersAsync(Uri address, CancellationToken cancellation) =>
        FollowAsync(HttpMethod.Head, address, fromByte: 0, IsRelative, cancellation);

    /// <summary>Requests a file's content from a byte offset; the body is not read yet.</summary>
    /// <exception cref="HubTransientException">The server is unreachable or temporarily unavailable.</exception>
    public Task<HttpResponseMessage> GetAsync(Uri address, long fromByte, CancellationToken cancellation) =>
        FollowAsync(HttpMethod.Get, address, fromByte, _ => true, cancellation);

    public void Dispose() => client.Dispose();

    private async Task<HttpResponseMessage> FollowAsync(
        HttpMethod method,
        Uri address,
        long fromByte,
        Func<string, bool> shouldFollow,
        CancellationToken cancellation
    )
    {
        for (var hop = 0; ; hop++)
        {
            var response = await SendAsync(method, address, fromByte, cancellation).ConfigureAwait(false);
            if (GetRedirect(response) is not { } location || !shouldFollow(location))
                return response;
            response.Dispose();
            address = ResolveRedirect(address, location);
            if (hop == MaxRedirects)
                throw new HubTransientException($"{address.Host} redirects too often");
        }
    }

    /// <summary>The Location header of a redirect, or null if the response is not a redirect.</summary>
    public static string? GetRedirect(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and <= 399 && response.Headers.TryGetValues("Location", out var values)
            ? values.First()
            : null;

    /// <summary>Resolves a Location header.</summary>
    /// <exception cref="InvalidInputException">It is not a valid address, or downgrades from HTTPS.</exception>
    public static Uri ResolveRedirect(Uri origin, string location) =>
        Uri.TryCreate(origin, location, out var target)
        && (target.Scheme == Uri.UriSchemeHttps || target.Scheme == origin.Scheme)
            ? target
            : throw new InvalidInputException(
                $"{origin.Host} redirects to '{location}', which is not allowed from {origin.Scheme}; "
                    + "check HF_ENDPOINT and the proxy"
            );

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        Uri address,
        long fromByte,
        CancellationToken cancellation
    )
    {
        RequireOpenSsl(address);
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.ParseAdd(Product);
        request.Headers.AcceptEncoding.ParseAdd("identity"); // sizes refer to uncompressed content
        if (fromByte > 0)
            request.Headers.Range = new RangeHeaderValue(fromByte, null);
        if (settings.Token is { } token && IsHub(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return ThrowIfTransient(
                await client
                    .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation)
                    .ConfigureAwait(false)
            );
        }
        catch (HttpRequestException exception)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new HubTransientException(
                $"{address.Host} cannot be reached ({ConnectionFailure.Describe(exception, FindProxy(address))})",
                exception
            )
            {
                IsUnanswered = true,
                IsUnreachable =
                    exception.HttpRequestError
                        is HttpRequestError.NameResolutionError
                            or HttpRequestError.ConnectionError
                            or HttpRequestError.ProxyTunnelError
                            or HttpRequestError.SecureConnectionError,
            };
        }
        catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
        {
            throw new HubTransientException(
                $"{address.Host} did not answer within {settings.TimeoutSeconds:0.#} s",
                exception
            )
            {
                IsUnanswered = true,
            };
        }
    }

    // From HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.
    private static Uri? FindProxy(Uri address) =>
        HttpClient.DefaultProxy.IsBypassed(address) ? null : HttpClient.DefaultProxy.GetProxy(address);

    // Without OpenSSL, .NET ends the process on the first encrypted connection.
    private static void RequireOpenSsl(Uri address)
    {
        if (address.Scheme == Uri.UriSchemeHttps && OpenSslLibrary.IsRequired && OpenSslLibrary.Find() is null)
            throw new HubTransientException(
                $"{address.Host} cannot be reached (HTTPS needs OpenSSL, which is missing; install it with: "
                    + $"{OpenSslLibrary.Remedy})"
            )
            {
                IsUnanswered = true,
                IsUnreachable = true,
            };
    }

    // As without a callback, but a connection that takes too long is an error of its own: the hub is unreachable, not
    // slow. Includes the time to resolve the name.
    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(TimeSpan.FromSeconds(Math.Min(MaxConnectSeconds, settings.TimeoutSeconds)));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, timeout.Token).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsHub(Uri address) =>
        (address.Scheme, address.Host, address.Port)
        == (settings.Endpoint.Scheme, settings.Endpoint.Host, settings.Endpoint.Port);

    // Returns the response unless its status is a temporary error.
    private HttpResponseMessage ThrowIfTransient(HttpResponseMessage response)
    {
        if (
            response.StatusCode
            is not (
                HttpStatusCode.TooManyRequests
                or HttpStatusCode.InternalServerError
                or HttpStatusCode.BadGateway
                or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.GatewayTimeout
            )
        )
            return response;
        using (response)
        {
            var host = response.RequestMessage!.RequestUri!.Host;
            var explanation = response.StatusCode == HttpStatusCode.TooManyRequests ? " too many requests" : "";
            throw new HubTransientException($"{host} answered {(int)response.StatusCode}{explanation}")
            {
                RetryAfter = GetRetryDelay(response),
            };
        }
    }

    // Retry-After in seconds or as a date; the hub itself sends "RateLimit: …;t=SECONDS".
    private TimeSpan? GetRetryDelay(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
            return delta;
        if (response.Headers.RetryAfter?.Date is { } date)
            return date - clock.GetUtcNow() is { Ticks: > 0 } delay ? delay : TimeSpan.Zero;
        if (!response.Headers.TryGetValues("RateLimit", out var values))
            return null;
        return RateLimitPattern().Match(string.Join(',', values)) is { Success: true } match
            ? TimeSpan.FromSeconds(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static bool IsRelative(string location) =>
        !location.StartsWith("//", StringComparison.Ordinal)
        && (location.StartsWith('/') || !location.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@";\s*t=(\d{1,8})")]
    private static partial Regex RateLimitPattern();
}
