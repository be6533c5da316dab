using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Onnx;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// ONNX Runtime on transformers' export of the base-size network, in a child process that times one pass per line of
/// input. The weights are noise, in a file next to the network.
/// </summary>
internal sealed class PeerProcess : IDisposable
{
    public const string Command = "extract-peer";
    private const string Variable = "ATTN_CRNN_PEER"; // path of the exported network
    private const string Network = "wav2vec2-base-timing.onnx";
    private const string Weights = "wav2vec2-base-timing.weights";
    private const int WeightBytes = 377_013_248;
    private const float MaxWeight = 0.035f; // noise amplitude

    private readonly Process process;

    private PeerProcess(Process process) => this.process = process;

    /// <summary>Starts the process; null if <see cref="Variable"/> is not set.</summary>
    public static PeerProcess? Start(string folder, int threads, double seconds, int clips)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } network)
            return null;
        File.Copy(network, Path.Combine(folder, Network));
        WriteNoise(Path.Combine(folder, Weights));
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            [Command, folder, $"{threads}", seconds.ToString(CultureInfo.InvariantCulture), $"{clips}"]
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var peer = new PeerProcess(Process.Start(start)!);
        peer.process.StandardOutput.ReadLine(); // wait for "ready"
        return peer;
    }

    /// <summary>Runs one pass and returns its seconds.</summary>
    public double MeasureOnce()
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

    /// <summary>The main loop of the child process.</summary>
    public static void Serve(string folder, int threads, double seconds, int clips)
    {
        using var session = OnnxSession.Load(Path.Combine(folder, Network), threads);
        float[] samples =
        [
            .. Enumerable.Range(0, clips).SelectMany(i => ExtractBench.CreateWaveform(seconds, (uint)i)),
        ];
        Console.WriteLine("ready");
        while (Console.ReadLine() is not null)
            Console.WriteLine(
                Timing
                    .Measure(() => session.Run(("x", samples, [clips, samples.Length / clips])))
                    .ToString("R", CultureInfo.InvariantCulture)
            );
    }

    private static void WriteNoise(string path)
    {
        using var stream = File.Create(path);
        var values = new float[1 << 20];
        for (var written = 0; written < WeightBytes; written += 4 * values.Length)
        {
            new RandomStream(4)
                .ForStream(RandomStreamId.Demo, (uint)(written / (4 * values.Length)))
                .FillUniform(values);
            for (var i = 0; i < values.Length; i++)
                values[i] = MaxWeight * ((2 * values[i]) - 1);
            stream.Write(MemoryMarshal.AsBytes(values.AsSpan())[..Math.Min(4 * values.Length, WeightBytes - written)]);
        }
    }
}
