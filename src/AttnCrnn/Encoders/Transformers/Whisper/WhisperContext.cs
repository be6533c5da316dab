namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>The window length of a Whisper encoder.</summary>
public enum WhisperContext
{
    /// <summary>As long as the clip: no padding, and no computation beyond the clip's frames.</summary>
    Clip,

    /// <summary>
    /// 30 s, padded with silence, as published. Frames differ from those of <see cref="Clip"/>, and a clip of 3.7 s
    /// takes ten times the computation.
    /// </summary>
    Padded,
}
