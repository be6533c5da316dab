using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models;

/// <summary>Models whose parts contradict each other: neither written nor read.</summary>
public sealed class ModelFileErrorTests : IDisposable
{
    private static readonly Dictionary<
        string,
        (string Expected, Func<ModelConsistency, ModelConsistency> Change)
    > InconsistentParts = new()
    {
        ["short"] = (" tensors, expected ", parts => parts with { Tensors = [.. parts.Tensors.SkipLast(1)] }),
        ["reversed"] = ("expected conv1d/kernel [5, 4, 6]", parts =>
            parts with
            {
                Tensors = [.. parts.Tensors.Reverse()],
            }
        ),
        ["misshapen"] = ("conv1d/kernel [4, 5, 6] of 120 values", parts =>
            parts.WithFirst(tensor => tensor with { Shape = [4, 5, 6] })
        ),
        ["of few numbers"] = ("of 119 values", parts =>
            parts.WithFirst(tensor => tensor with { Values = tensor.Values[1..] })
        ),
        ["moments short"] = (" moments, expected ", parts =>
            parts.WithOptimizer(state => state with { FirstMoments = [.. state.FirstMoments.Skip(2)] })
        ),
        ["velocities swapped"] = ("velocities: ", parts =>
            parts.WithOptimizer(state => state with { SecondMoments = [.. state.SecondMoments.Reverse()] })
        ),
        ["normalization"] = ("a normalization of 3 and 4 features", parts =>
            parts.WithNormalization(norm => new(NormalizationMode.Corpus, norm.Mean[..3], norm.StandardDeviation))
        ),
    };

    private static readonly Dictionary<string, Func<TrainedModelInfo, TrainedModelInfo>> Changes = new()
    {
        ["2 labels for 3 classes"] = model => model with { Labels = ["a", "a"] },
        ["temperature -1"] = model => model with { Temperature = -1 },
        ["feature dimension 5 x 1 layers for a network with 4"] = model =>
            model with
            {
                Encoder = model.Encoder with { Width = 5 },
            },
        ["padding -3"] = model => model with { Padding = -3 },
    };

    private readonly TempFolder folder = new();

    private string PathOf(string name) => folder.PathOf(name + ModelFile.Extension);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> InconsistentPartNames => [.. InconsistentParts.Keys];

    public static TheoryData<string> InconsistentNetworkPartNames =>
        ["short", "reversed", "misshapen", "of few numbers", "normalization"];

    [Theory, MemberData(nameof(InconsistentPartNames))]
    public void Inconsistent_parts_are_not_written(string kind)
    {
        var (expected, change) = InconsistentParts[kind];
        var (model, tensors, optimizer) = change(ModelConsistency.Create());
        Assert.Contains(
            expected,
            Assert
                .Throws<ArgumentException>(() => ModelFileWriter.Write(PathOf("x"), model, tensors, optimizer))
                .Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(PathOf("x")));
    }

    [Theory, MemberData(nameof(InconsistentNetworkPartNames))]
    public void Inconsistent_parts_are_not_exported(string kind)
    {
        var (expected, change) = InconsistentParts[kind];
        var (model, tensors, _) = change(ModelConsistency.Create());
        Assert.Contains(
            expected,
            Assert
                .Throws<ArgumentException>(() => OnnxExporter.ExportFeatureModel(PathOf("x"), model, tensors))
                .Message,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string> Contradictions => [.. Changes.Keys];

    [Theory, MemberData(nameof(Contradictions))]
    public void A_contradictory_description_is_neither_written_nor_read(string expected)
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        var changedInfo = Changes[expected](model);
        Assert.Contains(
            expected,
            Assert.Throws<ArgumentException>(() => ModelFileWriter.Write(PathOf("x"), changedInfo, tensors)).Message,
            StringComparison.Ordinal
        );
        KerasBuilder
            .FromSmallModel(PathOf("a"))
            .WithEntry(ModelDescription.Entry, ModelDescription.Create(changedInfo).ToJson())
            .Save(PathOf("x"));
        AssertRejected(expected);
    }

    [Fact]
    public void A_description_with_another_layer_mix_than_the_graph_is_rejected()
    {
        var (model, _, _) = SmallModelBuilder.Create("mix");
        var changedInfo = model with
        {
            Encoder = model.Encoder with
            {
                Width = 6,

                LayerCount = 2,
            },
        };
        KerasBuilder
            .FromSmallModel(PathOf("a"), "mix")
            .WithEntry(ModelDescription.Entry, ModelDescription.Create(changedInfo).ToJson())
            .Save(PathOf("x"));
        AssertRejected("weights of 3 encoder layers for frames of 2");
    }

    [Theory]
    [InlineData("\"format_version\": 2", "\"format_version\": 3", "found format version 3, expected at most 2")]
    [InlineData("\"format_version\": 2", "\"format_version\": 0", "format_version")]
    [InlineData("\"filters\": 6", "\"filters\": 7", "layers of a network that are not those of the graph (v2)")]
    [InlineData("\"name\": \"v2\"", "\"name\": \"v2-stats\"", "layers of a network that are not those of the graph")]
    public void A_description_of_another_network_or_version_is_rejected(string text, string other, string expected)
    {
        KerasBuilder
            .FromSmallModel(PathOf("a"))
            .WithText("attn_crnn.json", json =>
            {
                Assert.Contains(text, json, StringComparison.Ordinal);
                return json.Replace(text, other, StringComparison.Ordinal);
            })
            .Save(PathOf("x"));
        AssertRejected(expected);
    }

    [Fact]
    public void A_description_without_the_graphs_normalization_is_rejected()
    {
        KerasBuilder
            .FromSmallModel(PathOf("a"))
            .WithText("attn_crnn.json", text =>
                text.Replace("\"kind\": \"corpus\"", "\"kind\": \"none\"", StringComparison.Ordinal)
            )
            .Save(PathOf("x"));
        AssertRejected("normalization 'none' of 0 features, and one in the graph");
    }

    [Fact]
    public void Labels_for_an_archive_that_contains_labels_are_rejected()
    {
        KerasBuilder.FromSmallModel(PathOf("a"));
        Assert.Contains(
            "omit labels",
            Assert.Throws<InvalidInputException>(() => ModelFile.Read(PathOf("a"), ["x", "y", "z"])).Message,
            StringComparison.Ordinal
        );
    }

    private void AssertRejected(string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(PathOf("x"))).Message,
            StringComparison.Ordinal
        );

    private sealed record ModelConsistency(
        TrainedModelInfo Model,
        IReadOnlyList<ModelTensor> Tensors,
        OptimizerState Optimizer
    )
    {
        public static ModelConsistency Create()
        {
            var (model, tensors, optimizer) = SmallModelBuilder.Create("v2");
            Assert.Equal("conv1d/kernel", tensors[0].Name);
            return new(model, tensors, optimizer);
        }

        public ModelConsistency WithFirst(Func<ModelTensor, ModelTensor> change) =>
            this with
            {
                Tensors = [change(Tensors[0]), .. Tensors.Skip(1)],
            };

        public ModelConsistency WithOptimizer(Func<OptimizerState, OptimizerState> change) =>
            this with
            {
                Optimizer = change(Optimizer),
            };

        public ModelConsistency WithNormalization(Func<FeatureNormalization, FeatureNormalization> change) =>
            this with
            {
                Model = Model with { Normalization = change(Model.Normalization) },
            };
    }
}
