namespace AttnCrnn.Encoders;

/// <summary>
/// What an encoder gets that was trained on windows of a fixed length, as Whisper was on 30 s. The frames of both
/// differ, and are never mixed.
/// </summary>
public enum EncoderContext
{
    /// <summary>The clip at its own length: no padding, and no computation beyond the clip's frames.</summary>
    Clip,

    /// <summary>
    /// The clip padded with silence to the window's length, as published: ten times the computation for a clip of 3.7 s
    /// in a window of 30 s.
    /// </summary>
    Padded,
}
