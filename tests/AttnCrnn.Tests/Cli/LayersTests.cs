using System.Diagnostics;
using System.Text.Json;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats;
using AttnCrnn.Kernels;

namespace AttnCrnn.Tests.Cli;

/// <summary>The program on a store that <c>extract --layers all</c> could have made.</summary>
public sealed class LayersTests : IDisposable
{
    private const int Layers = 4, Width = 6, Clips = 54, Telling = 2;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Folds_are_trained_with_a_mix_that_is_said_shown_saved_and_used_again()
    {
        MakeStore();
        var trained = Run("train", "--data_dirs", "store", "--folds", "3", "--epochs", "8", "--batch_size", "8", "--learning_rate", "0.003", "--patience", "8");
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Matches(@"(?m)^layers   2 \(weight 0\.\d{4}, \d\d%\), .* weigh most of 0 to 3$", trained.Output);
        var run = Path.GetFileName(Directory.GetDirectories(Path.Combine(folder.FullName, "checkpoints")).Single());
        var analysis = Path.Combine(folder.FullName, "analysis_results", run);
        Assert.Contains("Which layers count", File.ReadAllText(Path.Combine(analysis, "report.html")), StringComparison.Ordinal);
        var weights = WeightsOf(File.ReadAllText(Path.Combine(analysis, "metrics.json")));
        Assert.Equal(Telling, Array.IndexOf(weights, weights.Max()));

        Assert.Equal(weights, WeightsOf(Run("evaluate", run, "--json", "--quiet").Output));
        Assert.Equal(weights, WeightsOf(Run("evaluate", run, "--json", "--quiet", "--data_dirs", "store").Output)); // the same folds' models
        FeatureNpz.Write(Path.Combine(folder.FullName, "clip.npz"), Values(4, 30), 30, Layers * Width, null, []);
        var told = Run("predict", run, "clip.npz");
        Assert.True(told.Code == 0 && told.Output.Contains("clip.npz  l1 ", StringComparison.Ordinal), told.Output + told.Error);
        var model = Directory.GetFiles(Path.Combine(folder.FullName, "checkpoints", run, "fold_1"), "best_*").Single();
        Assert.Equal(0, Run("export", model, "--to", "npz", "--out", "w.npz").Code);
        Assert.Equal([Layers, 1], NpzFile.Read(Path.Combine(folder.FullName, "w.npz"))["layer_mix/kernel"].Shape);
    }

    private static double[] WeightsOf(string metrics)
    {
        using var json = JsonDocument.Parse(metrics);
        return [.. json.RootElement.GetProperty("layer_weights").EnumerateArray().Select(weight => weight.GetDouble())];
    }

    // Noise in every layer; in one the class shows in which of the features moves.
    private static float[] Values(int clip, int frames)
    {
        var values = new float[frames * Layers * Width];
        new Draw(2).For(Purpose.Demo, (uint)clip).FillNormal(values);
        for (var at = (Telling * Width) + (clip % 3); at < values.Length; at += Layers * Width) values[at] += 1.5f;
        return values;
    }

    private void MakeStore()
    {
        var (path, encoder) = (Path.Combine(folder.FullName, "store"), new EncoderDescription("test", "1", "all", 50, Width, Layers));
        Directory.CreateDirectory(path);
        var options = new ExtractionOptions(path);
        StoreJson.WriteOrCheck(path, new(encoder, options.Precision, options.Format));
        var writer = new PartWriter(options, encoder, TimeProvider.System);
        for (var clip = 0; clip < Clips; clip++)
        {
            var frames = 30 + (clip * 7 % 25);
            var (key, name, label) = ($"{clip:x64}", $"/clips/{clip:00}.wav", $"l{clip % 3}");
            var line = new PartLine(key, "", name, label, $"s{clip / 6}", null, null, null, frames, frames / 50.0, 0, 0, clip, false, "");
            writer.Add(line with { File = writer.Add(line, new(Values(clip, frames), frames, Layers, Width)) });
        }
        writer.Flush();
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var program = Path.Combine(Shared.RepositoryRoot, "src", "AttnCrnn.Cli", "bin", "Release", "net10.0", OperatingSystem.IsWindows() ? "attn-crnn.exe" : "attn-crnn");
        if (!File.Exists(program)) Assert.Skip("the program is not built: ./test builds it");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
