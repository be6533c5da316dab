namespace AttnCrnn.Formats.Containers;

/// <summary>How long a recording is by what its file says, before it is decoded.</summary>
internal sealed record DeclaredLength
{
    private const double Tolerance = 0.05; // seconds: two frames of most codecs

    /// <summary>Bytes that the file must have; null: unknown.</summary>
    public long? Bytes { get; init; }

    /// <summary>Duration of its sound; null: unknown. Where both are known, both must be missed.</summary>
    public double? Seconds { get; init; }

    /// <summary>What shows that the end is missing, though not how much; null: nothing.</summary>
    public string? MissingEnd { get; init; }

    /// <summary>What is missing, for messages; null: nothing is known to be missing.</summary>
    /// <param name="fileBytes">Length of the file.</param>
    /// <param name="decodedSeconds">Seconds of sound that were decoded.</param>
    public string? FindMissing(long fileBytes, double decodedSeconds)
    {
        if (MissingEnd is not null)
            return MissingEnd;
        if (Bytes <= fileBytes || decodedSeconds >= Seconds - Tolerance)
            return null;
        return Bytes is { } bytes ? $"{bytes - fileBytes} of {bytes} bytes are missing at the end"
            : Seconds is { } seconds
                ? FormattableString.Invariant(
                    $"its header declares {seconds:0.00} s of sound, of which it has {decodedSeconds:0.00} s"
                )
            : null;
    }
}
