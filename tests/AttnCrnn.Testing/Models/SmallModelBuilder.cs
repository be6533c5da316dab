using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Testing.Models;

/// <summary>Small models of every kind that can be saved.</summary>
internal static class SmallModelBuilder
{
    public static (TrainedModelInfo Model, IReadOnlyList<ModelTensor> Tensors, OptimizerState Optimizer) Create(
        string kind
    )
    {
        var layers = kind.StartsWith("mix", StringComparison.Ordinal) ? 3 : 1;
        var network = new NetworkOptions(4, 3)
        {
            Conv1Filters = 6,
            Conv2Filters = 5,
            LstmUnits = 3,
            DenseUnits = 7,
            EncoderLayers = layers,
            LstmDropout = 0.2,
            RecurrentDropout = 0.1,
            HeadDropout = 0,
            ExactConvolution = kind == "v1",
        };
        network = kind switch
        {
            "v1" => network.WithV1Layers(),
            "tanh" => network with { Activation = HeadActivation.GeluTanh },
            "bare attention" => network with
            {
                HasAttentionScale = false,

                HasLayerNorm = false,

                HeadNormalization = HeadNormalization.None,
            },
            _ => network,
        };
        float[] scale = [.. Enumerable.Range(1, 4 * layers).Select(i => i / 7f)];
        var normalization = kind switch
        {
            "mix without normalisation" or "fixed length" => FeatureNormalization.None,
            "by speaker" => new(NormalizationMode.Speaker, scale, scale),
            _ => new FeatureNormalization(NormalizationMode.Corpus, scale, scale),
        };
        var shapes = Parameters.ListShapes(network);
        var model = new TrainedModelInfo(
            network,
            ["a", "b", "ü"],
            new EncoderDescription("test", "1", "", 100, 4, layers),
            normalization,
            1.5,
            true,
            kind == "fixed length" ? 50 : 0,
            new() { ["epochs"] = 3 },
            "0.1.0"
        )
        {
            IsFixedLength = kind == "fixed length",
            Saved = new(2026, 3, 4, 5, 6, 7),
        };
        var trainable = shapes.Where(shape => shape.Trainable);
        return (
            model,
            Tensors(shapes, 0),
            new(7, 5e-4f, 0.9, 0.98, 1e-7, Tensors(trainable, 0.5f), Tensors(trainable, 0.25f))
        );
    }

    private static ModelTensor[] Tensors(IEnumerable<ParameterShape> shapes, float start) =>
        [
            .. shapes.Select(
                (shape, i) =>
                    new ModelTensor(
                        shape.Name,
                        shape.Shape,
                        [
                            .. Enumerable
                                .Range(0, shape.Shape.Aggregate(1, (a, b) => a * b))
                                .Select(j => start + i + (0.1f * j)),
                        ]
                    )
            ),
        ];
}
