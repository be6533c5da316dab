using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Export;
using AttnCrnn.Models;
using AttnCrnn.Prediction;

namespace AttnCrnn.Tests.Export.Hub;

/// <summary>The folder that one uploads to the hub.</summary>
public sealed class HubExporterTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly IRunExporter exporter = RunExporters.Find("hub")!;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_folder_has_models_card_metrics_and_script_and_nothing_else()
    {
        var files = await ExportAsync();
        Assert.Equal(
            [
                "README.md",
                "attn_crnn_confusion_matrix.png",
                "config.json",
                "metrics.json",
                "model.keras",
                "model.onnx",
                "model_card.html",
                "predict.py",
            ],
            files.Select(path => Path.GetFileName(path))
        );
        Assert.Equal(["hub", "work"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task No_file_contains_a_path_or_the_name_of_a_speaker_a_folder_or_a_file()
    {
        var encoder = new EncoderDescription("/home/ada/own-encoder", "1", "2", 50, 16, 1);
        RunBuilder.Write(folder.PathOf("work"), encoder: encoder);
        var files = await ExportAsync();
        string[] secrets = [.. RunBuilder.Private, folder.Path];
        foreach (var (name, bytes) in files.SelectMany(ListEntries))
        {
            var text = Encoding.UTF8.GetString(bytes);
            Assert.All(secrets, secret =>
                Assert.False(text.Contains(secret, StringComparison.Ordinal), $"{name}: {secret}")
            );
        }
        // What is searched for would be found: the model of the run has it.
        var source = ListEntries(folder.PathOf("work", "checkpoints", RunBuilder.Name, "best_attn_crnn_model.keras"));
        Assert.Contains(source, entry =>
            Encoding.UTF8.GetString(entry.Bytes).Contains(RunBuilder.Speaker, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task The_exported_models_predict_what_the_run_predicts()
    {
        await ExportAsync();
        using var original = Predictor.Load(
            folder.PathOf("work", "checkpoints", RunBuilder.Name, "best_attn_crnn_model.keras"),
            threads: 1
        );
        using var exported = Predictor.Load(folder.PathOf("hub", "model.keras"), threads: 1);
        var frames = RandomModelBuilder.Frames(original.Info.Network, 20, seed: 3);
        var expected = original.Predict([frames])[0];
        Assert.Equal(expected, exported.Predict([frames])[0]);
        Assert.Equal(RunBuilder.Name, ReadJson("config.json")["name"]!.GetValue<string>());
    }

    /// <summary>The inputs that predict.py names.</summary>
    [Theory]
    [InlineData(false, "frames", "lengths")]
    [InlineData(true, "samples")]
    public async Task The_script_names_the_inputs_of_the_onnx_model(bool waveform, params string[] inputs)
    {
        using var encoder = new LogMelEncoder();
        await ExportAsync(new() { Encoder = waveform ? encoder : null });
        var script = File.ReadAllText(folder.PathOf("hub", "predict.py"));
        var graph = Encoding.UTF8.GetString(File.ReadAllBytes(folder.PathOf("hub", "model.onnx")));
        foreach (var input in inputs)
        {
            Assert.Contains($"\"{input}\": ", script, StringComparison.Ordinal);
            Assert.Contains(input, graph, StringComparison.Ordinal);
        }
        Assert.Equal(inputs[0], ReadJson("config.json")["onnx_input"]!.GetValue<string>());
        var card = File.ReadAllText(folder.PathOf("hub", "README.md"));
        Assert.Contains(script.TrimEnd(), card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_models_of_the_folds_are_exported_and_the_hash_of_each_is_stated()
    {
        RunBuilder.Write(folder.PathOf("work"), folds: 3);
        await ExportAsync();
        var models = ReadJson("config.json")["models"]!.AsArray();
        Assert.Equal(
            ["fold_1.keras", "fold_2.keras", "fold_3.keras"],
            models.Select(model => model!["keras"]!.GetValue<string>())
        );
        Assert.All(models, model =>
            Assert.Equal(
                ModelIdentity.ComputeFileHash(folder.PathOf("hub", model!["keras"]!.GetValue<string>())),
                model["sha256"]!.GetValue<string>()
            )
        );
    }

    [Fact]
    public async Task The_encoder_is_not_included_in_each_model_of_the_folds()
    {
        RunBuilder.Write(folder.PathOf("work"), folds: 3);
        using var encoder = new LogMelEncoder();
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => ExportAsync(new() { Encoder = encoder }));
        Assert.Contains("choose one of the models", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("hub")));
    }

    [Fact]
    public async Task Metrics_of_a_later_version_are_left_out()
    {
        var run = RunBuilder.Write(folder.PathOf("work"));
        var path = Path.Combine(run.Analysis, "metrics.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["worst_speaker"] = RunBuilder.Speaker;
        File.WriteAllText(path, json.ToJsonString());
        await ExportAsync();
        var exported = ReadJson("metrics.json");
        Assert.Null(exported["worst_speaker"]);
        Assert.Equal(json["uar"]!.ToJsonString(), exported["uar"]!.ToJsonString());
    }

    [Fact]
    public async Task A_folder_that_is_not_empty_is_refused_and_an_empty_one_is_used()
    {
        Directory.CreateDirectory(folder.PathOf("hub"));
        File.WriteAllText(folder.PathOf("hub", "notes.txt"), "");
        await Assert.ThrowsAsync<InvalidInputException>(() => ExportAsync());
        Assert.Equal(["notes.txt"], Directory.GetFiles(folder.PathOf("hub")).Select(Path.GetFileName));
        File.Delete(folder.PathOf("hub", "notes.txt"));
        Assert.NotEmpty(await ExportAsync());
    }

    [Fact]
    public async Task A_failed_export_leaves_nothing()
    {
        var run = RunBuilder.Write(folder.PathOf("work"));
        File.WriteAllText(Path.Combine(run.Analysis, "metrics.json"), "{");
        await Assert.ThrowsAsync<InvalidFileException>(() => ExportAsync());
        await Assert.ThrowsAsync<OperationCanceledException>(() =>
            exporter.ExportAsync(
                RunExport.Find(folder.PathOf("work"), RunBuilder.Name),
                folder.PathOf("hub"),
                new(),
                new(canceled: true)
            )
        );
        Assert.Equal(["work"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName));
    }

    private async Task<IReadOnlyList<string>> ExportAsync(RunExportOptions? options = null)
    {
        if (!Directory.Exists(folder.PathOf("work")))
            RunBuilder.Write(folder.PathOf("work"));
        var run = RunExport.Find(folder.PathOf("work"), RunBuilder.Name);
        var result = await exporter.ExportAsync(
            run,
            folder.PathOf("hub"),
            options ?? new(),
            TestContext.Current.CancellationToken
        );
        return result.Files;
    }

    private JsonObject ReadJson(string name) =>
        JsonNode.Parse(File.ReadAllText(folder.PathOf("hub", name)))!.AsObject();

    // A file, and the entries of an archive.
    private static IEnumerable<(string Name, byte[] Bytes)> ListEntries(string path)
    {
        yield return (path, File.ReadAllBytes(path));
        if (!path.EndsWith(ModelFile.Extension, StringComparison.Ordinal))
            yield break;
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            using var content = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(content);
            yield return ($"{path}:{entry.FullName}", content.ToArray());
        }
    }
}
