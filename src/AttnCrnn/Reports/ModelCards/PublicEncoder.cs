using AttnCrnn.Encoders;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>The description of an encoder as it can be published.</summary>
internal static class PublicEncoder
{
    /// <summary>The same encoder; of one that was read from a folder, the name without its path.</summary>
    public static EncoderDescription Create(EncoderDescription encoder) =>
        IsFolder(encoder) ? encoder with { Name = Path.GetFileName(encoder.Name) } : encoder;

    /// <summary>Whether the encoder was read from a folder, whose path is its name.</summary>
    public static bool IsFolder(EncoderDescription encoder) => Path.IsPathRooted(encoder.Name);
}
