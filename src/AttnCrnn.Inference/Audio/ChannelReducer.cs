using AttnCrnn.Options;

namespace AttnCrnn.Audio;

/// <summary>Reduces the channels of a recording to one: their mean, or one of them.</summary>
internal sealed class ChannelReducer
{
    private readonly int channels;
    private readonly int? selected; // index
    private readonly ChannelLevels? levels; // of the mean of several
    private float[] mono = [];

    private ChannelReducer(int channels, int? selected, ChannelLevels? levels)
    {
        this.channels = channels;
        this.selected = selected;
        this.levels = levels;
    }

    /// <summary>What users of the mean must know; null: nothing. Complete after the last block.</summary>
    public string? Warning => levels?.FindSilent() is { Count: > 0 } silent ? Describe(silent) : null;

    /// <summary>The mean.</summary>
    /// <param name="levels">Finds silent channels.</param>
    public static ChannelReducer CreateMean(int channels, ChannelLevels levels) =>
        new(channels, null, channels == 1 ? null : levels);

    /// <summary>One channel.</summary>
    /// <param name="index">From 0.</param>
    public static ChannelReducer CreateSingle(int channels, int index) => new(channels, index, null);

    /// <exception cref="InvalidFileException">The recording has fewer channels.</exception>
    public static void RequireChannel(string name, int number, int channels)
    {
        if (number > channels)
            throw new InvalidFileException(
                name,
                null,
                channels == 1 ? "1 channel" : $"{channels} channels",
                $"at least {number}",
                OptionText.Create(
                    $"channel {number} was asked for: correct {OptionKeys.Channel} or the manifest, or exclude the clip"
                )
            );
    }

    /// <param name="interleaved">[samples, channels].</param>
    /// <returns>[samples]; valid until the next call.</returns>
    public ReadOnlySpan<float> Reduce(ReadOnlySpan<float> interleaved)
    {
        if (channels == 1)
            return interleaved;
        levels?.Add(interleaved);
        var count = interleaved.Length / channels;
        if (mono.Length < count)
            mono = new float[count];
        var samples = mono.AsSpan(0, count);
        if (selected is not { } channel)
            ChannelMean.Compute(interleaved, channels, samples);
        else
            for (var i = 0; i < count; i++)
                samples[i] = interleaved[(i * channels) + channel];
        return samples;
    }

    private string Describe(IReadOnlyList<int> silent)
    {
        var numbers = silent.Count == 1 ? $"channel {silent[0]}" : $"channels {string.Join(", ", silent)}";
        var level = 2 * silent.Count == channels ? "halves the level" : FormatReduction(silent.Count);
        return $"{numbers} of {channels} {(silent.Count == 1 ? "is" : "are")} silent, and the mix {level}: "
            + $"choose {OptionKeys.Channel}={AudioChannel.Loudest}";
    }

    private string FormatReduction(int silentCount) =>
        FormattableString.Invariant($"reduces the level to {100.0 * (channels - silentCount) / channels:0}%");
}
