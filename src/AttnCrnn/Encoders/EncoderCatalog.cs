using AttnCrnn.Formats;

namespace AttnCrnn.Encoders;

/// <summary>The encoders that this version has, by name.</summary>
public static class EncoderCatalog
{
    /// <summary>The names that <see cref="Open"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [LogMelEncoder.Name];

    /// <summary>An encoder, ready to use; the caller disposes it.</summary>
    /// <param name="name">One of <see cref="Names"/>; for log-mel the spelling <c>logmel</c> will do as well.</param>
    /// <param name="layers">Which layers of a speech model; empty for log-mel, which has none.</param>
    /// <exception cref="RefusedException">There is no such encoder, or it has no such layers.</exception>
    public static IEncoder Open(string name, string layers)
    {
        if (!IsLogMel(name))
            throw new RefusedException($"--encoder {name}: no such encoder; this version has {string.Join(", ", Names)}");
        if (layers.Length > 0)
            throw new RefusedException($"--layers {layers}: {LogMelEncoder.Name} is a spectrogram and has no layers to choose from; leave --layers out");
        return new LogMelEncoder();
    }

    private static bool IsLogMel(string name) =>
        name.Equals(LogMelEncoder.Name, StringComparison.OrdinalIgnoreCase) || name.Equals("logmel", StringComparison.OrdinalIgnoreCase);
}
