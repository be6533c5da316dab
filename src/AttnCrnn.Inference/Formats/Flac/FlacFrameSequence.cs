namespace AttnCrnn.Formats.Flac;

/// <summary>Tracks frame numbers and completeness, to distinguish truncated files from damaged ones.</summary>
internal sealed class FlacFrameSequence(FlacBytes file, FlacStreamInfo info)
{
    private (int Offset, long Found, long Expected)? firstGap;
    private long? nextNumber; // the next frame's number
    private bool isTruncated; // within a frame

    /// <summary>Whether only the end of the file or an appended tag follows a byte offset.</summary>
    /// <param name="frame">Frame decoder.</param>
    /// <param name="offset">Byte offset.</param>
    /// <param name="decoded">Samples per channel decoded so far.</param>
    public bool IsAtEnd(FlacFrame frame, int offset, long decoded)
    {
        var remaining = file.Span[offset..];
        if (remaining.IsEmpty || remaining.StartsWith("TAG"u8) || remaining.StartsWith("APETAGEX"u8))
            return true;
        return info.TotalSamples > 0 && decoded >= info.TotalSamples && !frame.FindSync(offset, out _);
    }

    /// <summary>Reads the frame at a byte offset; false if the file ends within it.</summary>
    /// <exception cref="InvalidFileException">The frame is damaged.</exception>
    public bool TryRead(FlacFrame frame, int offset)
    {
        try
        {
            frame.Read(offset);
        }
        catch (EndOfStreamException)
        {
            // A damaged frame may seem to extend beyond the end of the file; then valid frames follow within its range.
            if (FindFrame(frame, offset + 1) is { } validOffset)
                throw file.Error(offset, "a frame that has no end", $"a frame that ends before byte {validOffset}");
            isTruncated = true;
            return false;
        }
        var header = frame.Header;
        if (nextNumber is { } expected && header.Number != expected)
            firstGap ??= (offset, header.Number, expected);
        nextNumber = header.NextNumber;
        return true;
    }

    /// <summary>Warnings about the recording.</summary>
    /// <param name="decoded">Samples per channel decoded in total.</param>
    /// <param name="md5">MD5 of the decoded samples.</param>
    /// <exception cref="InvalidFileException">There are no samples, or samples are missing in the middle.</exception>
    public IEnumerable<RecordingWarning> GetWarnings(long decoded, FlacMd5 md5)
    {
        if (decoded == 0 && (isTruncated || info.TotalSamples > 0))
            throw new InvalidFileException(
                file.Path,
                info.FirstFrameOffset,
                "no complete frame of samples",
                info.TotalSamples > 0 ? $"{info.TotalSamples} samples" : "at least one",
                "the file is truncated: download it again"
            );
        if (decoded < info.TotalSamples)
        {
            if (firstGap is { } gap)
                throw file.Error(
                    gap.Offset,
                    $"frame {gap.Found}",
                    $"frame {gap.Expected} ({info.TotalSamples - decoded} of {info.TotalSamples} samples are missing)"
                );
            yield return new(
                RecordingWarning.Truncated,
                $"truncated: {info.TotalSamples - decoded} of {info.TotalSamples} samples are missing at the end"
            );
            yield break;
        }
        if (isTruncated)
            yield return new(
                RecordingWarning.Truncated,
                "truncated: the last frame is incomplete, and the total number of samples is not declared"
            );
        else if (info.TotalSamples > 0 && decoded > info.TotalSamples)
            yield return new(
                RecordingWarning.LengthMismatch,
                $"{decoded} samples, but {info.TotalSamples} are declared; all were read"
            );
        else if (!md5.Matches())
            yield return new(
                RecordingWarning.ChecksumMismatch,
                "the MD5 of the samples does not match the declared one, but all frame checksums do: "
                    + "the recording may have been edited"
            );
        if (info.TotalSamples == 0 && firstGap is { } numberGap)
            yield return new(
                RecordingWarning.MissingSamples,
                $"frame {numberGap.Found} at byte {numberGap.Offset}, expected {numberGap.Expected}: "
                    + "samples may be missing"
            );
    }

    // Finds a matching frame with a higher number than the last complete one.
    private int? FindFrame(FlacFrame frame, int start)
    {
        for (var offset = start; offset < file.Length; offset++)
        {
            if (file.Padded[offset] != 0xFF || !frame.FindSync(offset, out var header))
                continue;
            if (header.IsConsistentWith(info) && header.Number > (nextNumber ?? 0))
                return offset;
        }
        return null;
    }
}
