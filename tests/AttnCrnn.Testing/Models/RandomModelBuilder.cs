using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Prediction;

namespace AttnCrnn.Testing.Models;

/// <summary>A model with random weights of realistic size, all different from their initial values.</summary>
internal sealed record RandomModelBuilder(TrainedModelInfo Model, IReadOnlyList<ModelTensor> Tensors)
{
    /// <param name="encoder">The encoder of its frames; null: a nonexistent encoder of the network's widths.</param>
    public static RandomModelBuilder Create(
        NetworkOptions network,
        int seed,
        string normalization = "corpus",
        double temperature = 1.7,
        int padding = 0,
        EncoderDescription? encoder = null
    )
    {
        var random = new Random(seed);
        float NextBetween(double min, double max) => (float)(min + (random.NextDouble() * (max - min)));
        float[] Values(string name, int[] shape)
        {
            var (count, inputs) = (
                shape.Aggregate(1, (a, b) => a * b),
                Math.Max(1, shape.SkipLast(1).Aggregate(1, (a, b) => a * b))
            );
            var (min, max) = name.Split('/')[^1] switch
            {
                "kernel" or "recurrent_kernel" => (-Math.Sqrt(6.0 / inputs), Math.Sqrt(6.0 / inputs)),
                "gamma" or "moving_variance" => (0.5, 1.5),
                "scale" => (0.2, 0.4),
                _ => (-0.5, 0.5),
            };
            return [.. Enumerable.Range(0, count).Select(_ => NextBetween(min, max))];
        }
        ModelTensor[] tensors =
        [
            .. Parameters
                .ListShapes(network)
                .Select(parameterShape => new ModelTensor(
                    parameterShape.Name,
                    parameterShape.Shape,
                    Values(parameterShape.Name, parameterShape.Shape)
                )),
        ];
        var features = normalization == "none" ? 0 : network.FrameWidth;
        var scale = new FeatureNormalization(
            NormalizationModes.Find(normalization)!.Value,
            [.. Enumerable.Range(0, features).Select(_ => NextBetween(-1, 1))],
            [.. Enumerable.Range(0, features).Select(_ => NextBetween(0.5, 2))]
        );
        string[] labels = [.. Enumerable.Range(0, network.Classes).Select(k => $"label, \"{k}\"")];
        return new(
            new(
                network,
                labels,
                encoder ?? new("made", "1", "", 50, network.Width, network.EncoderLayers),
                scale,
                temperature,
                false,
                padding,
                [],
                "0.1.0"
            ),
            tensors
        );
    }

    /// <summary>Frames with a standard deviation of 1 per feature before normalization.</summary>
    public static FrameMatrix Frames(NetworkOptions network, int count, uint seed)
    {
        var values = new float[count * network.FrameWidth];
        new RandomStream(seed).ForStream(RandomStreamId.Demo, seed).FillNormal(values);
        return new(values, count, network.EncoderLayers, network.Width);
    }

    /// <summary>A predictor of the model in this program.</summary>
    /// <param name="folder">The folder for its file.</param>
    public Predictor Load(string folder)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}{ModelFile.Extension}");
        ModelFileWriter.Write(path, Model, Tensors);
        return Predictor.Load(path, threads: 1);
    }
}
