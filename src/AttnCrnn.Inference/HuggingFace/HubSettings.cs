using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Options;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Location of the Hugging Face hub and its cache, from the same environment variables and with the same defaults as
/// Python's huggingface_hub, so that both share the cache.
/// </summary>
/// <param name="CacheFolder">Cache folder, with one folder per repository, <c>models--org--name</c>.</param>
/// <param name="Endpoint">The hub's address; the token is sent only to it.</param>
/// <param name="Token">Access token for gated and private repositories, or null.</param>
/// <param name="IsOffline">Whether to use only the cache and send no requests.</param>
public sealed partial record HubSettings(string CacheFolder, Uri Endpoint, string? Token, bool IsOffline)
{
    private static readonly OptionText EncoderFolderRemedy = OptionText.Create(
        $"specify the checkpoint's folder as {OptionKeys.Encoder}"
    );

    /// <summary>Timeout in seconds for an answer and between two reads of it.</summary>
    public double TimeoutSeconds { get; init; } = 10;

    /// <summary>Maximum number of consecutive transient failures of a request.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>What works without the hub, for the error if it is needed and unreachable; null for nothing.</summary>
    public string? OfflineRemedy { get; init; }

    /// <summary>How a folder is given instead of the repository, for the same error.</summary>
    internal OptionText FolderRemedy { get; init; } = EncoderFolderRemedy;

    /// <summary>Reads the settings from the environment.</summary>
    /// <exception cref="InvalidInputException">HF_ENDPOINT or the token is invalid.</exception>
    public static HubSettings FromEnvironment() =>
        FromVariables(
            Environment.GetEnvironmentVariable,
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
        );

    /// <summary>Reads the settings from the given variables; an empty variable counts as unset.</summary>
    internal static HubSettings FromVariables(Func<string, string?> variable, string userFolder)
    {
        var cacheRoot = GetVariable("XDG_CACHE_HOME") ?? Path.Combine(userFolder, ".cache");
        var huggingFaceFolder = Expand(GetVariable("HF_HOME") ?? Path.Combine(cacheRoot, "huggingface"));
        var cache = Expand(
            GetVariable("HF_HUB_CACHE")
                ?? GetVariable("HUGGINGFACE_HUB_CACHE")
                ?? Path.Combine(huggingFaceFolder, "hub")
        );
        var tokenFile = Expand(GetVariable("HF_TOKEN_PATH") ?? Path.Combine(huggingFaceFolder, "token"));
        var token = IsTrue(GetVariable("HF_HUB_DISABLE_IMPLICIT_TOKEN"))
            ? null
            : RequireToken(GetVariable("HF_TOKEN"), "HF_TOKEN")
                ?? RequireToken(GetVariable("HUGGING_FACE_HUB_TOKEN"), "HUGGING_FACE_HUB_TOKEN")
                ?? RequireToken(ReadIfPossible(tokenFile), tokenFile);
        var settings = new HubSettings(
            Path.GetFullPath(cache),
            ParseEndpoint(GetVariable("HF_ENDPOINT") ?? "https://huggingface.co"),
            token,
            IsTrue(GetVariable("HF_HUB_OFFLINE") ?? GetVariable("TRANSFORMERS_OFFLINE"))
        );
        return
            int.TryParse(
                GetVariable("HF_HUB_DOWNLOAD_TIMEOUT"),
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

        string? GetVariable(string name) => variable(name) is { Length: > 0 } value ? value : null;

        // Like Python's expanduser and expandvars: an unset variable is left unexpanded.
        string Expand(string path)
        {
            if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
                path = userFolder + path[1..];
            return VariablePattern()
                .Replace(path, match => variable(match.Groups[1].Value + match.Groups[2].Value) ?? match.Value);
        }
    }

    /// <summary>The settings for messages, without the token.</summary>
    public override string ToString() =>
        $"{Endpoint.OriginalString}, cache {CacheFolder}"
        + $"{(Token is null ? "" : ", with a token")}{(IsOffline ? ", offline" : "")}";

    private static bool IsTrue(string? value) => value?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE";

    private static Uri ParseEndpoint(string text)
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

    // The message must not contain the token: messages end up in logs.
    private static string? RequireToken(string? text, string source)
    {
        var token = text?.Trim();
        if (string.IsNullOrEmpty(token))
            return null;
        return token.All(c => c is > ' ' and <= '~')
            ? token
            : throw new InvalidInputException(
                $"{source}: found invalid characters in the token, expected hf_…; "
                    + "create one at https://huggingface.co/settings/tokens"
            );
    }

    private static string? ReadIfPossible(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\$(?:([A-Za-z0-9_]+)|\{([^}]*)\})")]
    private static partial Regex VariablePattern();
}
