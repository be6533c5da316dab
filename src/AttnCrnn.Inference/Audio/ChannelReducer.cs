using AttnCrnn.Options;

namespace AttnCrnn.Audio;

/// <summary>Reduces the channels of a recording to one: their mean, or one of them.</summary>
internal sealed class ChannelReducer
{
    private readonly int channels;
    private readonly int? selected; // index
    private readonly SampleFindings findings;
    private float[] mono = [];

    /// <param name="selected">Index of the channel; null: the mean of all.</param>
    /// <param name="findings">Gets the samples.</param>
    public ChannelReducer(int channels, int? selected, SampleFindings findings)
    {
        this.channels = channels;
        this.selected = selected;
        this.findings = findings;
    }

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
    /// <param name="nonFinite">Indices of samples that were not finite.</param>
    /// <returns>[samples]; valid until the next call.</returns>
    public ReadOnlySpan<float> Reduce(ReadOnlySpan<float> interleaved, IReadOnlyList<int> nonFinite)
    {
        if (channels == 1)
        {
            findings.Add(interleaved, interleaved, nonFinite);
            return interleaved;
        }
        var count = interleaved.Length / channels;
        if (mono.Length < count)
            mono = new float[count];
        var samples = mono.AsSpan(0, count);
        if (selected is { } channel)
            for (var i = 0; i < count; i++)
                samples[i] = interleaved[(i * channels) + channel];
        else
            ChannelMean.Compute(interleaved, channels, samples);
        findings.Add(interleaved, samples, nonFinite);
        return samples;
    }
}
