using System.Globalization;

namespace AttnCrnn.Audio;

/// <summary>Which channel of a recording is read: the mean of all, one by its number, or the loudest.</summary>
/// <example>
/// <code>
/// var caller = AudioReader.Read("call.wav", AudioChannel.FromNumber(2), AudioLimits.None, CancellationToken.None);
/// </code>
/// </example>
public readonly record struct AudioChannel
{
    /// <summary>Maximum number of a channel.</summary>
    public const int MaxNumber = 1024;

    /// <summary>The texts that <see cref="Parse"/> accepts, for messages.</summary>
    public const string Expected = "mix, loudest or the number of a channel, from 1";

    private const string MixText = "mix";
    private const string LoudestText = "loudest";
    private const int LoudestCode = -1;

    private readonly int code; // 0: the mean

    private AudioChannel(int code) => this.code = code;

    /// <summary>The mean of all channels, which is the default.</summary>
    public static AudioChannel Mix => default;

    /// <summary>
    /// The channel with the highest root mean square over what is read, a recording or a segment of it; of equal ones
    /// the first.
    /// </summary>
    public static AudioChannel Loudest => new(LoudestCode);

    /// <summary>Number of the channel, from 1; null: <see cref="Mix"/> or <see cref="Loudest"/>.</summary>
    public int? Number => code > 0 ? code : null;

    /// <summary>One channel.</summary>
    /// <param name="number">1 for the first, which is the left one of two.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in 1 to <see cref="MaxNumber"/>.</exception>
    public static AudioChannel FromNumber(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
        return new(number);
    }

    /// <summary>
    /// Parses <c>mix</c>, <c>loudest</c> or a number from 1, as options, manifests and stores write it.
    /// </summary>
    /// <exception cref="FormatException">The text is none of them.</exception>
    public static AudioChannel Parse(string text) =>
        TryParse(text, out var channel) ? channel : throw new FormatException($"found '{text}', expected {Expected}");

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse(string? text, out AudioChannel channel)
    {
        channel = text == LoudestText ? Loudest : Mix;
        if (text is MixText or LoudestText)
            return true;
        var isNumber =
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MaxNumber;
        if (isNumber)
            channel = new(number);
        return isNumber;
    }

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        code switch
        {
            0 => MixText,
            LoudestCode => LoudestText,
            _ => code.ToString(CultureInfo.InvariantCulture),
        };
}
