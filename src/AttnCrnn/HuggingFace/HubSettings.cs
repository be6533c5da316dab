using System.Globalization;
using System.Text.RegularExpressions;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Where the Hugging Face hub and its cache are: from the same environment variables, with the same defaults, as Python's
/// huggingface_hub, so that both find what either has fetched.
/// </summary>
/// <param name="CacheFolder">Holds one folder a repository, <c>models--org--name</c>.</param>
/// <param name="Endpoint">The hub's address; the token goes nowhere else.</param>
/// <param name="Token">For gated and private repositories, or null.</param>
/// <param name="Offline">No request is ever sent: the cache alone is used.</param>
public sealed partial record HubSettings(string CacheFolder, Uri Endpoint, string? Token, bool Offline)
{
    /// <summary>How long the hub may stay silent, before it answers and within an answer.</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>How often in a row a request may fail for a reason that may pass.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>The settings of this process.</summary>
    /// <exception cref="InvalidInputException">HF_ENDPOINT is no address, or the token cannot be one.</exception>
    public static HubSettings FromEnvironment() =>
        From(Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

    /// <summary>The settings for given variables; an empty one counts as absent.</summary>
    internal static HubSettings From(Func<string, string?> variable, string userFolder)
    {
        var caches = Variable("XDG_CACHE_HOME") ?? Path.Combine(userFolder, ".cache");
        var home = Expand(Variable("HF_HOME") ?? Path.Combine(caches, "huggingface"));
        var cache = Expand(Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE") ?? Path.Combine(home, "hub"));
        var tokenFile = Expand(Variable("HF_TOKEN_PATH") ?? Path.Combine(home, "token"));
        var token = IsTrue(Variable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
            ? null
            : Checked(Variable("HF_TOKEN"), "HF_TOKEN")
                ?? Checked(Variable("HUGGING_FACE_HUB_TOKEN"), "HUGGING_FACE_HUB_TOKEN")
                ?? Checked(TextOf(tokenFile), tokenFile);
        var settings = new HubSettings(
            Path.GetFullPath(cache),
            Address(Variable("HF_ENDPOINT") ?? "https://huggingface.co"),
            token,
            IsTrue(Variable("HF_HUB_OFFLINE") ?? Variable("TRANSFORMERS_OFFLINE"))
        );
        return
            int.TryParse(
                Variable("HF_HUB_DOWNLOAD_TIMEOUT"),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
            && seconds > 0
            ? settings with
            {
                TimeoutSeconds = seconds,
            }
            : settings;

        string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

        // As Python's expanduser and expandvars: a variable that is not set stays as it is written.
        string Expand(string path)
        {
            if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
                path = userFolder + path[1..];
            return VariableInPath()
                .Replace(path, match => variable(match.Groups[1].Value + match.Groups[2].Value) ?? match.Value);
        }
    }

    /// <summary>For messages: everything but the token.</summary>
    public override string ToString() =>
        $"{Endpoint.OriginalString}, cache {CacheFolder}{(Token is null ? "" : ", with a token")}{(Offline ? ", offline" : "")}";

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static Uri Address(string text)
    {
        text = text.TrimEnd('/');
        return
            Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            ? address
            : throw new InvalidInputException(
                $"HF_ENDPOINT {text}: expected an address such as https://huggingface.co; correct it, or unset it"
            );
    }

    // What is wrong with a token is told without the token: messages end up in logs.
    private static string? Checked(string? text, string source)
    {
        var token = text?.Trim();
        if (string.IsNullOrEmpty(token))
            return null;
        return token.All(c => c is > ' ' and <= '~')
            ? token
            : throw new InvalidInputException(
                $"{source}: expected a token as in hf_…, found other characters in it; make one at https://huggingface.co/settings/tokens"
            );
    }

    private static string? TextOf(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$(?:([A-Za-z0-9_]+)|\{([^}]*)\})")]
    private static partial Regex VariableInPath();
}
