using AttnCrnn.Encoders;
using AttnCrnn.Interop;
using AttnCrnn.Model;

namespace AttnCrnn.Tests.Interop;

/// <summary>Small models of every kind that can be saved.</summary>
internal static class ModelSample
{
    public static (SavedModel Model, IReadOnlyList<ModelTensor> Tensors, OptimiserState Optimiser) Of(string kind)
    {
        var layers = kind.StartsWith("mix", StringComparison.Ordinal) ? 3 : 1;
        var network = new NetworkOptions(4, 3) { Conv1 = 6, Conv2 = 5, LstmUnits = 3, Dense = 7, Layers = layers, LstmDropout = 0.2, RecurrentDropout = 0.1, HeadDropout = 0, ExactConvolution = kind == "v1" };
        network = kind switch
        {
            "v1" => network.LikeV1(),
            "tanh" => network with { Activation = HeadActivation.TanhGelu },
            "bare attention" => network with { HasScale = false, HasLayerNorm = false, HasBatchNorm = false },
            _ => network,
        };
        float[] scale = [.. Enumerable.Range(1, 4 * layers).Select(i => i / 7f)];
        var normalisation = kind switch
        {
            "mix without normalisation" or "fixed length" => Normalisation.None,
            "by speaker" => new("speaker", scale, scale),
            _ => new Normalisation("corpus", scale, scale),
        };
        var shapes = Parameters.Shapes(network);
        var model = new SavedModel(network, ["a", "b", "ü"], new EncoderDescription("test", "1", "", 100, 4, layers), normalisation, 1.5, true, kind == "fixed length" ? 50 : 0, new() { ["epochs"] = 3 }, "0.1.0")
        {
            IsFixedLength = kind == "fixed length", Saved = new(2026, 3, 4, 5, 6, 7),
        };
        var trained = shapes.Where(of => of.Trainable);
        return (model, Tensors(shapes, 0), new(7, 5e-4f, 0.9, 0.98, 1e-7, Tensors(trained, 0.5f), Tensors(trained, 0.25f)));
    }

    private static ModelTensor[] Tensors(IEnumerable<(string Name, int[] Shape, bool)> shapes, float start) =>
        [.. shapes.Select((of, i) => new ModelTensor(of.Name, of.Shape, [.. Enumerable.Range(0, of.Shape.Aggregate(1, (a, b) => a * b)).Select(j => start + i + (0.1f * j))]))];
}
