using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// Names of folders that say how recordings were made or stored, <c>clean</c>, <c>16k</c>, <c>wav</c>, <c>mic1</c>, or
/// in which language or role many people speak.
/// </summary>
internal static partial class TechnicalNames
{
    // Formats and media, versions of a recording, microphones and channels.
    private static readonly FrozenSet<string> Words = (
        "wav wave wavs waves flac mp3 mp4 m4a ogg opus aac avi amr aiff pcm raw sph wma webm audio "
        + "audios video videos sound sounds speech song songs recording recordings data "
        + "dataset media clean noise noisy denoised enhanced reverb reverberant augmented augmentation aug "
        + "original originals orig processed unprocessed preprocessed normalized trimmed "
        + "resampled converted cut clips segments full mono stereo left right mix mic microphone headset "
        + "lapel phone telephone smartphone near far nearfield farfield close distant studio indoor "
        + "outdoor indoors outdoors"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // With a number, one of them is a speaker: agent1.
    private static readonly FrozenSet<string> Groups = (
        "english german french spanish italian portuguese dutch polish russian turkish greek arabic persian "
        + "urdu hindi bangla bengali chinese mandarin cantonese japanese korean "
        + "agent agents customer customers caller callee client clients operator interviewer interviewee "
        + "adult adults child children young old elderly"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name consists of such words, with numbers and units.</summary>
    public static bool Contains(string name)
    {
        var parts = name.Split(['_', '-', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
        return Groups.Contains(name)
            || (parts.Any(IsTechnical) && parts.All(part => IsTechnical(part) || part.All(char.IsAsciiDigit)));
    }

    private static bool IsTechnical(string part) => Words.Contains(part) || MeasurePattern().IsMatch(part);

    // Rates, sample sizes and ratios, and numbers of microphones and channels.
    [GeneratedRegex(
        @"^(?:\d{1,6}(?:k|khz|hz|bit|bits|kbps|db|ch)|-?\d{1,3}db|"
            + @"(?:mic|ch|channel|microphone|cam|camera|device|snr|wav|audio)\d{1,3})$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex MeasurePattern();
}
