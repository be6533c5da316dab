using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora;

/// <summary>
/// Options in the notices of readers, which are strings on their way to <see cref="Corpus"/>: each key is between two
/// characters that no text has.
/// </summary>
internal static partial class NoticeText
{
    private const char Start = '\uE000';
    private const char End = '\uE001';

    /// <summary>A key, for a notice.</summary>
    public static string Mark(OptionKey key) => $"{Start}{key}{End}";

    /// <summary>The notice, with its keys as such.</summary>
    public static OptionText Decode(string notice) =>
        OptionText.Join(
            "",
            MarkedKey()
                .Split(notice)
                .Select(
                    (part, i) => i % 2 == 0 ? OptionText.FromString(part) : OptionText.Create($"{new OptionKey(part)}")
                )
        );

    [GeneratedRegex($"[\uE000]([a-z_]+)[\uE001]")]
    private static partial Regex MarkedKey();
}
