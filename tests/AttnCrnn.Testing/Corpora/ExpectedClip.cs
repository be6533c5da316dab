using System.Globalization;
using AttnCrnn.Corpora;

namespace AttnCrnn.Testing.Corpora;

/// <summary>
/// A clip as expected.csv of tests/fixtures/corpora has it; every cell is empty if there is no value.
/// </summary>
/// <param name="Path">Relative to the tree, with slashes; <c>#0.5-2.25</c> at its end if the clip is a segment.</param>
/// <param name="Split">train, val or test.</param>
internal sealed record ExpectedClip(string Path, string Label, string Speaker, string Split, string Sex)
{
    /// <summary>A clip that a reader gives.</summary>
    /// <param name="folder">The tree's folder.</param>
    public static ExpectedClip Create(Clip clip, string folder) =>
        new(
            GetRelativePath(clip, folder),
            clip.Label ?? "",
            clip.Speaker ?? "",
            Manifest.GetName(clip.Split),
            clip.Sex ?? ""
        );

    /// <summary>The path of a clip as expected.csv has it.</summary>
    public static string GetRelativePath(Clip clip, string folder)
    {
        var path = System.IO.Path.GetRelativePath(folder, clip.Path).Replace('\\', '/');
        return clip.StartSeconds is null && clip.EndSeconds is null
            ? path
            : $"{path}#{Format(clip.StartSeconds ?? 0)}-{Format(clip.EndSeconds)}";
    }

    private static string Format(double? seconds) => seconds?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
