namespace AttnCrnn.Formats.Flac;

/// <summary>One frame at a time, decoded; its memory serves the next one too.</summary>
internal sealed class FlacFrame(FlacByteReader file, FlacStreamInfo head)
{
    private readonly long[][] channels = [.. Enumerable.Repeat(Array.Empty<long>(), 8)];
    private FlacFrameHeader header;

    /// <summary>How it begins.</summary>
    public FlacFrameHeader Header => header;

    /// <summary>The byte after it.</summary>
    public int End { get; private set; }

    /// <summary>A channel's samples, whole numbers.</summary>
    public ReadOnlySpan<long> Channel(int channel) => channels[channel].AsSpan(0, header.BlockSize);

    /// <summary>Whether a frame with a sound header begins at a byte.</summary>
    public bool FindSync(int at, out FlacFrameHeader found)
    {
        found = default;
        try
        {
            var bits = new FlacBitReader(file, at);
            return FlacFrameHeader.Read(ref bits, out found) is null;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    /// <summary>Decodes the frame at a byte.</summary>
    /// <exception cref="InvalidFileException">It is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is not whole.</exception>
    public void Read(int at)
    {
        var bits = new FlacBitReader(file, at);
        if (FlacFrameHeader.Read(ref bits, out header) is { } fault)
            throw file.Damage(at, fault, "a frame of samples");
        var width = header.Bits == 0 ? head.Bits : header.Bits;
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
        bits.ToByte();
        var sum = FlacChecksum.Crc16(bits.Since(at));
        var declared = bits.Read(16);
        if (sum != declared)
            throw file.Damage(at, $"a frame whose CRC-16 is 0x{sum:X4}", $"0x{declared:X4}");
        End = bits.Byte;
        Separate();
        if (!IsWithin(width))
            throw file.Damage(at, $"a sample of more than {width} bits", $"{width} bits");
    }

    private void Separate()
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
                // Mid is half the sum, and the sum's lowest bit is the difference's.
                _ => (
                    ((2 * first[i]) + (second[i] & 1) + second[i]) >> 1,
                    ((2 * first[i]) + (second[i] & 1) - second[i]) >> 1
                ),
            };
        }
    }

    // What a prediction gives may have any size; checksums do not tell, where an encoder was wrong.
    private bool IsWithin(int width)
    {
        long all = 0;
        for (var channel = 0; channel < header.Channels; channel++)
            foreach (var sample in Channel(channel))
                all |= sample ^ (sample >> 63);
        return all >> (width - 1) == 0;
    }
}
