using System.Globalization;
using System.Text;

namespace AttnCrnn.Formats.Containers;

/// <summary>NIST SPHERE: a header of text with the number of samples.</summary>
internal static class SphereLength
{
    private const int MaxHeaderBytes = 1 << 14;

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        var lines = Encoding.ASCII.GetString(bytes.Read(0, MaxHeaderBytes)).Split('\n');
        if (lines.Length < 2 || !TryParse(lines[1], out var headerBytes))
            return new();
        // name -type value, as in: sample_count -i 16000
        var fields = lines
            .Skip(2)
            .TakeWhile(line => line.Trim() != "end_head")
            .Select(line => line.Trim().Split(' ', 3))
            .Where(parts => parts.Length == 3)
            .ToLookup(parts => parts[0], parts => parts[2]);
        // Compressed samples have another size.
        if (fields["sample_coding"].Any(coding => coding.Contains("embedded", StringComparison.Ordinal)))
            return new();
        return
            TryParse(fields["sample_count"].FirstOrDefault(), out var count)
            && TryParse(fields["sample_n_bytes"].FirstOrDefault() ?? "2", out var sampleBytes)
            && TryParse(fields["channel_count"].FirstOrDefault() ?? "1", out var channels)
            ? new() { Bytes = headerBytes + (count * sampleBytes * channels) }
            : new();
    }

    private static bool TryParse(string? text, out long value) =>
        long.TryParse(
            text,
            NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture,
            out value
        ) && value is >= 0 and <= 1L << 32;
}
