using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AttnCrnn.HuggingFace.Http;

/// <summary>Says in a few words why a request got no answer, from the types and codes of its exceptions.</summary>
internal static class ConnectionFailure
{
    /// <summary>For example <c>connection refused</c>.</summary>
    /// <param name="proxy">The proxy that the request went through; null: none.</param>
    public static string Describe(HttpRequestException exception, Uri? proxy = null)
    {
        if (proxy is null)
            return DescribeCause(exception);
        // Not the user information of the address, which may hold a password.
        var name = $"the proxy {proxy.Host}:{proxy.Port}";
        if (exception.HttpRequestError != HttpRequestError.ProxyTunnelError)
            return $"{name}: {DescribeCause(exception)}; check HTTPS_PROXY, or exclude the host with NO_PROXY";
        return exception.StatusCode switch
        {
            HttpStatusCode.ProxyAuthenticationRequired => $"{name} answers 407: it needs a user name and a password, "
                + "as in HTTPS_PROXY=http://NAME:PASSWORD@HOST:PORT",
            { } status => $"{name} answers {(int)status}: it does not allow this host",
            null => $"{name} refuses the connection",
        };
    }

    private static string DescribeCause(HttpRequestException exception)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            switch (cause)
            {
                case SocketException socket:
                    return Describe(socket.SocketErrorCode);
                case AuthenticationException:
                    return "the encrypted connection failed: the server's certificate is not trusted, or its TLS "
                        + "version is not supported";
            }
        return exception.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError => UnknownHost,
            HttpRequestError.SecureConnectionError => "the encrypted connection failed",
            HttpRequestError.ProxyTunnelError => "the proxy refuses the connection",
            HttpRequestError.ResponseEnded => "the connection was closed before the answer",
            HttpRequestError.InvalidResponse => "its answer is not HTTP",
            var error => $"HTTP error {error}",
        };
    }

    private const string UnknownHost = "unknown host name";

    private static string Describe(SocketError error) =>
        error switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData => UnknownHost,
            SocketError.TryAgain => "the host name cannot be resolved now",
            SocketError.TimedOut => "connection timed out",
            SocketError.NetworkUnreachable or SocketError.NetworkDown => "no network",
            SocketError.HostUnreachable or SocketError.HostDown => "no route to the host",
            SocketError.ConnectionReset or SocketError.ConnectionAborted or SocketError.Shutdown => "connection closed",
            SocketError.AccessDenied => "connections are forbidden on this machine",
            _ => $"socket error {error}",
        };
}
