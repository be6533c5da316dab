namespace AttnCrnn.Audio;

/// <summary>What is read of a recording, and its limits. Immutable.</summary>
/// <example>
/// <code>
/// var options = new AudioReadOptions { Channel = AudioChannel.Loudest, EndSeconds = 30 };
/// var start = AudioReader.Read("call.wav", options, CancellationToken.None);
/// </code>
/// </example>
public sealed record AudioReadOptions
{
    /// <summary>The mean of the channels of the whole recording, without limits.</summary>
    public static AudioReadOptions Default { get; } = new();

    /// <summary>The channel; by default the mean of all.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>Start of the segment; null for the start of the recording.</summary>
    public double? StartSeconds { get; init; }

    /// <summary>End of the segment; null for the end of the recording.</summary>
    public double? EndSeconds { get; init; }

    /// <summary>The limits of the whole recording.</summary>
    public AudioLimits Limits { get; init; } = AudioLimits.None;

    /// <summary>Whether the bandwidth of the recording is measured, which an audit needs.</summary>
    internal bool MeasuresBandwidth { get; init; }

    /// <summary>The segment.</summary>
    internal AudioSegment Segment => new(StartSeconds, EndSeconds);
}
