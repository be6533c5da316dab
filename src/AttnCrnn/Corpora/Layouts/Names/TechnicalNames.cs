using System.Collections.Frozen;
using System.Text.RegularExpressions;
using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora.Layouts.Names;

/// <summary>
/// Names of folders that say how recordings were made or stored, <c>clean</c>, <c>16k</c>, <c>wav</c>, <c>mic1</c>, or
/// which people speak, in which language, role or corpus.
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
        + "outdoor indoors outdoors car cars office room kitchen bathroom home street hall lab laboratory anechoic "
        + "outside inside iphone ipad android tablet laptop desktop webcam headphones earbuds zoom skype "
        + "acted posed elicited induced natural spontaneous scripted unscripted script improvised improvisation improv "
        + "impro read reading sentence sentences utterances prompts"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // With a number, one of them is a speaker: agent1.
    private static readonly FrozenSet<string> Groups = (
        "english german french spanish italian portuguese dutch polish russian turkish greek arabic persian farsi "
        + "urdu hindi bangla bengali chinese mandarin cantonese japanese korean swedish danish norwegian finnish czech "
        + "slovak slovenian croatian serbian bulgarian hungarian romanian ukrainian estonian latvian lithuanian hebrew "
        + "catalan basque vietnamese thai indonesian malay filipino tagalog tamil telugu marathi gujarati punjabi "
        + "kannada malayalam nepali sinhala pashto swahili amharic afrikaans icelandic "
        + "deutsch englisch français francais anglais español espanol castellano italiano português portugues "
        + "nederlands polski русский türkçe turkce ελληνικά العربية فارسی "
        + "हिन्दी 中文 日本語 한국어 svenska dansk norsk suomi "
        + "čeština magyar română українська català "
        + "en de fr es it pt nl pl ru tr el ar fa ur hi bn zh ja ko sv da fi cs "
        + "agent agents customer customers caller callee client clients operator interviewer interviewee "
        + "adult adults child children kid kids teen teens teenager teenagers young old elderly "
        + "senior seniors aged youth infant infants junior juniors"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // Beside words for emotions, these say how strong they are.
    private static readonly FrozenSet<string> Intensities = (
        "low normal medium mid high strong weak mild moderate intense intensive slight stark schwach mittel fort "
        + "faible unspecified"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Corpora = CorpusReaders
        .All.Select(reader => GetLetters(reader.Name))
        .Append("crema")
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a name says how strong an emotion is.</summary>
    public static bool IsIntensity(string name) => Intensities.Contains(NameText.Clean(name));

    /// <summary>Whether a name consists of such words, with numbers and units.</summary>
    public static bool Contains(string name)
    {
        var text = NameText.Clean(name);
        var parts = text.Split(['_', '-', '.', ' '], StringSplitOptions.RemoveEmptyEntries);
        return Groups.Contains(text)
            || Corpora.Contains(GetLetters(text))
            || AgePattern().IsMatch(text)
            || (parts.Any(IsTechnical) && parts.All(part => IsTechnical(part) || part.All(char.IsAsciiDigit)));
    }

    private static bool IsTechnical(string part) => Words.Contains(part) || MeasurePattern().IsMatch(part);

    private static string GetLetters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    [GeneratedRegex(
        @"^(?:ages?[-_ ]?\d{1,3}(?:[-_ ]?(?:to)?[-_ ]?\d{1,3})?|\d0s|\d\d\+)$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex AgePattern();

    // Rates, sample sizes and ratios, and numbers of microphones and channels.
    [GeneratedRegex(
        @"^(?:\d{1,6}(?:k|khz|hz|bit|bits|kbps|db|ch)|-?\d{1,3}db|"
            + @"(?:mic|ch|channel|microphone|cam|camera|device|snr|wav|audio)\d{1,3})$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex MeasurePattern();
}
