namespace AttnCrnn.Audio;

/// <summary>
/// The extensions of recordings, of audio and of video, that WAV, FLAC or ffmpeg decode. They select what a folder
/// contributes; how a file is read depends on its content alone.
/// </summary>
internal static class RecordingExtensions
{
    // Not .ts, .dat or .raw, which are more often something else.
    private static readonly HashSet<string> Extensions = new(
        [
            // Audio
            ".wav",
            ".wave",
            ".bwf",
            ".rf64",
            ".w64",
            ".flac",
            ".mp3",
            ".mp2",
            ".mp1",
            ".mpa",
            ".mpga",
            ".m4a",
            ".m4b",
            ".m4r",
            ".aac",
            ".adts",
            ".ogg",
            ".oga",
            ".opus",
            ".spx",
            ".weba",
            ".mka",
            ".wma",
            ".aif",
            ".aiff",
            ".aifc",
            ".caf",
            ".au",
            ".snd",
            ".sph",
            ".nist",
            ".amr",
            ".awb",
            ".gsm",
            ".ac3",
            ".eac3",
            ".dts",
            ".ape",
            ".wv",
            ".tta",
            ".tak",
            ".mpc",
            ".voc",
            ".dsf",
            ".ra",
            // Video
            ".mp4",
            ".m4v",
            ".mov",
            ".qt",
            ".3gp",
            ".3gpp",
            ".3g2",
            ".flv",
            ".f4v",
            ".f4a",
            ".webm",
            ".mkv",
            ".avi",
            ".wmv",
            ".asf",
            ".mpg",
            ".mpeg",
            ".m2ts",
            ".mts",
            ".vob",
            ".ogv",
            ".mxf",
            ".rm",
            ".rmvb",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether the file name has one of the extensions.</summary>
    public static bool Contains(string path) => Extensions.Contains(Path.GetExtension(path));
}
