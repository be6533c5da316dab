using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

/// <summary>predict --json names the model and its hash in every object.</summary>
public sealed class PredictionModelTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string clip;

    public PredictionModelTests()
    {
        clip = folder.PathOf("clip.wav");
        WavWriter.Write(clip, LogMelModels.Sweep(1), 16_000);
        File.WriteAllText(folder.PathOf("damaged.wav"), "RIFF");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_is_named_with_the_hash_of_its_model_also_for_an_input_that_failed()
    {
        var run = RunBuilder.Write(folder.Path);
        var objects = await PredictAsync(run.Name, clip, folder.PathOf("damaged.wav"));
        Assert.Equal(2, objects.Count);
        Assert.NotNull(objects[1]["error"]);
        var hash = Hash(File.ReadAllBytes(Path.Combine(run.Checkpoints, "best_attn_crnn_model.keras")));
        Assert.All(objects, prediction =>
            Assert.Equal((run.Name, hash), ($"{prediction["model"]}", $"{prediction["model_sha256"]}"))
        );
    }

    [Fact]
    public async Task A_model_file_is_named_without_its_path()
    {
        RunBuilder.WriteModel(folder.PathOf("my_model.keras"));
        var prediction = Assert.Single(await PredictAsync(folder.PathOf("my_model.keras"), clip));
        Assert.Equal("my_model.keras", $"{prediction["model"]}");
    }

    /// <summary>As <c>sha256sum … | cut -d ' ' -f 1 | LC_ALL=C sort | sha256sum</c>.</summary>
    [Fact]
    public async Task An_ensemble_has_the_hash_of_the_sorted_hashes()
    {
        var run = RunBuilder.Write(folder.Path, folds: 3);
        var hashes = Enumerable
            .Range(1, 3)
            .Select(fold => Path.Combine(run.GetModelFolder(fold), "best_attn_crnn_model.keras"))
            .Select(path => Hash(File.ReadAllBytes(path)))
            .Order(StringComparer.Ordinal);
        var prediction = Assert.Single(await PredictAsync(run.Name, clip));
        var lines = Encoding.ASCII.GetBytes(string.Concat(hashes.Select(hash => hash + "\n")));
        Assert.Equal(Hash(lines), $"{prediction["model_sha256"]}");
        var ofFold = Assert.Single(await PredictAsync(run.GetModelFolder(2), clip));
        Assert.Equal($"{run.Name}/fold_2", $"{ofFold["model"]}");
    }

    [Fact]
    public async Task A_published_classifier_has_a_revision_instead_of_a_hash()
    {
        var checkpoint = Fixtures.Path("encoders", "heads", "hubert-large-superb-like");
        var prediction = Assert.Single(await PredictAsync(checkpoint, clip));
        Assert.Equal("hubert-large-superb-like", $"{prediction["model"]}");
        Assert.Null(prediction["model_sha256"]);
        Assert.NotEmpty($"{prediction["model_revision"]}");
    }

    private async Task<IReadOnlyList<JsonObject>> PredictAsync(string model, params string[] inputs)
    {
        var (_, output, _) = await InProcessProgram.RunAsync([
            "predict",
            model,
            .. inputs,
            "--json",
            "--no_vad",
            "--workdir",
            folder.Path,
        ]);
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject()),
        ];
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
