using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// Names of folders that say how recordings were made or stored: <c>clean</c>, <c>16k</c>, <c>wav</c>, <c>mic1</c>.
/// </summary>
internal static partial class TechnicalNames
{
    // Formats and media, versions of a recording, microphones and channels.
    private static readonly FrozenSet<string> Words = (
        "wav wave wavs waves flac mp3 mp4 m4a ogg opus aac avi amr aiff pcm raw sph wma webm audio "
        + "audios video videos sound sounds speech song songs voice voices recording recordings data "
        + "dataset media clean noise noisy denoised enhanced reverb reverberant augmented augmentation aug "
        + "original originals orig processed unprocessed preprocessed normalized trimmed "
        + "resampled converted cut clips segments full mono stereo left right mix mic microphone headset "
        + "lapel phone telephone smartphone near far nearfield farfield close distant studio indoor "
        + "outdoor indoors outdoors"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name consists of such words, with numbers and units.</summary>
    public static bool Contains(string name)
    {
        var parts = name.Split(['_', '-', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
        return parts.Any(IsTechnical) && parts.All(part => IsTechnical(part) || part.All(char.IsAsciiDigit));
    }

    private static bool IsTechnical(string part) => Words.Contains(part) || MeasurePattern().IsMatch(part);

    // Rates, sample sizes and ratios, and numbers of microphones and channels.
    [GeneratedRegex(
        @"^(?:\d{1,6}(?:k|khz|hz|bit|bits|kbps|db|ch)|-?\d{1,3}db|(?:mic|ch|channel|microphone|snr|wav|audio)\d{1,3})$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex MeasurePattern();
}
