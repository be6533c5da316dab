using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.Options;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Validates names of repositories, revisions and files. They become paths and addresses, and some come from a server:
/// names that lead out of their folder are rejected.
/// </summary>
internal static partial class HubNames
{
    private const int MaxFileNameLength = 255;

    /// <summary>Whether a name has the form of a repository, OWNER/NAME, and not that of a path.</summary>
    public static bool IsRepository(string name) =>
        !name.StartsWith('.') && !Path.IsPathRooted(name) && name.Count(c => c == '/') == 1;

    /// <summary>Validates a repository name and returns it.</summary>
    /// <exception cref="InvalidInputException">The name is invalid.</exception>
    public static string ValidateRepository(string name)
    {
        var isValid =
            RepositoryPattern().IsMatch(name)
            && !name.Contains("--", StringComparison.Ordinal)
            && !name.Contains("..", StringComparison.Ordinal)
            && !name.EndsWith(".git", StringComparison.Ordinal);
        return isValid
            ? name
            : throw new InvalidInputException(
                $"'{name}' is not a repository name; expected org/name of letters, digits, '-', '_' and '.', "
                    + "for example facebook/wav2vec2-base"
            );
    }

    /// <summary>Validates a branch, tag, pull request or commit and returns it.</summary>
    /// <exception cref="InvalidInputException">The name is invalid, or could lead out of the cache.</exception>
    public static string ValidateRevision(string name)
    {
        var isValid =
            RevisionPattern().IsMatch(name)
            && name[^1] is not ('/' or '.')
            && !name.EndsWith(".lock", StringComparison.Ordinal)
            && !((string[])["..", "//", "/."]).Any(part => name.Contains(part, StringComparison.Ordinal));
        return isValid
            ? name
            : throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Revision} '{name}': expected a branch, a tag, refs/pr/N or a commit of 40 "
                        + $"hexadecimal digits"
                )
            );
    }

    /// <summary>Validates a file path in a repository, with / as separator, and returns it.</summary>
    /// <exception cref="InvalidInputException">The path could lead out of the repository.</exception>
    public static string ValidateFile(string name)
    {
        var isValid =
            name.Split('/')
                .All(part => part is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(part) <= MaxFileNameLength)
            && !name.Any(c => c == '\\' || char.IsControl(c));
        return isValid
            ? name
            : throw new InvalidInputException(
                $"'{name}' is not a file name in a repository; "
                    + "expected a relative path, for example model.safetensors or onnx/model.onnx"
            );
    }

    /// <summary>Whether a revision is a commit hash, which never changes.</summary>
    public static bool IsCommit(string revision) => CommitPattern().IsMatch(revision);

    /// <summary>An ETag without quotes and W/ prefix, or null if it cannot be a blob name.</summary>
    public static string? ParseEtag(string? header)
    {
        if (header is null)
            return null;
        var etag = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        etag = etag.Trim('"');
        return EtagPattern().IsMatch(etag) ? etag : null;
    }

    [GeneratedRegex(
        @"^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?\z"
    )]
    private static partial Regex RepositoryPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._/+@=-]{0,254}\z")]
    private static partial Regex RevisionPattern();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex CommitPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,128}\z")]
    private static partial Regex EtagPattern();
}
