namespace AttnCrnn.Formats.Flac;

/// <summary>How frames follow one another, and whether all of them came: what tells a file that is cut off from one that is damaged.</summary>
internal sealed class FlacFrameSequence(FlacByteReader file, FlacStreamInfo head)
{
    private (int At, long Found, long Expected)? gap;
    private long? next; // the next frame's number
    private bool isCut; // within a frame

    /// <summary>Whether nothing but what taggers append stands at a byte, or nothing at all.</summary>
    /// <param name="had">Samples a channel before it.</param>
    public bool IsOver(FlacFrame frame, int at, long had)
    {
        var left = file.Span[at..];
        if (left.IsEmpty || left.StartsWith("TAG"u8) || left.StartsWith("APETAGEX"u8))
            return true;
        return head.Frames > 0 && had >= head.Frames && !frame.FindSync(at, out _);
    }

    /// <summary>Reads the frame at a byte, or finds that the file ends within it.</summary>
    /// <exception cref="InvalidFileException">The frame is damaged.</exception>
    public bool TryRead(FlacFrame frame, int at)
    {
        try
        {
            frame.Read(at);
        }
        catch (EndOfStreamException)
        {
            // A damaged frame may seem to go on beyond the end; then others stand in what it took for its own.
            if (FindFrame(frame, at + 1) is { } other)
                throw file.Damage(at, "a frame that has no end", $"one that ends before byte {other}");
            isCut = true;
            return false;
        }
        var header = frame.Header;
        if (next is { } expected && header.Number != expected)
            gap ??= (at, header.Number, expected);
        next = header.NextNumber;
        return true;
    }

    /// <summary>What a user must know of the recording.</summary>
    /// <param name="had">Samples a channel in all.</param>
    /// <exception cref="InvalidFileException">There are none though there should be, or some are missing in the middle.</exception>
    public IEnumerable<string> Warnings(long had, FlacMd5 digest)
    {
        if (had == 0 && (isCut || head.Frames > 0))
            throw new InvalidFileException(
                file.Path,
                head.FirstFrameAt,
                "no whole frame of samples",
                head.Frames > 0 ? $"{head.Frames} samples" : "at least one",
                "the file is cut off: fetch it again"
            );
        if (had < head.Frames)
        {
            if (gap is { } hole)
                throw file.Damage(
                    hole.At,
                    $"frame {hole.Found}",
                    $"frame {hole.Expected} ({head.Frames - had} of {head.Frames} samples are missing)"
                );
            yield return $"cut off: {head.Frames - had} of {head.Frames} samples are missing at the end";
            yield break;
        }
        if (isCut)
            yield return "cut off: its last frame is not whole, and it does not say how many samples there were";
        else if (head.Frames > 0 && had > head.Frames)
            yield return $"{had} samples though it declares {head.Frames}; all are read";
        else if (!digest.Matches())
            yield return "the MD5 of its samples is not the one it declares, though every frame's checksum is right: it may have been cut or joined";
        if (head.Frames == 0 && gap is { } jump)
            yield return $"frame {jump.Found} at byte {jump.At} follows where {jump.Expected} was expected: samples may be missing there";
    }

    // A frame of the stream's kind that comes later than the last one that was whole.
    private int? FindFrame(FlacFrame frame, int from)
    {
        for (var at = from; at < file.Length; at++)
        {
            if (file.Padded[at] != 0xFF || !frame.FindSync(at, out var header))
                continue;
            if (header.IsConsistentWith(head) && header.Number > (next ?? 0))
                return at;
        }
        return null;
    }
}
