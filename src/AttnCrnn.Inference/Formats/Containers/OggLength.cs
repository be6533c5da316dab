namespace AttnCrnn.Formats.Containers;

/// <summary>
/// Ogg (RFC 3533): the last page of each stream is marked, and so is the last page of the file, also of chained and
/// multiplexed streams.
/// </summary>
internal static class OggLength
{
    private const int HeaderBytes = 27;
    private const int MaxPageBytes = HeaderBytes + 255 + (255 * 255);
    private const int FlagsOffset = 5;
    private const int MaxFlags = 7;
    private const int EndFlag = 4;

    public static DeclaredLength Read(ContainerBytes bytes)
    {
        // Two pages, since tags may follow the last one.
        var start = Math.Max(0, bytes.Length - ContainerBytes.MaxCount);
        var tail = bytes.Read(start, ContainerBytes.MaxCount);
        for (var i = tail.Length; (i = tail[..i].LastIndexOf("OggS"u8)) >= 0; )
        {
            var page = tail[i..];
            if (page.Length > FlagsOffset && (page[FlagsOffset - 1] != 0 || page[FlagsOffset] > MaxFlags))
                continue; // not the start of a page
            var isCut = page.Length < HeaderBytes || page.Length < HeaderBytes + page[HeaderBytes - 1];
            if (isCut)
                return new() { MissingEnd = "its last page is incomplete" };
            var segments = page.Slice(HeaderBytes, page[HeaderBytes - 1]);
            var pageBytes = HeaderBytes + segments.Length;
            foreach (var segment in segments)
                pageBytes += segment;
            if (pageBytes > page.Length)
                return new() { Bytes = start + i + pageBytes };
            return (page[FlagsOffset] & EndFlag) != 0
                ? new()
                : new() { MissingEnd = "no page is marked as its last one, as in a live stream" };
        }
        return tail.Length > MaxPageBytes ? new() { MissingEnd = "it ends in something that is not Ogg" } : new();
    }
}
