using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using AttnCrnn.Audio;

namespace AttnCrnn.Bench;

/// <summary>A kind of copy of a recording, which ffmpeg writes.</summary>
/// <param name="Name">What is done to the recording.</param>
/// <param name="File">Name of the copy, whose extension decides its format.</param>
/// <param name="Arguments">Arguments of ffmpeg.</param>
internal sealed record PlantedCopy(string Name, string File, string[] Arguments)
{
    // Sound begins with the first block of 32 ms that is above -35 dB of the loudest, as for fingerprints.
    private const int BlockSamples = 512;
    private const double SoundRatio = 3.1622776601683794e-4;

    /// <summary>
    /// What is cut off after the first sound, in seconds, so that the copy begins in speech; null: nothing.
    /// </summary>
    public double? SoundCutSeconds { get; init; }

    /// <summary>Writes a copy, uses it, and removes it.</summary>
    /// <exception cref="InvalidOperationException">ffmpeg failed.</exception>
    public T Write<T>(string path, Func<string, T> use)
    {
        var folder = Directory.CreateTempSubdirectory("copies");
        try
        {
            var copy = Path.Combine(folder.FullName, File);
            using var process = Process.Start(
                "ffmpeg",
                ["-v", "error", "-nostdin", "-y", "-i", path, .. CreateCut(path), .. Arguments, copy]
            );
            process.WaitForExit();
            return process.ExitCode == 0
                ? use(copy)
                : throw new InvalidOperationException($"ffmpeg failed for {path}: {Name}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private string[] CreateCut(string path)
    {
        if (SoundCutSeconds is not { } cut)
            return [];
        double[] energies =
        [
            .. AudioReader
                .Read(path)
                .Samples.Chunk(BlockSamples)
                .Select(block => TensorPrimitives.SumOfSquares<float>(block)),
        ];
        var threshold = SoundRatio * energies.Max();
        var first = Array.FindIndex(energies, energy => energy >= threshold) * BlockSamples;
        return ["-ss", (((double)first / Waveform.SampleRateHz) + cut).ToString("0.000", CultureInfo.InvariantCulture)];
    }
}
