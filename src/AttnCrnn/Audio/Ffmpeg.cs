using System.Diagnostics;
using System.Runtime.InteropServices;
using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>
/// ffmpeg as a process of its own: no shell, no temporary files, no network (files and pipes alone), float32 samples out of a pipe. The process
/// itself and not FFMpegCore: one call with a handful of arguments needs no wrapper, and the wrapper's pipes are not bounded.
/// </summary>
internal static class Ffmpeg
{
    private const long MostBytes = 4L * 16_000 * 3600 * 12; // twelve hours of 16 kHz: more is a mistake, or an attack

    /// <summary>The program's path, or null where it is not installed.</summary>
    public static string? Find()
    {
        var names = OperatingSystem.IsWindows() ? (string[])["ffmpeg.exe"] : ["ffmpeg"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    /// <summary>The recording's first audio stream at a rate, its channels averaged.</summary>
    /// <exception cref="BadFileException">ffmpeg finds no sound in it.</exception>
    /// <exception cref="RefusedException">ffmpeg is not installed.</exception>
    public static float[] Decode(string path, int sampleRateHz, CancellationToken cancellationToken)
    {
        using (InputFileCheck(path)) { }
        var program = Find() ?? throw new RefusedException(
            $"{path}: only WAV is read without ffmpeg, which is not installed here; get it with: sudo apt-get install ffmpeg (Fedora: dnf, macOS: brew)");
        var (channels, rate) = Probe(program, path, cancellationToken);
        var samples = Run(program, path, channels, cancellationToken);
        var mono = Mix(samples, channels);
        return rate == sampleRateHz ? mono : Resampler.Resample(mono, rate, sampleRateHz);
    }

    // Only what the system can open as a file reaches ffmpeg: a name such as http://… or concat:… never does.
    private static FileStream InputFileCheck(string path) => InputFile.Open(path, "a recording");

    private static (int Channels, int SampleRateHz) Probe(string program, string path, CancellationToken cancellationToken)
    {
        var probe = Path.Combine(Path.GetDirectoryName(program)!, OperatingSystem.IsWindows() ? "ffprobe.exe" : "ffprobe");
        string[] arguments =
        [
            "-v", "error", "-protocol_whitelist", "file,pipe", "-select_streams", "a:0", "-show_entries", "stream=channels,sample_rate",
            "-of", "default=noprint_wrappers=1", "file:" + path,
        ];
        var (bytes, errors) = Collect(probe, arguments, 1 << 16, path, cancellationToken);
        var values = System.Text.Encoding.UTF8.GetString(bytes.AsSpan()).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('=')).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);
        if (values.TryGetValue("channels", out var channels) && int.TryParse(channels, out var count) && count is > 0 and <= 1024
            && values.TryGetValue("sample_rate", out var rate) && int.TryParse(rate, out var hz) && hz is >= 100 and <= 10_000_000)
            return (count, hz);
        throw NoSound(path, errors);
    }

    private static float[] Run(string program, string path, int channels, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            "-nostdin", "-v", "error", "-protocol_whitelist", "file,pipe", "-i", "file:" + path, "-map", "0:a:0", "-vn", "-sn", "-dn",
            "-f", "f32le", "-c:a", "pcm_f32le", "pipe:1",
        ];
        var (bytes, errors) = Collect(program, arguments, Math.Min(Array.MaxLength, MostBytes * channels), path, cancellationToken);
        if (bytes.Length < 4 * channels) throw NoSound(path, errors);
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(0, bytes.Length & ~3)).ToArray();
    }

    private static (byte[] Output, string Errors) Collect(string program, string[] arguments, long most, string path, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        using var process = Process.Start(start) ?? throw new RefusedException($"{program} could not be started");
        using var killer = cancellationToken.Register(() => Kill(process));
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int had; (had = process.StandardOutput.BaseStream.Read(buffer)) > 0;)
        {
            if (output.Length + had > most)
            {
                Kill(process);
                throw new BadFileException(path, null, "a recording of more than twelve hours", "a shorter one", "cut it into pieces");
            }
            output.Write(buffer, 0, had);
        }
        process.WaitForExit();
        cancellationToken.ThrowIfCancellationRequested();
        return (output.ToArray(), errors.GetAwaiter().GetResult());
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself meanwhile, which is all that was wanted.
        }
    }

    private static BadFileException NoSound(string path, string errors)
    {
        var head = new byte[256];
        int had;
        using (var stream = InputFile.Open(path, "a recording")) had = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (InputFile.Recognise(head.AsSpan(0, had)) is { } other) return new(path, 0, other.Found, "a recording", other.Remedy);
        var line = errors.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault();
        return new(path, null, $"nothing that ffmpeg can decode{(line is null ? "" : $" ({line})")}", "a recording", "fetch the file again, or leave it out");
    }

    private static float[] Mix(float[] samples, int channels)
    {
        if (channels == 1) return samples;
        var mono = new float[samples.Length / channels];
        for (var i = 0; i < mono.Length; i++)
        {
            var sum = 0f;
            for (var channel = 0; channel < channels; channel++) sum += samples[(i * channels) + channel];
            mono[i] = sum / channels;
        }
        return mono;
    }
}
