using System.Text.RegularExpressions;

namespace AttnCrnn.Corpora.Readers;

/// <summary>Corpora that are recognized by their file names.</summary>
internal static partial class NamedCorpora
{
    private static readonly string[] Ravdess =
    [
        "neutral",
        "calm",
        "happy",
        "sad",
        "angry",
        "fearful",
        "disgust",
        "surprised",
    ];

    private static readonly Dictionary<string, string> CremaD = new()
    {
        ["ANG"] = "angry",
        ["DIS"] = "disgust",
        ["FEA"] = "fearful",
        ["HAP"] = "happy",
        ["NEU"] = "neutral",
        ["SAD"] = "sad",
    };

    private static readonly Dictionary<char, string> EmoDb = new()
    {
        ['W'] = "angry",
        ['L'] = "boredom",
        ['E'] = "disgust",
        ['A'] = "fearful",
        ['F'] = "happy",
        ['T'] = "sad",
        ['N'] = "neutral",
    };

    /// <summary>
    /// Names of the corpora, and functions that parse label and speaker from a file name without extension; null if it
    /// is not of that corpus.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<string, (string Label, string Speaker)?> Read)> All { get; } =
    [
        ("RAVDESS", ReadRavdess), // Livingstone and Russo 2018
        ("CREMA-D", ReadCremaD), // Cao et al. 2014
        ("EMO-DB", ReadEmoDb), // Burkhardt et al. 2005
    ];

    /// <summary>
    /// Parses label and speaker from a file name of any corpus, with or without the corpus name as prefix
    /// (<c>ravdess_03-01-…</c>).
    /// </summary>
    public static (string Label, string Speaker)? Recognize(string name)
    {
        var nameWithoutSuffix = PrefixPattern().Replace(name, "");
        return All.Select(corpus => corpus.Read(nameWithoutSuffix)).FirstOrDefault(metadata => metadata is not null);
    }

    // modality-channel-emotion-intensity-statement-repetition-actor
    private static (string, string)? ReadRavdess(string name)
    {
        var match = RavdessPattern().Match(name);
        return match.Success ? (Ravdess[match.Groups[1].Value[1] - '1'], $"ravdess_{match.Groups[2].Value}") : null;
    }

    // actor_sentence_emotion_level
    private static (string, string)? ReadCremaD(string name)
    {
        var match = CremaDPattern().Match(name);
        return match.Success
            ? (CremaD[match.Groups[2].Value.ToUpperInvariant()], $"cremad_{match.Groups[1].Value}")
            : null;
    }

    // speaker, text, emotion (German initial), version
    private static (string, string)? ReadEmoDb(string name)
    {
        var match = EmoDbPattern().Match(name);
        return match.Success ? (EmoDb[match.Groups[2].Value[0]], $"emodb_{match.Groups[1].Value}") : null;
    }

    [GeneratedRegex(@"^(?:ravdess|crema-?d|emo-?db)_", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex PrefixPattern();

    [GeneratedRegex(@"^0[123]-0[12]-(0[1-8])-0[12]-0[12]-0[12]-(\d\d)$", RegexOptions.CultureInvariant)]
    private static partial Regex RavdessPattern();

    [GeneratedRegex(
        @"^(1\d{3})_[A-Z]{3}_(ANG|DIS|FEA|HAP|NEU|SAD)_[A-Z]{2}$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
    )]
    private static partial Regex CremaDPattern();

    [GeneratedRegex(@"^(\d\d)[ab]\d\d([WLEAFTN])[a-z]?$", RegexOptions.CultureInvariant)]
    private static partial Regex EmoDbPattern();
}
