using AttnCrnn.Formats.Wav;
using AttnCrnn.IO;

namespace AttnCrnn.Audio;

/// <summary>
/// What a recording is by its first bytes. Names do not matter: call recorders write MP3 into WAV, and messengers name
/// MP4 files .wav.
/// </summary>
internal static class RecordingContent
{
    /// <summary>Number of bytes that are examined.</summary>
    public const int HeadBytes = 256;

    private static readonly (int Offset, byte[] Bytes, string Text)[] Formats =
    [
        (4, [.. "ftypqt"u8], "a QuickTime recording"),
        (4, [.. "ftyp3g"u8], "a 3GP recording"),
        (4, [.. "ftyp"u8], "an MP4 or M4A recording"),
        (4, [.. "moov"u8], "a QuickTime recording"),
        (4, [.. "mdat"u8], "a QuickTime recording"),
        (0, [.. "ID3"u8], "an MP3 recording"),
        (0, [.. "OggS"u8], "an Ogg recording"),
        (0, [0x1A, 0x45, 0xDF, 0xA3], "a Matroska or WebM recording"),
        (0, [.. "#!AMR"u8], "an AMR recording"),
        (0, [.. "caff"u8], "a CAF recording"),
        (0, [.. ".snd"u8], "an AU recording"),
        (0, [.. "riff"u8, 0x2E, 0x91, 0xCF, 0x11], "a Wave64 recording"),
        (0, [.. "NIST_1A"u8], "a SPHERE recording"),
        (0, [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11], "an ASF recording (WMA, WMV)"),
        (8, [.. "AIFF"u8], "an AIFF recording"),
        (8, [.. "AIFC"u8], "an AIFF recording"),
        (8, [.. "AVI "u8], "an AVI recording"),
        (0, [.. "FLV"u8], "an FLV recording"),
        (0, [.. "wvpk"u8], "a WavPack recording"),
        (0, [.. "MAC "u8], "a Monkey's Audio recording"),
        (0, [.. "TTA"u8], "a TTA recording"),
        (0, [0x0B, 0x77], "an AC-3 recording"),
        (0, [0x00, 0x00, 0x01, 0xBA], "an MPEG recording"),
    ];

    // Text files that make a decoder open the files or addresses in them.
    private static readonly (string Start, string Text)[] Playlists =
    [
        ("#EXTM3U", "an HLS playlist"),
        ("ffconcat version", "an ffconcat script"),
        ("[playlist]", "a playlist"),
        ("<MPD", "a DASH manifest"),
        ("<ASX", "a playlist"),
        ("v=0", "an SDP session"),
    ];

    /// <summary>The first bytes of a recording; resets the position to 0.</summary>
    public static byte[] ReadHead(Stream stream)
    {
        var head = new byte[HeadBytes];
        stream.Position = 0;
        var count = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        return head[..count];
    }

    /// <summary>Whether it is a WAV recording, maybe a damaged one.</summary>
    public static bool IsWav(ReadOnlySpan<byte> head) =>
        WavFile.HasRiffName(head)
        && (head.Length < 12 || head[8..12].SequenceEqual("WAVE"u8) || !WavChunkOrder.IsName(head[8..12]));

    /// <exception cref="InvalidFileException">
    /// It is known not to be a recording; the message has the remedy.
    /// </exception>
    public static void RefuseOtherFiles(string name, ReadOnlySpan<byte> head)
    {
        if (FindPlaylist(head) is { } playlist)
            throw new InvalidFileException(
                name,
                0,
                $"{playlist}, which names other files",
                "a recording",
                "it was not opened: specify the recordings that it names"
            );
        if (InputFile.Recognize(head) is { IsRecording: false } other)
            throw new InvalidFileException(name, 0, other.Found, "a recording", other.Remedy);
    }

    /// <summary>The format, such as "an MP3 recording"; null: unknown.</summary>
    public static string? Describe(ReadOnlySpan<byte> head)
    {
        foreach (var (offset, bytes, text) in Formats)
            if (head.Length > offset && head[offset..].StartsWith(bytes))
                return text;
        if (head.Length < 2 || head[0] != 0xFF)
            return null;
        // 11 bits of synchronization; layer 0 is ADTS.
        return (head[1] & 0xF6) == 0xF0 ? "an AAC recording"
            : (head[1] & 0xE0) == 0xE0 ? "an MP3 recording"
            : null;
    }

    private static string? FindPlaylist(ReadOnlySpan<byte> head)
    {
        var text = System
            .Text.Encoding.Latin1.GetString(head)
            .TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        var isXml = text.StartsWith("<?xml", StringComparison.OrdinalIgnoreCase);
        foreach (var (start, playlist) in Playlists)
            if (
                text.StartsWith(start, StringComparison.OrdinalIgnoreCase)
                || (isXml && start[0] == '<' && text.Contains(start, StringComparison.OrdinalIgnoreCase))
            )
                return playlist;
        return null;
    }
}
