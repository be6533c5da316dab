namespace AttnCrnn.Formats.Flac;

/// <summary>Decodes one frame at a time; buffers are reused for the next frame.</summary>
internal sealed class FlacFrame(FlacBytes file, FlacStreamInfo info)
{
    private readonly long[][] channels = [.. Enumerable.Repeat(Array.Empty<long>(), 8)];
    private FlacFrameHeader header;

    /// <summary>The frame's header.</summary>
    public FlacFrameHeader Header => header;

    /// <summary>Byte offset after the frame.</summary>
    public int End { get; private set; }

    /// <summary>A channel's integer samples.</summary>
    public ReadOnlySpan<long> GetChannel(int channel) => channels[channel].AsSpan(0, header.BlockSize);

    /// <summary>Whether a frame with a valid header starts at a byte offset.</summary>
    public bool FindSync(int offset, out FlacFrameHeader found)
    {
        found = default;
        try
        {
            var bits = new FlacBitReader(file, offset);
            return FlacFrameHeader.Read(ref bits, out found) is null;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>Decodes the frame at a byte offset.</summary>
    /// <exception cref="InvalidFileException">The frame is damaged.</exception>
    /// <exception cref="EndOfStreamException">The frame is truncated.</exception>
    public void Read(int offset)
    {
        var bits = new FlacBitReader(file, offset);
        if (FlacFrameHeader.Read(ref bits, out header) is { } error)
            throw file.Error(offset, error, "a frame of samples");
        var width = header.Bits == 0 ? info.Bits : header.Bits;
        for (var channel = 0; channel < header.Channels; channel++)
        {
            if (channels[channel].Length < header.BlockSize)
                channels[channel] = new long[header.BlockSize];
            var isSide =
                header.Stereo == FlacStereo.SideRight
                    ? channel == 0
                    : header.Stereo != FlacStereo.Independent && channel == 1;
            FlacSubframe.Read(ref bits, channels[channel].AsSpan(0, header.BlockSize), isSide ? width + 1 : width);
        }
        bits.AlignToByte();
        var crc = FlacChecksum.Crc16(bits.GetBytesSince(offset));
        var storedCrc = bits.Read(16);
        if (crc != storedCrc)
            throw file.Error(offset, $"a frame whose CRC-16 is 0x{crc:X4}", $"0x{storedCrc:X4}");
        End = bits.Byte;
        DecodeStereo();
        if (!FitsBits(width))
            throw file.Error(offset, $"a sample of more than {width} bits", $"{width} bits");
    }

    private void DecodeStereo()
    {
        if (header.Stereo == FlacStereo.Independent)
            return;
        var first = channels[0].AsSpan(0, header.BlockSize);
        var second = channels[1].AsSpan(0, first.Length);
        for (var i = 0; i < first.Length; i++)
        {
            (first[i], second[i]) = header.Stereo switch
            {
                FlacStereo.LeftSide => (first[i], first[i] - second[i]),
                FlacStereo.SideRight => (first[i] + second[i], second[i]),
                // Mid is half the sum; the lost lowest bit of the sum equals the lowest bit of the difference.
                _ => (
                    ((2 * first[i]) + (second[i] & 1) + second[i]) >> 1,
                    ((2 * first[i]) + (second[i] & 1) - second[i]) >> 1
                ),
            };
        }
    }

    // A faulty encoder can produce predictions out of range with valid checksums.
    private bool FitsBits(int width)
    {
        long usedBits = 0;
        for (var channel = 0; channel < header.Channels; channel++)
            foreach (var sample in GetChannel(channel))
                usedBits |= sample ^ (sample >> 63);
        return usedBits >> (width - 1) == 0;
    }
}
