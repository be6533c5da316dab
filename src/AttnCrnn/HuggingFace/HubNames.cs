using System.Text;
using System.Text.RegularExpressions;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// What names of the hub may look like. All of them become paths and addresses, and some come from the other side of a
/// connection: nothing that could lead out of its folder passes here.
/// </summary>
internal static partial class HubNames
{
    private const int MaxFileNameLength = 255;

    /// <summary>The name of a repository, as it is.</summary>
    /// <exception cref="InvalidInputException">The hub could have no such repository.</exception>
    public static string Repository(string name)
    {
        var fits =
            RepositoryForm().IsMatch(name)
            && !name.Contains("--", StringComparison.Ordinal)
            && !name.Contains("..", StringComparison.Ordinal)
            && !name.EndsWith(".git", StringComparison.Ordinal);
        return fits
            ? name
            : throw new InvalidInputException(
                $"'{name}' is no name of a repository on the hub; expected org/name of letters, digits, '-', '_' and '.', "
                    + "as in facebook/wav2vec2-base"
            );
    }

    /// <summary>The name of a branch, tag or pull request, or a commit, as it is.</summary>
    /// <exception cref="InvalidInputException">Git could have no such name, or it could lead out of the cache.</exception>
    public static string Revision(string name)
    {
        var fits =
            RevisionForm().IsMatch(name)
            && name[^1] is not ('/' or '.')
            && !name.EndsWith(".lock", StringComparison.Ordinal)
            && !((string[])["..", "//", "/."]).Any(part => name.Contains(part, StringComparison.Ordinal));
        return fits
            ? name
            : throw new InvalidInputException(
                $"--revision '{name}': expected a branch, a tag, refs/pr/N or a commit of 40 hexadecimal digits"
            );
    }

    /// <summary>The name of a file in a repository, with / between its folders, as it is.</summary>
    /// <exception cref="InvalidInputException">It could lead out of the repository.</exception>
    public static string File(string name)
    {
        var fits =
            name.Split('/')
                .All(part => part is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(part) <= MaxFileNameLength)
            && !name.Any(c => c == '\\' || char.IsControl(c));
        return fits
            ? name
            : throw new InvalidInputException(
                $"'{name}' is no name of a file in a repository; expected one such as model.safetensors or onnx/model.onnx"
            );
    }

    /// <summary>Whether a revision is a commit: such a one never changes, and needs no request where the cache has it.</summary>
    public static bool IsCommit(string revision) => CommitForm().IsMatch(revision);

    /// <summary>A file's mark without its quotes and the W/ of a weak one, or null where it could not name a blob.</summary>
    public static string? Etag(string? header)
    {
        if (header is null)
            return null;
        var mark = header.StartsWith("W/", StringComparison.Ordinal) ? header[2..] : header;
        mark = mark.Trim('"');
        return EtagForm().IsMatch(mark) ? mark : null;
    }

    [GeneratedRegex(
        @"^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?/)?[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?\z"
    )]
    private static partial Regex RepositoryForm();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._/+@=-]{0,254}\z")]
    private static partial Regex RevisionForm();

    [GeneratedRegex(@"^[0-9a-f]{40}\z")]
    private static partial Regex CommitForm();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,128}\z")]
    private static partial Regex EtagForm();
}
