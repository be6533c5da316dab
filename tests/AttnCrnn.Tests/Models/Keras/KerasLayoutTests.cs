using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Formats.Hdf5;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Written archives against what Keras 3.15 wrote of the same network.</summary>
public sealed class KerasLayoutTests : IDisposable
{
    private static readonly string[] Labels = ["n", "c", "h", "s", "a", "f"];

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    public void The_graph_equals_that_of_Keras(string name)
    {
        var (theirs, ours) = (KerasBuilder.FromFixture(name), KerasBuilder.FromFile(Again(name)));
        // Keras' shared object ids are memory addresses.
        Assert.Equal(Plain(theirs.Config), Plain(ours.Config));
        Assert.Equal(Encoding.UTF8.GetString(theirs["metadata.json"]), Encoding.UTF8.GetString(ours["metadata.json"]));
    }

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    public void The_weights_have_the_paths_shapes_types_and_names_of_Keras(string name)
    {
        var (theirs, ours) = (
            KerasBuilder.FromFixture(name)["model.weights.h5"],
            KerasBuilder.FromFile(Again(name))["model.weights.h5"]
        );
        Assert.Equal(Listing(theirs), Listing(ours));
    }

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    [Requires("h5py")]
    public void H5py_lists_the_weights_as_it_lists_those_of_Keras(string name)
    {
        var (theirs, ours) = (
            KerasBuilder.FromFixture(name)["model.weights.h5"],
            KerasBuilder.FromFile(Again(name))["model.weights.h5"]
        );
        Assert.Equal(ListingOfH5py(theirs), ListingOfH5py(ours));
    }

    [Fact]
    public void Normalization_and_mix_have_the_weights_that_Keras_builds_for_them()
    {
        var listing = Listing(WeightsWithMix());
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
    [Requires("h5py")]
    public void H5py_lists_the_mix_as_the_first_Dense() =>
        Assert.Contains("layers/dense/vars/0 (3, 1) <f4", ListingOfH5py(WeightsWithMix()), StringComparison.Ordinal);

    [Fact]
    public void Entries_are_stored_undated_so_that_a_run_gives_the_same_bytes()
    {
        using var archive = System.IO.Compression.ZipFile.OpenRead(Again("small.keras"));
        Assert.Equal(
            ["metadata.json", "config.json", "model.weights.h5", "attn_crnn.json"],
            archive.Entries.Select(entry => entry.FullName)
        );
        Assert.All(archive.Entries, entry =>
            Assert.Equal((entry.Length, 1980), (entry.CompressedLength, entry.LastWriteTime.Year))
        );
    }

    private byte[] WeightsWithMix()
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create("mix");
        var path = folder.At("mix.keras");
        ModelFile.Write(path, model, tensors, optimizer);
        return KerasBuilder.FromFile(path)["model.weights.h5"];
    }

    private string Again(string name)
    {
        var read = ModelFile.Read(Fixtures.Path("keras", name), Labels, withOptimizer: true);
        var path = folder.At(name);
        ModelFile.Write(path, read.Info, read.Tensors, read.Optimizer);
        return path;
    }

    private static string Plain(JsonNode config)
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

    // Debian's python3-h5py, on the HDF Group's C library.
    private string ListingOfH5py(byte[] h5)
    {
        const string python = """
            import h5py, sys
            def show(name, item):
                array = f"{item.shape} {item.dtype.str}" if isinstance(item, h5py.Dataset) else ""
                ids = {k: item.attrs.get_id(k) for k in item.attrs}
                print(name, array, {k: (v, str(ids[k].dtype), ids[k].shape) for k, v in item.attrs.items()})
            h5py.File(sys.argv[1], "r").visititems(show)
            """;
        var path = folder.At("listed.h5");
        File.WriteAllBytes(path, h5);
        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", python, path])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
