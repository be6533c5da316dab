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
        var file = FlacBytes.Read(path, stream);
        var info = FlacStreamInfo.Read(file);
        using var md5 = new FlacMd5(info);
        var samples = new FlacSamples(file, info);
        var sequence = new FlacFrameSequence(file, info);
        var frame = new FlacFrame(file, info);
        var offset = info.FirstFrameOffset;
        while (!sequence.IsAtEnd(frame, offset, samples.SamplesPerChannel))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!sequence.TryRead(frame, offset))
                break;
            if (!frame.Header.IsConsistentWith(info))
                return null;
            samples.Add(frame);
            md5.Add(frame);
            offset = frame.End;
        }
        var warnings = sequence.GetWarnings(samples.SamplesPerChannel, md5).ToList();
        return new(info.SampleRateHz, info.Channels, samples.ToArray(), 0, warnings);
    }
}
