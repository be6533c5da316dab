using System.Text.Json;
using AttnCrnn.Encoders;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The program on a store as <c>extract --layers all</c> writes it.</summary>
public sealed class LayersTests : IDisposable
{
    private const int Layers = 4,
        Width = 6,
        Clips = 54,
        Telling = 2;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_layer_mix_is_printed_reported_saved_and_reused()
    {
        MakeStore();
        var trained = Run(
            "train",
            "--data_dirs",
            "store",
            "--folds",
            "3",
            "--epochs",
            "8",
            "--batch_size",
            "8",
            "--learning_rate",
            "0.003",
            "--patience",
            "8"
        );
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Matches(
            @"(?m)^layers   2 \(weight 0\.\d{4}, \d\d%\), .* have the largest weights of 0 to 3$",
            trained.Output
        );
        var run = Path.GetFileName(Directory.GetDirectories(folder.At("checkpoints")).Single());
        var analysis = folder.At("analysis_results", run);
        Assert.Contains(
            "Layer weights",
            File.ReadAllText(Path.Combine(analysis, "report.html")),
            StringComparison.Ordinal
        );
        var weights = WeightsOf(File.ReadAllText(Path.Combine(analysis, "metrics.json")));
        Assert.Equal(Telling, Array.IndexOf(weights, weights.Max()));

        Assert.Equal(weights, WeightsOf(Run("evaluate", run, "--json", "--quiet").Output));
        // From the same folds' models.
        Assert.Equal(weights, WeightsOf(Run("evaluate", run, "--json", "--quiet", "--data_dirs", "store").Output));
        FeatureNpz.Write(folder.At("clip.npz"), Values(4, 30), 30, Layers * Width, null, []);
        var predicted = Run("predict", run, "clip.npz");
        Assert.True(
            predicted.Code == 0 && predicted.Output.Contains("clip.npz  l1 ", StringComparison.Ordinal),
            predicted.Output + predicted.Error
        );
        var model = Directory.GetFiles(folder.At("checkpoints", run, "fold_1"), "best_*").Single();
        Assert.Equal(0, Run("export", model, "--to", "npz", "--out", "w.npz").Code);
        Assert.Equal([Layers, 1], NpzFile.Read(folder.At("w.npz"))["layer_mix/kernel"].Shape);
    }

    private static double[] WeightsOf(string metrics)
    {
        using var json = JsonDocument.Parse(metrics);
        return [.. json.RootElement.GetProperty("layer_weights").EnumerateArray().Select(weight => weight.GetDouble())];
    }

    // Noise in every layer; in one of them the class determines which feature varies.
    private static float[] Values(int clip, int frames)
    {
        var values = new float[frames * Layers * Width];
        new RandomStream(2).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
        for (var at = (Telling * Width) + (clip % 3); at < values.Length; at += Layers * Width)
            values[at] += 1.5f;
        return values;
    }

    private void MakeStore() =>
        FeatureStoreBuilder.Write(
            folder.At("store"),
            new EncoderDescription("test", "1", "all", 50, Width, Layers),
            Enumerable
                .Range(0, Clips)
                .Select(clip => new StoreClip(
                    $"/clips/{clip:00}.wav",
                    $"l{clip % 3}",
                    $"s{clip / 6}",
                    Values(clip, 30 + (clip * 7 % 25))
                ))
        );

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
