namespace AttnCrnn.Export;

/// <summary>What a format can contain beyond the weights of the network in float32.</summary>
[Flags]
public enum ExportFeatures
{
    /// <summary>The weights alone.</summary>
    None = 0,

    /// <summary>The encoder, so that the exported model takes samples instead of frames.</summary>
    Waveform = 1,

    /// <summary>The weights as int8.</summary>
    Int8Weights = 2,

    /// <summary>The name, revision and layers of the encoder that computes the frames.</summary>
    EncoderDescription = 4,

    /// <summary>Adam's state, with which a training continues.</summary>
    OptimizerState = 8,
}
