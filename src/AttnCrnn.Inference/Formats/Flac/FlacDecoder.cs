using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Formats.Flac;

/// <summary>
/// A complete FLAC decoder (RFC 9639): fixed and variable block sizes, 4 to 32 bits, 1 to 8 channels, all subframe
/// types, a leading ID3v2 tag. Native, because starting ffmpeg takes longer than decoding a clip.
/// </summary>
/// <remarks>
/// A b-bit sample x becomes x / 2^(b-1), like ffmpeg. Frame checksums must match. A wrong MD5 of all samples is only a
/// warning: if every frame is valid, an editor cut or joined frames without updating it.
/// </remarks>
internal static class FlacDecoder
{
    /// <summary>Samples in all channels whose decoded values take 2 GiB, the same limit as for ffmpeg.</summary>
    public const int MaxSamples = int.MaxValue / sizeof(float);

    private const int InitialSamplesPerByte = 4;

    /// <summary>Whether a stream starts like a FLAC file; resets the position to 0.</summary>
    public static bool IsFlac(Stream stream) => FlacStreamInfo.StartsStream(stream);

    /// <summary>Reads a recording from a seekable stream.</summary>
    /// <param name="path">The name for messages.</param>
    /// <returns>
    /// The samples; null if rate, channels or sample size change within the stream, which only ffmpeg supports.
    /// </returns>
    /// <exception cref="InvalidFileException">
    /// Not a FLAC stream, damaged, or truncated before its first samples.
    /// </exception>
    /// <remarks>A truncated file is read up to its last complete frame, with a warning.</remarks>
    public static WavAudio? Read(string path, Stream stream, CancellationToken cancellationToken = default)
    {
        using var decoder = Open(path, stream, MaxSamples);
        return decoder.ReadAll(cancellationToken);
    }

    /// <summary>Opens a recording in a seekable stream, which is read completely and may be closed.</summary>
    /// <param name="path">The name for messages.</param>
    /// <param name="maxSamples">Maximum number of decoded samples in all channels; null: none.</param>
    public static FlacBlockDecoder Open(string path, Stream stream, long? maxSamples)
    {
        var file = FlacBytes.Read(path, stream);
        var info = FlacStreamInfo.Read(file);
        // A header may declare any length, so no more is expected than the file may hold; speech has 1 or 2 per byte.
        var held = (long)InitialSamplesPerByte * file.Length / info.Channels;
        return new(file, info, maxSamples)
        {
            SampleRateHz = info.SampleRateHz,
            Channels = info.Channels,
            ExpectedSamplesPerChannel = info.TotalSamples > 0 ? Math.Min(info.TotalSamples, held) : null,
        };
    }
}
