using AttnCrnn.Audio;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Reports;

/// <summary>The recordings of a page: embedded, linked, or neither. It counts what it does.</summary>
/// <param name="options">Whether recordings are embedded or linked.</param>
/// <param name="folder">Folder of the page.</param>
internal sealed class Recordings(ReportOptions options, string folder)
{
    /// <summary>Maximum duration of an embedded recording.</summary>
    public const double MaxSeconds = 10;

    /// <summary>Number of embedded recordings.</summary>
    public int Embedded { get; private set; }

    /// <summary>Number of bytes of the embedded recordings.</summary>
    public long EmbeddedBytes { get; private set; }

    /// <summary>Number of embedded recordings of which only the beginning is embedded.</summary>
    public int Shortened { get; private set; }

    /// <summary>Number of recordings to which the page has a link.</summary>
    public int Linked { get; private set; }

    /// <summary>Number of recordings that do not exist, or share no folder with the page but the root.</summary>
    public int Missing { get; private set; }

    /// <summary>Number of recordings that cannot be read.</summary>
    public int Invalid { get; private set; }

    /// <summary>Base64 of a clip as a 16 kHz mono WAV file; null if it is not embedded.</summary>
    public string? Embed(ClipPrediction clip)
    {
        if (!options.EmbedAudio)
            return null;
        if (!File.Exists(clip.Path))
        {
            Missing++;
            return null;
        }
        try
        {
            var bytes = WavWriter.CreateBytes(ReadBeginning(clip).Samples, Waveform.SampleRateHz);
            Embedded++;
            EmbeddedBytes += bytes.Length;
            return Convert.ToBase64String(bytes);
        }
        catch (InvalidInputException)
        {
            Invalid++; // the page says so
            return null;
        }
    }

    /// <summary>The relative path of a clip's recording as an address; null if it is not linked.</summary>
    public string? Link(ClipPrediction clip)
    {
        if (!options.WithNames || options.EmbedAudio)
            return null;
        // A path that climbs to the root is as telling as an absolute one.
        var relative = Path.GetRelativePath(folder, clip.Path).Replace(Path.DirectorySeparatorChar, '/');
        if (!File.Exists(clip.Path) || Path.IsPathRooted(relative) || IsBelowRootOnly(relative))
        {
            Missing++;
            return null;
        }
        Linked++;
        return string.Join('/', relative.Split('/').Select(Uri.EscapeDataString));
    }

    private Waveform ReadBeginning(ClipPrediction clip)
    {
        var start = clip.StartSeconds ?? 0;
        var end = Math.Min(clip.EndSeconds ?? double.MaxValue, start + MaxSeconds);
        var waveform = AudioReader.Read(
            clip.Path,
            new AudioReadOptions
            {
                StartSeconds = clip.StartSeconds,
                EndSeconds = end,
                Channel = clip.Channel ?? default,
            },
            CancellationToken.None
        );
        if (clip.EndSeconds is { } clipEnd ? end < clipEnd : waveform.Seconds >= MaxSeconds)
            Shortened++;
        return waveform;
    }

    private bool IsBelowRootOnly(string relative)
    {
        var depth = Path.GetFullPath(folder).Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        return relative.Split('/').TakeWhile(part => part == "..").Count() >= depth.Length;
    }
}
