using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Kernels;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench;

/// <summary>ONNX Runtime on transformers' export of the base-size network (peers/wav2vec2-base-timing.onnx), in a process of its own that times one pass a line it is sent.</summary>
internal sealed class PeerProcess : IDisposable
{
    public const string Command = "extract-peer";
    private const string Network = "wav2vec2-base-timing.onnx", Weights = "wav2vec2-base-timing.weights";
    private const int WeightBytes = 377_013_248;
    private const float Largest = 0.035f; // of the noise that stands for weights

    private readonly Process process;

    private PeerProcess(Process process) => this.process = process;

    /// <summary>Starts it; null where the network is not beside this repository.</summary>
    public static PeerProcess? Start(string folder, int threads, double seconds, int clips)
    {
        if (Find() is not { } network) return null;
        File.Copy(network, Path.Combine(folder, Network));
        WriteNoise(Path.Combine(folder, Weights));
        var start = new ProcessStartInfo(Environment.ProcessPath!, [Command, folder, $"{threads}", seconds.ToString(CultureInfo.InvariantCulture), $"{clips}"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var started = new PeerProcess(Process.Start(start)!);
        started.process.StandardOutput.ReadLine(); // it is ready
        return started;
    }

    /// <summary>Seconds of one pass.</summary>
    public double Once()
    {
        process.StandardInput.WriteLine();
        return double.Parse(process.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>The child's side.</summary>
    public static void Serve(string folder, int threads, double seconds, int clips)
    {
        using var session = OnnxSession.Load(Path.Combine(folder, Network), threads);
        float[] samples = [.. Enumerable.Range(0, clips).SelectMany(i => ExtractBench.Waveform(seconds, (uint)i))];
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
            Console.WriteLine(Timing.Seconds(() => session.Run(("x", samples, [clips, samples.Length / clips]))).ToString("R", CultureInfo.InvariantCulture));
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "shared", "peers", Network) is var path && File.Exists(path)) return path;
        return null;
    }

    private static void WriteNoise(string path)
    {
        using var stream = File.Create(path);
        var values = new float[1 << 20];
        for (var written = 0; written < WeightBytes; written += 4 * values.Length)
        {
            new Draw(4).For(Purpose.Demo, (uint)(written / (4 * values.Length))).FillUniform(values);
            for (var i = 0; i < values.Length; i++) values[i] = Largest * ((2 * values[i]) - 1);
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan())[..Math.Min(4 * values.Length, WeightBytes - written)]);
        }
    }
}
