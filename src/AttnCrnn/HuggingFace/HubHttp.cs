using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Requests to the hub and to the hosts that it sends us to. The token goes to the hub's own address alone: redirects are followed
/// by hand, so that it cannot go along.
/// </summary>
internal sealed partial class HubHttp : IDisposable
{
    private const int MaxRedirects = 5;

    private static readonly string Product = $"attn-crnn/{typeof(HubHttp).Assembly.GetName().Version?.ToString(3)}";

    private readonly HubSettings settings;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    public HubHttp(HubSettings settings, TimeProvider clock)
    {
        (this.settings, this.clock) = (settings, clock);
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            Timeout = Timeout,
        };
    }

    /// <summary>How long a server may stay silent.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(settings.TimeoutSeconds);

    /// <summary>
    /// What the hub knows of a file. Redirects within the hub (a renamed repository) are followed; one to another place is the answer:
    /// it carries the headers, and says where the bytes are.
    /// </summary>
    /// <exception cref="HubTransientException">Nothing answered, or not now.</exception>
    public HttpResponseMessage HeadAsync(Uri address, CancellationToken cancellation) =>
        Follow(HttpMethod.Head, address, fromByte: 0, IsRelative, cancellation);

    /// <summary>A file's bytes, from one of them on; the body is still to be read.</summary>
    /// <exception cref="HubTransientException">Nothing answered, or not now.</exception>
    public HttpResponseMessage Get(Uri address, long fromByte, CancellationToken cancellation) =>
        Follow(HttpMethod.Get, address, fromByte, _ => true, cancellation);

    public void Dispose() => client.Dispose();

    private HttpResponseMessage Follow(
        HttpMethod method,
        Uri address,
        long fromByte,
        Func<string, bool> follows,
        CancellationToken cancellation
    )
    {
        for (var hop = 0; ; hop++)
        {
            var response = Send(method, address, fromByte, cancellation);
            if (Location(response) is not { } location || !follows(location))
                return response;
            response.Dispose();
            address = Target(address, location);
            if (hop == MaxRedirects)
                throw new HubTransientException($"{address.Host} redirects without end");
        }
    }

    /// <summary>Where a redirect leads, as it was written, or null where the answer is none.</summary>
    public static string? Location(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and <= 399 && response.Headers.TryGetValues("Location", out var values)
            ? values.First()
            : null;

    /// <summary>The address that a redirect names.</summary>
    /// <exception cref="InvalidInputException">It is none, or leaves encryption behind.</exception>
    public static Uri Target(Uri from, string location) =>
        Uri.TryCreate(from, location, out var target)
        && (target.Scheme == Uri.UriSchemeHttps || target.Scheme == from.Scheme)
            ? target
            : throw new InvalidInputException(
                $"{from.Host} redirects to '{location}', which is no address to follow from {from.Scheme}; check HF_ENDPOINT and the proxy"
            );

    private HttpResponseMessage Send(HttpMethod method, Uri address, long fromByte, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.UserAgent.ParseAdd(Product);
        request.Headers.AcceptEncoding.ParseAdd("identity"); // the sizes told are those of the bytes as they are
        if (fromByte > 0)
            request.Headers.Range = new RangeHeaderValue(fromByte, null);
        if (settings.Token is { } token && IsHub(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        try
        {
            return Settled(client.Send(request, HttpCompletionOption.ResponseHeadersRead, cancellation));
        }
        catch (HttpRequestException fault)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new HubTransientException($"{address.Host} cannot be reached ({Reason(fault)})", fault)
            {
                IsUnanswered = true,
            };
        }
        catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
        {
            throw new HubTransientException(
                $"{address.Host} did not answer within {settings.TimeoutSeconds:0.#} s",
                fault
            )
            {
                IsUnanswered = true,
            };
        }
    }

    private bool IsHub(Uri address) =>
        (address.Scheme, address.Host, address.Port)
        == (settings.Endpoint.Scheme, settings.Endpoint.Host, settings.Endpoint.Port);

    // The answer, or a transient fault where the server says that it will do better later.
    private HttpResponseMessage Settled(HttpResponseMessage response)
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
            var tooMany = response.StatusCode == HttpStatusCode.TooManyRequests ? " too many requests" : "";
            throw new HubTransientException($"{host} answered {(int)response.StatusCode}{tooMany}")
            {
                RetryAfter = RetryAfter(response),
            };
        }
    }

    // Retry-After in seconds or as a date; the hub itself tells the rest of its window as "RateLimit: …;t=SECONDS".
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter?.Delta is { } delta)
            return delta;
        if (response.Headers.RetryAfter?.Date is { } date)
            return date - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero;
        if (!response.Headers.TryGetValues("RateLimit", out var values))
            return null;
        return SecondsLeft().Match(string.Join(',', values)) is { Success: true } match
            ? TimeSpan.FromSeconds(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static string Reason(HttpRequestException fault) => (fault.InnerException ?? fault).Message.TrimEnd('.');

    private static bool IsRelative(string location) =>
        !location.StartsWith("//", StringComparison.Ordinal)
        && (location.StartsWith('/') || !location.Contains("://", StringComparison.Ordinal));

    [GeneratedRegex(@";\s*t=(\d{1,8})")]
    private static partial Regex SecondsLeft();
}
