using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Hdf5;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Written archives against archives of the same network that Keras 3.15 wrote.</summary>
public sealed class KerasLayoutTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    public void The_graph_equals_the_one_that_Keras_writes(string name)
    {
        var (expected, actual) = (
            KerasBuilder.FromFixture(name),
            KerasBuilder.FromFile(KerasRewriter.Rewrite(folder, name))
        );
        // Keras' shared object ids are memory addresses.
        Assert.Equal(RemoveObjectIds(expected.Config), RemoveObjectIds(actual.Config));
        Assert.Equal(
            Encoding.UTF8.GetString(expected["metadata.json"]),
            Encoding.UTF8.GetString(actual["metadata.json"])
        );
    }

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    public void Weights_have_the_paths_shapes_types_and_names_that_Keras_writes(string name)
    {
        var (expected, actual) = (
            KerasBuilder.FromFixture(name)["model.weights.h5"],
            KerasBuilder.FromFile(KerasRewriter.Rewrite(folder, name))["model.weights.h5"]
        );
        Assert.Equal(Listing(expected), Listing(actual));
    }

    [Theory]
    [InlineData("temperature_rescaling")]
    [InlineData("statistics_pooling_operators")]
    public void Layers_are_written_as_Keras_writes_them(string name)
    {
        var (expected, actual) = Rewrite(name);
        var names = MatchNames(expected.Config, actual.Config);
        foreach (var key in (string[])["layers", "input_layers", "output_layers"])
            Assert.Equal(
                Rename(RemoveObjectIds(expected.Config["config"]![key]!), names),
                actual.Config["config"]![key]!.ToJsonString()
            );
    }

    [Fact]
    public void A_temperature_has_the_groups_in_the_weights_that_Keras_writes()
    {
        var (expected, actual) = Rewrite("temperature_rescaling");
        var names = MatchNames(expected.Config, actual.Config);
        var listing = Listing(actual["model.weights.h5"]);
        Assert.Equal(
            [.. Listing(expected["model.weights.h5"]).Split('\n').Select(line => RenameGroup(line, names))],
            listing.Split('\n')
        );
        Assert.Contains("layers/rescaling/vars = rescaling", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void Normalization_and_layer_mix_have_the_weights_that_Keras_builds()
    {
        var listing = Listing(KerasRewriter.WriteWeightsWithLayerMix(folder));
        // keras/src/layers/preprocessing/normalization.py: mean, variance and count; dense.py: kernel [inputs, units];
        // the layer mix is the first Dense.
        foreach (
            var line in (string[])
                [
                    "layers/normalization/vars/0 [3,4] float32",
                    "layers/normalization/vars/1 [3,4] float32",
                    "layers/normalization/vars/2 [] int64",
                    "layers/dense/vars/0 [3,1] float32",
                    "layers/dense_1/vars/0 [6,7] float32",
                    "layers/dense_2/vars/1 [3] float32",
                    "layers/permute/vars = layer_mix_permute",
                    "layers/reshape/vars = layer_mix_reshape",
                    "layers/dense/vars = layer_mix",
                ]
        )
            Assert.Contains(line, listing.Split('\n'));
        Assert.DoesNotContain("layers/dense/vars/1", listing, StringComparison.Ordinal);
    }

    /// <summary>
    /// As get_config of Keras 3.15 gives them (keras/src/optimizers/adamw.py, base_optimizer.py); AdamW has the
    /// variables of Adam.
    /// </summary>
    [Theory]
    [InlineData(0.05, null, "AdamW", "adamw")]
    [InlineData(0.0, 1.5, "AdamW", "adamw")]
    [InlineData(null, 1.5, "Adam", "adam")]
    public void The_optimizer_has_the_class_and_the_options_of_Keras(
        double? weightDecay,
        double? clipNorm,
        string className,
        string name
    )
    {
        var (model, tensors, adam) = SmallModelBuilder.Create("v2");
        var optimizer = adam with { WeightDecay = weightDecay };
        optimizer = optimizer with { GlobalClipNorm = clipNorm };
        var path = folder.PathOf("a.keras");
        ModelFileWriter.Write(path, model, tensors, adam);
        var expected = ParseOptimizer(path);
        ModelFileWriter.Write(path, model, tensors, optimizer);
        expected["class_name"] = className;
        expected["config"]!["name"] = name;
        expected["config"]!["weight_decay"] = weightDecay;
        expected["config"]!["global_clipnorm"] = clipNorm;
        Assert.True(JsonNode.DeepEquals(expected, ParseOptimizer(path)), $"{ParseOptimizer(path)}");
        Assert.Contains(
            $"optimizer/vars = {name}",
            Listing(KerasBuilder.FromFile(path)["model.weights.h5"]).Split('\n')
        );

        var readOptimizer = ModelFile.Read(path, withOptimizer: true).Optimizer!;
        Assert.Equal((weightDecay, clipNorm), (readOptimizer.WeightDecay, readOptimizer.GlobalClipNorm));
        FloatAssert.BitIdentical(adam.SecondMoments, readOptimizer.SecondMoments);
    }

    /// <summary>Continued by another rule, its state would be wrong.</summary>
    [Theory]
    [InlineData("weight_decay", "0.01")] // of Adam
    [InlineData("global_clipnorm", "\"1\"")]
    [InlineData("global_clipnorm", "-1")]
    [InlineData("clipnorm", "1")]
    public void The_state_of_an_optimizer_with_unsupported_options_is_not_read(string option, string value)
    {
        var archive = KerasBuilder.FromFixture("small_after_training.keras");
        var path = folder.PathOf("x.keras");
        archive
            .WithConfig((root, _) => root["compile_config"]!["optimizer"]!["config"]![option] = JsonNode.Parse(value))
            .Save(path);
        Assert.Null(ModelFile.Read(path, KerasAssert.Labels, withOptimizer: true).Optimizer);
    }

    [Fact]
    public void Entries_have_no_dates_so_that_archives_are_deterministic()
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(KerasRewriter.Rewrite(folder, "small.keras"));
        Assert.Equal(
            ["metadata.json", "config.json", "model.weights.h5", "attn_crnn.json"],
            archive.Entries.Select(entry => entry.FullName)
        );
        Assert.All(archive.Entries, entry =>
            Assert.Equal((entry.Length, 1980), (entry.CompressedLength, entry.LastWriteTime.Year))
        );
    }

    private (KerasBuilder Expected, KerasBuilder Actual) Rewrite(string name)
    {
        var fixture = $"layers/{name}.keras";
        var archive = ModelFile.Read(Fixtures.Path("keras", fixture), ["a", "b", "c", "d"], withOptimizer: true);
        var path = folder.PathOf("rewritten.keras");
        ModelFileWriter.Write(path, archive.Info, archive.Tensors, archive.Optimizer);
        return (KerasBuilder.FromFixture(fixture), KerasBuilder.FromFile(path));
    }

    // Keras numbered the names through several archives; ours are those of one archive.
    private static Dictionary<string, string> MatchNames(JsonObject expected, JsonObject actual)
    {
        var names = ListNames(expected).Zip(ListNames(actual)).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (
            var (key, name) in (KeyValuePair<string, string>[])
                [new("layer", "forward_lstm"), new("backward_layer", "backward_lstm")]
        )
            names[GetNestedName(expected, key)] = name;
        names["lstm_cell"] = "lstm_cell";
        names[(string)expected["compile_config"]!["optimizer"]!["config"]!["name"]!] = "adam";
        return names;
    }

    private static string GetNestedName(JsonObject config, string key) =>
        (string)
            config["config"]!["layers"]!.AsArray().Single(layer => (string)layer!["class_name"]! == "Bidirectional")![
                "config"
            ]![key]!["config"]!["name"]!;

    private static IEnumerable<string> ListNames(JsonObject config) =>
        config["config"]!["layers"]!
            .AsArray()
            .Select(layer => (string)layer!["name"]!)
            .Prepend((string)config["config"]!["name"]!);

    // Quoted, a name is not part of another one.
    private static string Rename(string json, Dictionary<string, string> names) =>
        names.Aggregate(json, (text, name) =>
            text.Replace($"\"{name.Key}\"", $"\"{name.Value}\"", StringComparison.Ordinal)
        );

    // On JAX, which wrote that archive, integers have 32 bits; on TensorFlow, as in the other archives, 64.
    private static string RenameGroup(string line, Dictionary<string, string> names) =>
        line.Split(" = ") is [var path, var name]
            ? $"{path} = {names[name]}"
            : line.Replace("int32", "int64", StringComparison.Ordinal);

    private static string RemoveObjectIds(JsonNode config)
    {
        var open = new Stack<JsonNode>([config]);
        while (open.TryPop(out var node))
        {
            if (node is JsonObject jsonObject)
                jsonObject.Remove("shared_object_id");
            foreach (
                var inner in node is JsonObject parent ? parent.Select(pair => pair.Value)
                : node is JsonArray list ? list
                : []
            )
                if (inner is JsonObject or JsonArray)
                    open.Push(inner);
        }
        return config.ToJsonString();
    }

    private static JsonNode ParseOptimizer(string path) =>
        KerasBuilder.FromFile(path).Config["compile_config"]!["optimizer"]!;

    private static string Listing(byte[] h5)
    {
        var file = Hdf5Reader.Read("weights", h5);
        return string.Join(
            '\n',
            file.Groups.Select(hdf5Group =>
                    hdf5Group.Path + (hdf5Group.StringAttributes.TryGetValue("name", out var name) ? $" = {name}" : "")
                )
                .Concat(
                    file.Datasets.Select(hdf5Dataset =>
                        $"{hdf5Dataset.Path} [{string.Join(',', hdf5Dataset.Shape)}] {hdf5Dataset.Type}"
                    )
                )
        );
    }
}
