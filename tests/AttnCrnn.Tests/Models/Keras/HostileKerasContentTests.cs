using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models.Keras;

/// <summary>Intact archives with malicious descriptions, graphs or weights.</summary>
public sealed class HostileKerasContentTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Deep_JSON_is_rejected()
    {
        foreach (var entry in (string[])["config.json", "metadata.json", "attn_crnn.json"])
        {
            Sample()
                .WithEntry(entry, Encoding.ASCII.GetBytes(new string('[', 1_000_000)))
                .Save(PathOf("x.keras"), CompressionLevel.NoCompression);
            KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), entry);
        }
        var nested = string.Concat(Enumerable.Repeat("[", 50)) + string.Concat(Enumerable.Repeat("]", 50));
        Sample()
            .WithConfig((_, layer) => layer("conv1d")["inbound_nodes"]![0]!["args"] = JsonNode.Parse(nested))
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "conv1d");
    }

    [Theory]
    [InlineData("conv1d", "\\ud800")] // half of a surrogate pair
    [InlineData("conv1d", "\u00ff")] // replaced below by a byte that is not UTF-8
    public void Invalid_Unicode_strings_are_rejected(string prefix, string suffix)
    {
        Sample()
            .WithEntry(
                "config.json",
                Encoding.Latin1.GetBytes(
                    Encoding.Latin1.GetString(Sample()["config.json"]).Replace(prefix, suffix, StringComparison.Ordinal)
                )
            )
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "found a string that is not valid Unicode");
    }

    [Fact]
    public void Missing_misshapen_and_non_finite_weights_are_rejected_by_path()
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        ModelFileWriter.Write(
            PathOf("x.keras"),
            model,
            [
                tensors[0] with
                {
                    Values = [.. tensors[0].Values.Select((v, i) => i == 3 ? float.NaN : v)],
                },
                .. tensors.Skip(1),
            ]
        );
        KerasAssert.AssertRejectedInBoundedMemory(
            PathOf("x.keras"),
            "model.weights.h5/layers/conv1d/vars/0: found NaN or infinity"
        );
        Sample().WithConfig((_, layer) => layer("conv1d")["config"]!["filters"] = 7).Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(
            PathOf("x.keras"),
            "model.weights.h5/layers/conv1d/vars/0: found a tensor of [5, 4, 6], expected a tensor of [5, 4, 7]"
        );
        var (otherModel, otherTensors, _) = SmallModelBuilder.Create("bare attention");
        ModelFileWriter.Write(PathOf("y.keras"), otherModel, otherTensors);
        Sample()
            .WithEntry("model.weights.h5", KerasBuilder.FromFile(PathOf("y.keras"))["model.weights.h5"])
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "found no layers/attention/vars/0");
    }

    [Theory]
    [InlineData("padding", "60000", "padding 60000")]
    [InlineData("labels", "[\"a\", \"\\u001b[31mb\", \"c\"]", "'?[31mb' as a label")]
    [InlineData("labels", "[\"a\", \" \", \"c\"]", "' ' as a label")]
    [InlineData("labels", "[\"a\", \"b\\u202e\", \"c\"]", "'b?' as a label")]
    [InlineData("version", "\"0\\n1\"", "by version '0?1'")]
    public void A_description_that_fills_memory_or_controls_a_terminal_is_rejected(
        string key,
        string value,
        string expected
    )
    {
        var (model, tensors, optimizer) = SmallModelBuilder.Create("v2");
        ModelFileWriter.Write(PathOf("sample.keras"), model with { Labels = ["a", "b", "c"] }, tensors, optimizer);
        WithDescription(key, value).Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), expected);
    }

    [Fact]
    public void An_encoder_name_with_control_characters_is_rejected()
    {
        _ = Sample();
        WithDescription(
                "encoder",
                """{"name": "/etc\u001b[31m", "revision": "1", "layers": "", """
                    + """ "frames_per_second": 100, "width": 4, "layer_count": 1}"""
            )
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "'/etc?[31m");
    }

    [Fact]
    public void An_input_longer_than_the_attention_limit_is_rejected()
    {
        Sample()
            .WithConfig((_, layer) => layer("features")["config"]!["batch_shape"]![1] = 60_000)
            .Save(PathOf("x.keras"));
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "batch_shape");
    }

    [Fact]
    public void A_variance_below_0_is_rejected()
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        ModelFileWriter.Write(
            PathOf("x.keras"),
            model,
            [
                .. tensors.Select(tensor =>
                    tensor.Name.EndsWith("moving_variance", StringComparison.Ordinal)
                        ? tensor with
                        {
                            Values = [.. tensor.Values.Select(_ => -5f)],
                        }
                        : tensor
                ),
            ]
        );
        KerasAssert.AssertRejectedInBoundedMemory(PathOf("x.keras"), "found a variance of -5, expected at least 0");
    }

    private KerasBuilder WithDescription(string key, string value)
    {
        var archive = KerasBuilder.FromFile(PathOf("sample.keras"));
        var description = (JsonObject)JsonNode.Parse(archive["attn_crnn.json"])!;
        Assert.True(description.ContainsKey(key));
        description[key] = JsonNode.Parse(value);
        return archive.WithEntry("attn_crnn.json", Encoding.UTF8.GetBytes(description.ToJsonString()));
    }

    private KerasBuilder Sample() => KerasBuilder.FromSmallModel(PathOf("sample.keras"));
}
