namespace AttnCrnn.Audio;

/// <summary>
/// What ffmpeg may read. A recording comes from anyone, and some formats make ffmpeg open other files or addresses that
/// the recording names (HLS, DASH, concat, SDP, IMF, image sequences), which is not limited by protocols: local files
/// are files. Therefore only containers of audio and video that hold their content themselves are allowed, and only
/// files. Names that a version of ffmpeg does not know have no effect.
/// </summary>
/// <remarks>
/// QuickTime files can refer to other files as well; ffmpeg ignores that unless <c>enable_drefs</c> is set, which is an
/// option of this format alone and cannot be given for a file of unknown format.
/// </remarks>
internal static class DecodableFormats
{
    /// <summary>The protocols, separated by commas.</summary>
    public const string Protocols = "file,pipe";

    /// <summary>The demuxers, separated by commas (<c>ffmpeg -demuxers</c>).</summary>
    public static string Demuxers { get; } =
        string.Join(
            ',',
            [
                // Audio
                "aac",
                "ac3",
                "act",
                "aiff",
                "amr",
                "amrnb",
                "amrwb",
                "ape",
                "apm",
                "aptx",
                "au",
                "caf",
                "codec2",
                "dsf",
                "dss",
                "dts",
                "dtshd",
                "eac3",
                "epaf",
                "flac",
                "g722",
                "g723_1",
                "g726",
                "g726le",
                "g729",
                "gsm",
                "iff",
                "ilbc",
                "ircam",
                "lc3",
                "loas",
                "mlp",
                "mmf",
                "mp3",
                "mpc",
                "mpc8",
                "nistsphere",
                "ogg",
                "oma",
                "pvf",
                "qcp",
                "sbc",
                "shn",
                "sln",
                "sox",
                "spdif",
                "tak",
                "truehd",
                "tta",
                "voc",
                "vqf",
                "w64",
                "wav",
                "wsd",
                "wv",
                "xwma",
                // Audio and video
                "asf",
                "avi",
                "dv",
                "flv",
                "gxf",
                "ivf",
                "lxf",
                "matroska",
                "mov",
                "mpeg",
                "mpegts",
                "mpegvideo",
                "mxf",
                "nsv",
                "nut",
                "rm",
                "swf",
                "wtv",
            ]
        );
}
