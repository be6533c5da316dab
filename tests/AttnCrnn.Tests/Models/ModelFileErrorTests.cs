using AttnCrnn.Export.Onnx;
using AttnCrnn.Models;

namespace AttnCrnn.Tests.Models;

/// <summary>Models whose parts contradict each other: neither written nor read.</summary>
public sealed class ModelFileErrorTests : IDisposable
{
    private static readonly Dictionary<string, (string Says, Func<ModelConsistency, ModelConsistency> Change)> Misfit =
        new()
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
                parts.WithNormalization(norm => new("corpus", norm.Mean[..3], norm.StandardDeviation))
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

    private string At(string name) => folder.At(name + ModelFile.Extension);

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Misfits => [.. Misfit.Keys];

    public static TheoryData<string> NetworkMisfits =>
        ["short", "reversed", "misshapen", "of few numbers", "normalization"];

    [Theory, MemberData(nameof(Misfits))]
    public void Inconsistent_parts_are_not_written(string kind)
    {
        var (says, change) = Misfit[kind];
        var (model, tensors, optimizer) = change(ModelConsistency.Create());
        Assert.Contains(
            says,
            Assert.Throws<ArgumentException>(() => ModelFile.Write(At("x"), model, tensors, optimizer)).Message,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(At("x")));
    }

    [Theory, MemberData(nameof(NetworkMisfits))]
    public void Inconsistent_parts_are_not_exported(string kind)
    {
        var (says, change) = Misfit[kind];
        var (model, tensors, _) = change(ModelConsistency.Create());
        Assert.Contains(
            says,
            Assert.Throws<ArgumentException>(() => OnnxExporter.ExportFeatureModel(At("x"), model, tensors)).Message,
            StringComparison.Ordinal
        );
    }

    public static TheoryData<string> Contradictions => [.. Changes.Keys];

    [Theory, MemberData(nameof(Contradictions))]
    public void A_description_that_contradicts_itself_is_neither_written_nor_read(string says)
    {
        var (model, tensors, _) = SmallModelBuilder.Create("v2");
        var changed = Changes[says](model);
        Assert.Contains(
            says,
            Assert.Throws<ArgumentException>(() => ModelFile.Write(At("x"), changed, tensors)).Message,
            StringComparison.Ordinal
        );
        KerasBuilder
            .FromSmallModel(At("a"))
            .With(ModelDescription.Entry, ModelDescription.Create(changed).ToJson())
            .Save(At("x"));
        AssertRejected(says);
    }

    [Fact]
    public void A_description_of_another_mix_than_the_graphs_is_rejected()
    {
        var (model, _, _) = SmallModelBuilder.Create("mix");
        var changed = model with { Encoder = model.Encoder with { Width = 6, LayerCount = 2 } };
        KerasBuilder
            .FromSmallModel(At("a"), "mix")
            .With(ModelDescription.Entry, ModelDescription.Create(changed).ToJson())
            .Save(At("x"));
        AssertRejected("weights of 3 encoder layers for frames of 2");
    }

    [Fact]
    public void A_description_without_the_graphs_normalization_is_rejected()
    {
        KerasBuilder
            .FromSmallModel(At("a"))
            .WithText("attn_crnn.json", text =>
                text.Replace("\"kind\": \"corpus\"", "\"kind\": \"none\"", StringComparison.Ordinal)
            )
            .Save(At("x"));
        AssertRejected("normalization 'none' of 0 features, and one in the graph");
    }

    [Fact]
    public void Labels_for_an_archive_that_has_its_own_are_rejected()
    {
        KerasBuilder.FromSmallModel(At("a"));
        Assert.Contains(
            "omit --labels",
            Assert.Throws<InvalidInputException>(() => ModelFile.Read(At("a"), ["x", "y", "z"])).Message,
            StringComparison.Ordinal
        );
    }

    private void AssertRejected(string says) =>
        Assert.Contains(
            says,
            Assert.Throws<InvalidFileException>(() => ModelFile.Read(At("x"))).Message,
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
