namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>How long the window is that a Whisper encoder sees.</summary>
public enum WhisperContext
{
    /// <summary>As long as the clip: no padding, and the work of the clip's own frames.</summary>
    Clip,

    /// <summary>
    /// 30 s, silence behind the clip, as published. Other frames than the clip's own length gives, and ten times the
    /// work for a clip of 3.7 s.
    /// </summary>
    Padded,
}
