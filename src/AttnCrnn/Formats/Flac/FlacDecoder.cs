using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Formats.Flac;

/// <summary>
/// FLAC (RFC 9639), all of it: fixed and variable block sizes, 4 to 32 bits, 1 to 8 channels, every kind of subframe, an ID3v2 tag before. Ours,
/// because a process of ffmpeg takes longer to start than a clip takes to decode.
/// </summary>
/// <remarks>
/// A sample x of b bits becomes x / 2^(b-1), as ffmpeg has it. Every frame's checksums must be right. A wrong MD5 over all samples is a warning
/// alone: where every frame is right, it is the sum that is wrong, left by an editor that cut or joined frames, and the sound is as good as any.
/// </remarks>
internal static class FlacDecoder
{
    /// <summary>Whether a file is a FLAC stream by its first bytes, whatever its name; the stream is at its beginning afterwards.</summary>
    public static bool IsFlac(Stream stream) => FlacStreamInfo.IsAtStartOf(stream);

    /// <summary>Reads a recording from a stream that can seek.</summary>
    /// <param name="path">What it is called in messages.</param>
    /// <returns>The samples; null where rate, channels or bits change on the way, which ffmpeg converts and this reader does not.</returns>
    /// <exception cref="InvalidFileException">It is no FLAC stream, or is damaged before its end, or is cut off before its first samples.</exception>
    /// <remarks>A file that ends before the length it declares is read as far as its frames are whole, with a warning.</remarks>
    public static WavAudio? Read(string path, Stream stream, CancellationToken cancellationToken = default)
    {
        var file = FlacByteReader.Read(path, stream);
        var head = FlacStreamInfo.Read(file);
        using var digest = new FlacMd5(head);
        var samples = new FlacSamples(file, head);
        var course = new FlacFrameSequence(file, head);
        var frame = new FlacFrame(file, head);
        var at = head.FirstFrameAt;
        while (!course.IsOver(frame, at, samples.Frames))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!course.TryRead(frame, at))
                break;
            if (!frame.Header.IsConsistentWith(head))
                return null;
            samples.Add(frame);
            digest.Add(frame);
            at = frame.End;
        }
        var warnings = course.Warnings(samples.Frames, digest).ToList();
        return new(head.SampleRateHz, head.Channels, samples.Whole(), 0, warnings);
    }
}
