using System.Diagnostics;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>samples/PredictStream, built with the solution, on a pipe.</summary>
public sealed class PredictStreamTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_window_is_printed_before_the_stream_ends()
    {
        LogMelModels.Write(folder.PathOf("model.keras"));
        var pcm = Pcm(seconds: 3.5);
        using var process = Process.Start(Prepare("model.keras", "8000"))!;
        var input = process.StandardInput.BaseStream;
        input.Write(pcm, 0, 2 * 8000 * 3); // 3 s
        input.Flush();
        var first = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.StartsWith("0.00-2.00 s  label, ", first, StringComparison.Ordinal);
        input.Write(pcm, 2 * 8000 * 3, pcm.Length - (2 * 8000 * 3));
        process.StandardInput.Close();
        var remainder = process.StandardOutput.ReadToEnd().TrimEnd().Split('\n');
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(["1.00-3.00 s", "2.00-3.50 s"], remainder.Select(line => line.Split("  ")[0]));
    }

    [Fact]
    public void A_missing_model_is_reported_with_the_remedy()
    {
        using var process = Process.Start(Prepare("nowhere", "16000"))!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(3, process.ExitCode);
        Assert.StartsWith("nowhere: found no such file", error, StringComparison.Ordinal);
    }

    private byte[] Pcm(double seconds)
    {
        var path = folder.PathOf("recording.wav");
        WavWriter.Write(path, LogMelModels.Sweep(seconds, 8000), 8000);
        return File.ReadAllBytes(path)[44..];
    }

    private ProcessStartInfo Prepare(params string[] arguments)
    {
        var start = SampleProgram.Prepare("PredictStream", folder.Path, arguments);
        start.RedirectStandardInput = true;
        return start;
    }
}
