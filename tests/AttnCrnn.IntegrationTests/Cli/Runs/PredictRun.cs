using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>A run of two folds and a single model with random weights, and recordings; tests share them.</summary>
public sealed class PredictRun : IDisposable
{
    private readonly TempFolder folder = new();

    public PredictRun()
    {
        LogMelModels.Write(folder.PathOf("model.keras"));
        LogMelModels.WriteFolds(folder.Path, Folds, folds: 2);
        WavWriter.Write(folder.PathOf("a.wav"), LogMelModels.Sweep(1.2), 16_000);
        WavWriter.Write(folder.PathOf("b.wav"), LogMelModels.Sweep(0.8, 44_100), 44_100);
    }

    /// <summary>The name of the run of folds.</summary>
    internal const string Folds = "attn_crnn_v2_20260131_235959";

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>Runs predict to its end.</summary>
    internal (int Code, string Output, string Error) Predict(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, ["predict", .. arguments]);

    /// <summary>Runs predict with bytes on standard input.</summary>
    internal (int Code, string Output, string Error) PredictFrom(byte[] input, params string[] arguments)
    {
        var start = BuiltProgram.Prepare(folder.Path, ["predict", .. arguments]);
        start.RedirectStandardInput = true;
        using var process = System.Diagnostics.Process.Start(start)!;
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program has ended without reading; the test examines why.
        }
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => folder.Dispose();
}
