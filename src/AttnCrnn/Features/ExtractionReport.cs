namespace AttnCrnn.Features;

/// <summary>Something to say about one clip.</summary>
/// <param name="Path">The recording.</param>
/// <param name="Message">What is wrong or odd, and what can be done.</param>
public sealed record ClipWarning(string Path, string Message);

/// <summary>What an extraction did.</summary>
/// <param name="Asked">Clips that this run was to see: all, or its shard of them.</param>
/// <param name="Done">Clips written: new frames, or new words about frames that were there.</param>
/// <param name="AlreadyThere">Clips that the store had, frames and words.</param>
/// <param name="Errors">Clips without frames, and why, in the order of the clips.</param>
/// <param name="Warnings">Clips that were carried on with though they are odd, in the order of the clips.</param>
/// <param name="SecondsOfAudio">Of the clips done and those already there.</param>
/// <param name="Frames">Frames computed by this run.</param>
/// <param name="Elapsed">From the first clip to the last.</param>
/// <param name="EncoderShare">Of the threads' time, how much passed in the encoder, 0 to 1: the rest is reading, decoding, resampling, waiting and writing.</param>
public sealed record ExtractionReport(
    int Asked,
    int Done,
    int AlreadyThere,
    IReadOnlyList<ClipWarning> Errors,
    IReadOnlyList<ClipWarning> Warnings,
    double SecondsOfAudio,
    long Frames,
    TimeSpan Elapsed,
    double EncoderShare
);

/// <summary>How far an extraction is.</summary>
/// <param name="Seen">Clips seen so far, of any outcome.</param>
/// <param name="Total">Clips to be seen.</param>
/// <param name="Bad">Of those seen.</param>
/// <param name="SecondsOfAudio">Of those seen that are not bad.</param>
/// <param name="Elapsed">Since the start.</param>
public sealed record ExtractionProgress(int Seen, int Total, int Bad, double SecondsOfAudio, TimeSpan Elapsed)
{
    /// <summary>Seconds of audio a second, 0 at the start.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? SecondsOfAudio / Elapsed.TotalSeconds : 0;
}
