namespace AttnCrnn.Audio.Speech;

/// <summary>A stretch of speech in a recording.</summary>
/// <param name="StartSeconds">Start in the recording.</param>
/// <param name="EndSeconds">End in the recording.</param>
public sealed record SpeechSegment(double StartSeconds, double EndSeconds)
{
    /// <summary>Duration in seconds.</summary>
    public double Seconds => EndSeconds - StartSeconds;
}
