using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using AttnCrnn.Options;

namespace AttnCrnn.Corpora.Splits;

/// <summary>
/// Folds of a cross-validation: none, a number, one per speaker (leave one speaker out), or those of EmoBox for the
/// corpus of the clips.
/// </summary>
public readonly record struct FoldCount
{
    /// <summary>Minimum number of folds: one for test, one for validation, the rest for training.</summary>
    public const int Min = 3;

    /// <summary>Maximum number of folds that can be asked for.</summary>
    public const int Max = 1000;

    private const string SpeakersName = "speakers";
    private const string EmoBoxName = "emobox";

    private FoldCount(int number, bool isOnePerSpeaker = false, bool isEmoBox = false)
    {
        Number = number;
        IsOnePerSpeaker = isOnePerSpeaker;
        IsEmoBox = isEmoBox;
    }

    /// <summary>No cross-validation: one train/validation/test split.</summary>
    public static FoldCount None => default;

    /// <summary>As many folds as speakers: each fold tests one (leave one speaker out).</summary>
    public static FoldCount Speakers { get; } = new(0, isOnePerSpeaker: true);

    /// <summary>The folds that EmoBox has for the corpus of the clips, by its speakers.</summary>
    public static FoldCount EmoBox { get; } = new(0, isEmoBox: true);

    /// <summary>
    /// Number of folds; 0 for <see cref="None"/>, and if it <see cref="DependsOnClips"/>.
    /// </summary>
    public int Number { get; }

    /// <summary>Whether this is <see cref="Speakers"/>.</summary>
    public bool IsOnePerSpeaker { get; }

    /// <summary>Whether this is <see cref="EmoBox"/>.</summary>
    public bool IsEmoBox { get; }

    /// <summary>Whether the number is known only with the clips.</summary>
    public bool DependsOnClips => IsOnePerSpeaker || IsEmoBox;

    /// <summary>Whether this is <see cref="None"/>.</summary>
    public bool IsNone => Number == 0 && !DependsOnClips;

    /// <summary>A number of folds; 0 is <see cref="None"/>.</summary>
    public static implicit operator FoldCount(int number) => FromInt32(number);

    /// <summary>A number of folds; 0 is <see cref="None"/>.</summary>
    public static FoldCount FromInt32(int number) => new(number);

    /// <summary>Parses a number of folds, <c>speakers</c>, or <c>emobox</c>.</summary>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static FoldCount Parse(string text) =>
        TryParse(text, out var folds) ? folds : throw new FormatException($"folds '{text}': expected {Expected}");

    /// <summary>Parses a number of folds, <c>speakers</c>, or <c>emobox</c>; the number is not validated.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FoldCount folds)
    {
        if (text is SpeakersName or EmoBoxName)
        {
            folds = text == EmoBoxName ? EmoBox : Speakers;
            return true;
        }
        var isNumber = int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number);
        folds = number;
        return isNumber;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        IsOnePerSpeaker ? SpeakersName
        : IsEmoBox ? EmoBoxName
        : Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether the number can be used: 0, or from <see cref="Min"/> to <see cref="Max"/>.</summary>
    public bool IsValid => DependsOnClips || Number is 0 or (>= Min and <= Max);

    /// <summary>Why the folds cannot be had with a split method; null if they can.</summary>
    internal OptionText? FindConflict(SplitMethod method) =>
        DependsOnClips && method == SplitMethod.Random
            ? OptionText.Create(
                $"{OptionKeys.Split} random assigns clips, not speakers; use a number of folds, or omit "
                    + $"{OptionKeys.Split}"
            )
        : !IsNone && method == SplitMethod.Manifest
            ? OptionText.Create(
                $"{OptionKeys.Split} manifest is one train/validation/test split, without folds; omit "
                    + $"{OptionKeys.Split} or {OptionKeys.Folds}"
            )
        : null;

    /// <summary>What is valid, for messages.</summary>
    internal static string Expected { get; } =
        $"0 (one train/validation/test split), {Min} to {Max}, {SpeakersName} (leave one speaker out), or "
        + $"{EmoBoxName} (the folds of EmoBox)";
}
