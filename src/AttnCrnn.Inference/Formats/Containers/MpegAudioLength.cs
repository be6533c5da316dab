using System.Buffers.Binary;

namespace AttnCrnn.Formats.Containers;

/// <summary>
/// MP3 and its relatives, and AAC in ADTS: frames without a container. The first frame of an MP3 can have the length
/// (Xing, Info, VBRI); otherwise the last frame is incomplete.
/// </summary>
internal static class MpegAudioLength
{
    private const int MaxSearchBytes = 1 << 16;
    private const int MinFramesInSequence = 4;
    private const int TagHeaderBytes = 10;
    private const int MaxTags = 16;
    private const int FirstFrameBytes = 200; // of which the length is read

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        var start = SkipTags(bytes);
        var head = bytes.Read(start, MaxSearchBytes);
        if (FindFrames(head) is not { } first)
            return new();
        var frame = MpegFrame.Parse(head[first..])!.Value;
        var declared = ReadFirstFrame(head[first..], frame, start + first);
        var last = ReadLastFrames(bytes);
        return declared is null ? last
            // The numbers of the first frame alone may be those of another file.
            : last.MissingEnd is not null && declared.Bytes > bytes.Length ? new() { Bytes = declared.Bytes }
            : declared;
    }

    // ID3v2, maybe several.
    private static long SkipTags(ContainerBytes bytes)
    {
        long start = 0;
        for (var i = 0; i < MaxTags; i++)
        {
            var tag = bytes.Read(start, TagHeaderBytes);
            if (tag.Length < TagHeaderBytes || !tag.StartsWith("ID3"u8))
                break;
            var hasFooter = (tag[5] & 0x10) != 0;
            var size = (tag[6] << 21) | (tag[7] << 14) | (tag[8] << 7) | tag[9]; // 7 bits per byte
            start += TagHeaderBytes + size + (hasFooter ? TagHeaderBytes : 0);
        }
        return start;
    }

    // Offset of the first of several frames that follow each other; null: none.
    private static int? FindFrames(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i + MpegFrame.HeaderBytes <= bytes.Length; i++)
            if (bytes[i] == 0xFF && CountFrames(bytes[i..], MinFramesInSequence, out _) == MinFramesInSequence)
                return i;
        return null;
    }

    // Frames of one stream from the start on, up to a number; the last one may be incomplete.
    private static int CountFrames(ReadOnlySpan<byte> bytes, int max, out int length)
    {
        length = 0;
        MpegFrame? first = null;
        var count = 0;
        while (
            count < max
            && length < bytes.Length
            && MpegFrame.Parse(bytes[length..]) is { } frame
            && (first is null || frame.IsOfStream(first.Value))
        )
        {
            first ??= frame;
            length += frame.Bytes;
            count++;
        }
        return count;
    }

    private static DeclaredLength ReadLastFrames(ContainerBytes bytes)
    {
        var tail = bytes.Read(bytes.Length - MaxSearchBytes, MaxSearchBytes);
        if (tail.IsEmpty)
            tail = bytes.Read(0, MaxSearchBytes);
        // After the last sequence of frames there may be tags.
        for (var start = 0; FindFrames(tail[start..]) is { } first; )
        {
            start += first;
            CountFrames(tail[start..], int.MaxValue, out var length);
            start += length;
            if (start >= tail.Length)
                return start == tail.Length ? new() : new() { MissingEnd = "its last frame is incomplete" };
        }
        return new();
    }

    // The frame of encoders that says how many bytes and frames follow; each may be absent.
    private static DeclaredLength? ReadFirstFrame(ReadOnlySpan<byte> bytes, MpegFrame frame, long offset)
    {
        bytes = bytes[..Math.Min(bytes.Length, frame.Bytes)];
        if (frame.LengthOffset is not { } start || bytes.Length < Math.Max(start + 16, FirstFrameBytes / 2))
            return null;
        var tag = bytes[start..];
        if (tag.StartsWith("Xing"u8) || tag.StartsWith("Info"u8))
            return ReadXing(tag, frame, offset);
        const int vbriOffset = MpegFrame.HeaderBytes + 32;
        return bytes.Length >= vbriOffset + 18 && bytes[vbriOffset..].StartsWith("VBRI"u8)
            ? new()
            {
                Bytes = offset + BinaryPrimitives.ReadUInt32BigEndian(bytes[(vbriOffset + 10)..]),
                Seconds = frame.GetSeconds(BinaryPrimitives.ReadUInt32BigEndian(bytes[(vbriOffset + 14)..]), 0),
            }
            : null;
    }

    private static DeclaredLength? ReadXing(ReadOnlySpan<byte> tag, MpegFrame frame, long offset)
    {
        const int hasFrames = 1;
        const int hasBytes = 2;
        const int lameOffset = 120;
        const int delayOffset = lameOffset + 21;
        var flags = BinaryPrimitives.ReadUInt32BigEndian(tag[4..]);
        if ((flags & hasFrames) == 0)
            return null; // its size alone is wrong in too many files
        var frames = BinaryPrimitives.ReadUInt32BigEndian(tag[8..]);
        var size = (flags & hasBytes) == 0 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(tag[12..]);
        var isLame = flags == 15 && tag.Length >= delayOffset + 3;
        // Samples that the decoder drops: 12 bits at the start, 12 at the end.
        var dropped = !isLame
            ? 0
            : ((tag[delayOffset] << 4) | (tag[delayOffset + 1] >> 4))
                + (((tag[delayOffset + 1] & 0xF) << 8) | tag[delayOffset + 2]);
        return new()
        {
            Bytes = size == 0 ? null : offset + size,
            Seconds = frames == 0 ? null : frame.GetSeconds(frames, dropped),
        };
    }
}
