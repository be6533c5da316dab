using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Hdf5;

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
