using AttnCrnn.IntegrationTests.Formats.Hdf5;

namespace AttnCrnn.IntegrationTests.Models.Keras;

/// <summary>Weights files of written archives, as h5py lists them, against those that Keras 3.15 wrote.</summary>
[Requires("h5py")]
public sealed class KerasLayoutTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("small.keras")]
    [InlineData("small_after_training.keras")]
    [InlineData("full.keras")]
    public void H5py_lists_the_same_weights_as_in_the_archive_of_Keras(string name)
    {
        var expected = KerasBuilder.FromFixture(name)["model.weights.h5"];
        var actual = KerasBuilder.FromFile(KerasRewriter.Rewrite(folder, name))["model.weights.h5"];
        Assert.Equal(List(expected), List(actual));
    }

    [Fact]
    public void H5py_lists_the_layer_mix_as_the_first_Dense_layer() =>
        Assert.Contains(
            "layers/dense/vars/0 (3, 1) <f4",
            List(KerasRewriter.WriteWeightsWithLayerMix(folder)),
            StringComparison.Ordinal
        );

    private string List(byte[] weights)
    {
        const string script = """
            def show(name, item):
                array = f"{item.shape} {item.dtype.str}" if isinstance(item, h5py.Dataset) else ""
                ids = {k: item.attrs.get_id(k) for k in item.attrs}
                print(name, array, {k: (v, str(ids[k].dtype), ids[k].shape) for k, v in item.attrs.items()})
            h5py.File(sys.argv[1], "r").visititems(show)
            """;
        var path = folder.PathOf("listed.h5");
        File.WriteAllBytes(path, weights);
        return H5py.Run(script, path);
    }
}
