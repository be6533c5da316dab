using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Model;

namespace AttnCrnn.Tests.Interop;

public sealed class ModelFileTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory();

    private string At(string name) => Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_model_reads_back_as_it_was_and_the_same_model_gives_the_same_bytes()
    {
        var (model, tensors) = Sample();
        ModelFile.Write(At("a"), model, tensors);
        ModelFile.Write(At("b"), model, tensors);
        Assert.Equal(File.ReadAllBytes(At("a")), File.ReadAllBytes(At("b")));
        var (read, weights) = ModelFile.Read(At("a"));
        Assert.Equal((model.Network, model.Encoder, model.Temperature, model.Padding), (read.Network, read.Encoder, read.Temperature, read.Padding));
        Assert.Equal(model.Labels, read.Labels);
        Assert.Equal(model.Normalisation.Deviation, read.Normalisation.Deviation);
        Assert.All(tensors.Zip(weights), pair => Assert.Equal(pair.First.Values, pair.Second.Values));
    }

    [Fact]
    public void A_model_that_mixes_layers_reads_back_and_the_mix_must_be_of_the_encoders_layers()
    {
        var (model, tensors) = Sample(layers: 3);
        ModelFile.Write(At("a"), model, tensors);
        var (read, weights) = ModelFile.Read(At("a"));
        Assert.Equal((model.Network, 12), (read.Network, read.Network.FrameWidth));
        Assert.Equal(("layer_mix/kernel", 3), (weights[0].Name, weights[0].Values.Length));
        Assert.Equal(tensors[0].Values, weights[0].Values);
        ModelFile.Write(At("b"), model with { Encoder = model.Encoder with { Width = 6, LayerCount = 2 } }, tensors);
        Assert.Contains("a mix of 3 layers for frames of 2", Assert.Throws<BadFileException>(() => ModelFile.Read(At("b"))).Message, StringComparison.Ordinal);
        WeightsNpz.Write(At("w.npz"), model, tensors);
        Assert.Equal([3, 1], NpzFile.Read(At("w.npz"))["layer_mix/kernel"].Shape);
    }

    [Fact]
    public void A_model_from_before_there_was_a_mix_still_loads()
    {
        var (model, tensors) = Sample();
        ModelFile.Write(At("a"), model, tensors);
        // The same length, so that no offset moves: the entry's name becomes one that nobody reads.
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(At("a"))).Replace("\\u0022layers\\u0022:1", "\\u0022unread\\u0022:1", StringComparison.Ordinal).Replace("\\\"layers\\\":1", "\\\"unread\\\":1", StringComparison.Ordinal);
        Assert.Contains("unread", text, StringComparison.Ordinal);
        File.WriteAllBytes(At("a"), Encoding.Latin1.GetBytes(text));
        Assert.Equal(model.Network, ModelFile.Read(At("a")).Model.Network);
    }

    [Fact]
    public void Every_option_of_a_network_reads_back()
    {
        var (model, _) = Sample();
        // Each property in turn takes another value than its default, so that one the reader forgets is missed.
        foreach (var property in typeof(NetworkOptions).GetProperties().Where(of => of.SetMethod is not null))
        {
            var changed = model.Network with { };
            property.SetValue(changed, property.GetValue(changed) switch
            {
                int number => number + 1, double share => share + .125, bool flag => !flag, string => "v1", Enum value => Enum.ToObject(value.GetType(), 1 - Convert.ToInt32(value)), var other => throw new NotSupportedException($"{property.Name} {other}"),
            });
            Assert.Equal(changed, ModelJson.Read(ModelJson.Write(model with { Network = changed })).Network);
        }
    }

    [Theory]
    [InlineData("\"temperature\":1.5", "\"temperature\":\"hot\"", "temperature is a text")]
    [InlineData("\"padding\":0", "\"padding\":0.5", "padding is a number that does not fit")]
    [InlineData("\"version\":\"0.1.0\"", "\"unread\":1", "no version in the description")]
    [InlineData("\"labels\":[", "\"labels\":[null,", "labels is null")]
    [InlineData("\"dense\":7", "\"dense\":null", "dense is null")]
    [InlineData("\"training\":{\"epochs\":3}", "\"training\":[]", "training is an array")]
    public void A_description_that_is_not_as_train_writes_it_is_refused_and_names_the_place(string written, string instead, string says)
    {
        var text = ModelJson.Write(Sample().Item1);
        Assert.Contains(written, text, StringComparison.Ordinal);
        Assert.Equal(says, Assert.ThrowsAny<System.Text.Json.JsonException>(() => ModelJson.Read(text.Replace(written, instead, StringComparison.Ordinal))).Message);
    }

    [Fact]
    public void A_model_that_contradicts_itself_is_refused_with_what_is_wrong()
    {
        var (model, tensors) = Sample();
        void Refused(SavedModel changed, IReadOnlyList<ModelTensor> with, string says)
        {
            ModelFile.Write(At("x"), changed, with);
            Assert.Contains(says, Assert.Throws<BadFileException>(() => ModelFile.Read(At("x"))).Message, StringComparison.Ordinal);
        }
        Refused(model, [.. tensors.Skip(1)], "no tensor conv1d/kernel");
        Refused(model, [tensors[0] with { Shape = [tensors[0].Values.Length] }, .. tensors.Skip(1)], "conv1d/kernel of");
        Refused(model with { Labels = ["a", "a"] }, tensors, "2 labels for 3 classes");
        Refused(model with { Temperature = -1 }, tensors, "temperature -1");
        Refused(model with { Normalisation = new("corpus", [0, 0, 0, 0], [1, 0, 1, 1]) }, tensors, "normalisation");
        Refused(model, [tensors[0] with { Values = [.. tensors[0].Values.Select((v, i) => i == 0 ? float.NaN : v)] }, .. tensors.Skip(1)], "NaN");
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12)] // overlap
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 8)] // past the end
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8)] // too few bytes for the shape
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,2],"data_offsets":[0,8]}}""", 8)] // overflows
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8)] // twice
    [InlineData("""{"a":{"dtype":"Q9","shape":[2],"data_offsets":[0,8]}}""", 8)] // unknown type
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8)] // no type
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8)] // something follows
    [InlineData("[[[[[[[[[[[[", 0)]
    public void Crafted_safetensors_are_refused(string header, int data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        File.WriteAllBytes(At("x"), [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[data]]);
        var fault = Assert.Throws<BadFileException>(() => SafetensorsFile.Open(At("x")));
        Assert.Contains(At("x"), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_anything_is_allocated()
    {
        File.WriteAllBytes(At("x"), [.. BitConverter.GetBytes(1L << 40), 1, 2, 3]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<BadFileException>(() => SafetensorsFile.Open(At("x")));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Weights_go_to_NumPy_under_Keras_names()
    {
        var (model, tensors) = Sample();
        WeightsNpz.Write(At("w.npz"), model, tensors);
        var arrays = NpzFile.Read(At("w.npz"));
        Assert.Equal([5, 4, 6], arrays["conv1d/kernel"].Shape);
        Assert.Equal(model.Labels, arrays["labels"].ToStrings());
    }

    private static (SavedModel, IReadOnlyList<ModelTensor>) Sample(int layers = 1)
    {
        var network = new NetworkOptions(4, 3) { Conv1 = 6, Conv2 = 5, LstmUnits = 3, Dense = 7, Layers = layers };
        float[] scale = [.. Enumerable.Range(1, 4 * layers).Select(i => (float)i)];
        var tensors = Parameters.Shapes(network).Select((of, i) => new ModelTensor(of.Name, of.Shape, [.. Enumerable.Range(0, of.Shape.Aggregate(1, (a, b) => a * b)).Select(j => i + (0.1f * j))])).ToArray();
        return (new(network, ["a", "b", "ü"], new EncoderDescription("test", "1", "", 100, 4, layers), new("corpus", scale, scale), 1.5, false, 0, new() { ["epochs"] = 3 }, "0.1.0"), tensors);
    }
}
