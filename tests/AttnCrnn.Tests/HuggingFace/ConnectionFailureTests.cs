using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using AttnCrnn.HuggingFace.Http;

namespace AttnCrnn.Tests.HuggingFace;

/// <summary>Why a request got no answer, from the types and codes of its exceptions.</summary>
public sealed class ConnectionFailureTests
{
    [Theory]
    [InlineData(SocketError.ConnectionRefused, "connection refused")]
    [InlineData(SocketError.HostNotFound, "unknown host name")]
    [InlineData(SocketError.TimedOut, "connection timed out")]
    [InlineData(SocketError.ConnectionReset, "connection closed")]
    [InlineData(SocketError.NetworkUnreachable, "no network")]
    [InlineData(SocketError.HostUnreachable, "no route to the host")]
    [InlineData(SocketError.ProtocolFamilyNotSupported, "socket error ProtocolFamilyNotSupported")]
    public void The_code_of_a_socket_is_found_below_other_exceptions(SocketError code, string expected)
    {
        var cause = new IOException("not shown", new SocketException((int)code));
        Assert.Equal(expected, ConnectionFailure.Describe(new HttpRequestException("not shown", cause)));
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "unknown host name")]
    [InlineData(HttpRequestError.ResponseEnded, "the connection was closed before the answer")]
    [InlineData(HttpRequestError.InvalidResponse, "its answer is not HTTP")]
    [InlineData(HttpRequestError.VersionNegotiationError, "HTTP error VersionNegotiationError")]
    public void An_error_of_the_protocol_has_a_reason(HttpRequestError error, string expected) =>
        Assert.Equal(expected, ConnectionFailure.Describe(new HttpRequestException(error, "not shown")));

    [Theory]
    [InlineData(
        HttpStatusCode.ProxyAuthenticationRequired,
        "the proxy proxy.example:3128 answers 407: it needs a user"
    )]
    [InlineData(HttpStatusCode.Forbidden, "the proxy proxy.example:3128 answers 403: it does not allow this host")]
    [InlineData(null, "the proxy proxy.example:3128 refuses the connection")]
    public void A_proxy_that_refuses_is_named_without_its_password(HttpStatusCode? status, string expected)
    {
        var exception = new HttpRequestException(HttpRequestError.ProxyTunnelError, "not shown", null, status);
        var text = ConnectionFailure.Describe(exception, new("http://name:secret@proxy.example:3128"));
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_cannot_be_reached_is_named_with_the_variables()
    {
        var exception = new HttpRequestException("not shown", new SocketException((int)SocketError.ConnectionRefused));
        Assert.Equal(
            "the proxy proxy.example:3128: connection refused; check HTTPS_PROXY, or exclude the host with NO_PROXY",
            ConnectionFailure.Describe(exception, new("http://proxy.example:3128"))
        );
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_is_recognized()
    {
        var cause = new AuthenticationException("not shown");
        var exception = new HttpRequestException(HttpRequestError.SecureConnectionError, "not shown", cause);
        Assert.Contains("certificate is not trusted", ConnectionFailure.Describe(exception), StringComparison.Ordinal);
    }
}
