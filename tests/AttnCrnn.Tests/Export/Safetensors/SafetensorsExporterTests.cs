using System.Text.Json;
using AttnCrnn.Export.Safetensors;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Export.Safetensors;

public sealed class SafetensorsExporterTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static NetworkOptions SmallNetwork =>
        new(6, 3)
        {
            Conv1Filters = 8,
            Conv2Filters = 12,
            LstmUnits = 5,
            DenseUnits = 7,
        };

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("m.safetensors", "m.json")]
    [InlineData("m", "m.json")]
    [InlineData("m.json", "m.json.json")]
    [InlineData("m.v1", "m.v1.json")]
    public void The_description_is_beside_the_weights(string path, string description) =>
        Assert.Equal([path, description], new SafetensorsExporter().ListFiles(path));

    [Fact]
    public async Task The_file_has_the_bits_of_every_tensor_under_its_name()
    {
        var builder = RandomModelBuilder.Create(SmallNetwork with { EncoderLayers = 2 }, seed: 5);
        await Export(builder.Model, builder.Tensors);
        using var file = SafetensorsFile.Open(folder.PathOf("m.safetensors"));
        Assert.Equal(
            builder.Tensors.Select(tensor => tensor.Name),
            file.Entries.Values.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End).Select(entry => entry.Name)
        );
        foreach (var tensor in builder.Tensors)
        {
            Assert.Equal("F32", file.Entries[tensor.Name].Type);
            Assert.Equal(tensor.Shape.Select(size => (long)size), file.Entries[tensor.Name].Shape);
            Assert.Equal(
                tensor.Values.Select(BitConverter.SingleToUInt32Bits),
                Read(file, tensor.Name).Select(BitConverter.SingleToUInt32Bits)
            );
        }
    }

    /// <summary>The two files suffice to compute what predict computes.</summary>
    [Theory]
    [InlineData("v2")]
    [InlineData("v1")]
    [InlineData("tanh")]
    [InlineData("no residual")]
    [InlineData("statistics")]
    [InlineData("attentive pooling")]
    [InlineData("layer norm in the head")]
    [InlineData("encoder layers")]
    [InlineData("no normalization")]
    [InlineData("speaker")]
    [InlineData("padding")]
    [InlineData("fixed length")]
    public async Task The_declared_layers_give_the_probabilities_of_the_model(string variant)
    {
        var (model, tensors) = CreateVariant(variant);
        await Export(model, tensors);
        ModelFileWriter.Write(folder.PathOf("m.keras"), model, tensors);
        using var predictor = AttnCrnn.Prediction.Predictor.Load(folder.PathOf("m.keras"), threads: 1);
        var clip = RandomModelBuilder.Frames(model.Network, 23, seed: 4);
        var expected = Assert.Single(predictor.Predict([clip]));

        using var description = JsonDocument.Parse(File.ReadAllText(folder.PathOf("m.json")));
        using var file = SafetensorsFile.Open(folder.PathOf("m.safetensors"));
        var network = new DeclaredNetwork(
            description.RootElement,
            file.Entries.Keys.ToDictionary(name => name, name => Read(file, name))
        );
        var frames = clip
            .Values.Chunk(model.Network.FrameWidth)
            .Select(frame => frame.Select(v => (double)v).ToArray());
        var probabilities = network.Forward([.. frames]);
        Assert.Equal(expected.Length, probabilities.Length);
        Assert.All(expected.Zip(probabilities), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task The_description_tells_the_labels_the_encoder_and_the_origin()
    {
        var builder = RandomModelBuilder.Create(SmallNetwork, seed: 5, encoder: new("e", "r", "7", 50, 6, 1));
        await Export(
            builder.Model with
            {
                Training = new() { ["epochs"] = 30 },
                Synthetic = true,
                Padding = 40,
                IsFixedLength = true,
            },
            builder.Tensors
        );
        using var document = JsonDocument.Parse(File.ReadAllText(folder.PathOf("m.json")));
        var json = document.RootElement;
        Assert.Equal(
            builder.Model.Labels,
            json.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!)
        );
        Assert.Equal("e", json.GetProperty("encoder").GetProperty("name").GetString());
        Assert.Equal("m.safetensors", json.GetProperty("weights_file").GetString());
        Assert.Equal("0.1.0", json.GetProperty("version").GetString());
        Assert.Equal(30, json.GetProperty("training").GetProperty("epochs").GetInt32());
        Assert.True(json.GetProperty("synthetic").GetBoolean());
        Assert.Equal(40, json.GetProperty("max_frames").GetInt32());
        Assert.Equal(
            builder.Model.Normalization.Mean,
            json.GetProperty("normalization").GetProperty("mean").EnumerateArray().Select(v => v.GetSingle())
        );
    }

    private static (TrainedModelInfo Model, IReadOnlyList<ModelTensor> Tensors) CreateVariant(string variant)
    {
        var network = variant switch
        {
            "v1" => SmallNetwork.WithV1Layers(),
            "tanh" => SmallNetwork with { Activation = HeadActivation.GeluTanh },
            "no residual" => SmallNetwork with { HasResidual = false },
            "statistics" => SmallNetwork with { Version = NetworkVersion.V2Statistics },
            "attentive pooling" => SmallNetwork with { Pooling = TemporalPooling.Attentive },
            "layer norm in the head" => SmallNetwork with { HeadNormalization = HeadNormalization.Layer },
            "encoder layers" => SmallNetwork with { EncoderLayers = 3 },
            _ => SmallNetwork,
        };
        var normalization = variant switch
        {
            "no normalization" => "none",
            "speaker" => "speaker",
            _ => "corpus",
        };
        var builder = RandomModelBuilder.Create(
            network,
            seed: 7,
            normalization,
            padding: variant is "padding" or "fixed length" ? 40 : 0
        );
        return (builder.Model with { IsFixedLength = variant == "fixed length" }, builder.Tensors);
    }

    private async Task Export(TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors) =>
        await new SafetensorsExporter().ExportAsync(
            new(model, tensors, Optimizer: null, Notices: []),
            folder.PathOf("m.safetensors"),
            new(),
            TestContext.Current.CancellationToken
        );

    private static float[] Read(SafetensorsFile file, string name)
    {
        var values = new float[file.Entries[name].Count];
        file.Read(name, values);
        return values;
    }
}
