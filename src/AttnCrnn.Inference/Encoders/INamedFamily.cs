namespace AttnCrnn.Encoders;

/// <summary>A family that needs no checkpoint: its only encoder is requested by name.</summary>
internal interface INamedFamily : IEncoderFamily
{
    /// <summary>Whether a request with this name means the encoder.</summary>
    bool HasName(string name);

    /// <summary>Creates the encoder; the caller disposes it.</summary>
    /// <exception cref="InvalidInputException">The request has an option that the encoder does not support.</exception>
    IEncoder Open(EncoderRequest request);
}
