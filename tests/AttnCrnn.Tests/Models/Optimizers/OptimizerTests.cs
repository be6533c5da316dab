using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Tests.Models.Optimizers;

/// <summary>Optimizers against Keras and PyTorch (tests/fixtures/training), and their bits.</summary>
public sealed class OptimizerTests
{
    private const double LearningRate = 1e-2;
    private const double Beta2 = 0.98;

    /// <summary>
    /// PyTorch divides by √velocity / √(1 - β₂ᵗ) + ε: its ε of 1e-8 is ours, outside the bias correction as
    /// in Keras, times √(1 - β₂ᵗ).
    /// </summary>
    [Theory]
    [InlineData("torch_adam", OptimizerAlgorithm.Adam, null, 0)]
    [InlineData("torch_adamw", OptimizerAlgorithm.AdamW, 0.05, 0)]
    [InlineData("torch_adamw_clip_1", OptimizerAlgorithm.AdamW, 0.05, 1)]
    [InlineData("keras_adamw", OptimizerAlgorithm.AdamW, 0.05, 0)]
    [InlineData("keras_adam_global_clipnorm_1", OptimizerAlgorithm.Adam, null, 1)]
    public void Every_step_matches_Keras_and_PyTorch(
        string name,
        OptimizerAlgorithm algorithm,
        double? weightDecay,
        double clipNorm
    )
    {
        var arrays = NpzFile.Read(Fixtures.Path("training", "parts.npz"));
        using var workers = new WorkerPool(1);
        using var parameters = new Parameters(new NetworkOptions(12, 6), training: true);
        var optimizer = OptimizerAlgorithms.Create(new(algorithm, weightDecay, clipNorm), parameters, workers);
        // The values and gradients of all other parameters are 0 and remain 0.
        var start = arrays["opt_p0"].ToSingles();
        start.CopyTo(parameters.Values.Span);
        var expected = arrays[name].ToSingles().Chunk(start.Length).ToArray();
        var gradients = arrays["opt_grads"].ToSingles().Chunk(start.Length).ToArray();
        for (var step = 1; step <= expected.Length; step++)
        {
            var epsilon = name.StartsWith("torch", StringComparison.Ordinal)
                ? 1e-8 * Math.Sqrt(1 - Math.Pow(Beta2, step))
                : 1e-7;
            gradients[step - 1].CopyTo(parameters.Gradients.Span);
            optimizer.Update(new(LearningRate, 0.9, Beta2, epsilon), step);
            FloatAssert.Near(
                expected[step - 1],
                parameters.Values.Span[..start.Length],
                1e-6,
                $"parameters after step {step}"
            );
        }
        Assert.All(parameters.Values.Span[start.Length..].ToArray(), value => Assert.Equal(0, value));
    }

    /// <summary>As in Keras and PyTorch, unless some are excluded.</summary>
    [Fact]
    public void AdamW_decays_every_trainable_parameter_and_no_statistics()
    {
        using var workers = new WorkerPool(2);
        using var parameters = new Parameters(new NetworkOptions(12, 6), training: true);
        parameters.Values.Span.Fill(1);
        OptimizerAlgorithms
            .Create(new(OptimizerAlgorithm.AdamW, WeightDecay: 0.5, ClipNorm: 0), parameters, workers)
            .Update(new(LearningRate), 1);
        foreach (var parameter in parameters.All)
            Assert.All(parameter.Values.Span.ToArray(), value => Assert.Equal(parameter.Trainable ? 0.995f : 1, value));
    }

    [Fact]
    public void Clipping_scales_the_gradients_of_all_blocks_to_the_norm()
    {
        var (gradients, clipped, _) = Clip(threads: 2, clipNorm: 0.25);
        var norm = Math.Sqrt(gradients.Sum(value => (double)value * value));
        FloatAssert.Near([.. gradients.Select(value => (float)(value * 0.25 / norm))], clipped, 1e-9);
    }

    [Fact]
    public void Clipping_leaves_gradients_of_a_smaller_norm()
    {
        var (gradients, clipped, _) = Clip(threads: 2, clipNorm: 1e6);
        Assert.Equal(gradients, clipped);
    }

    [Fact]
    public void Clipping_has_the_same_bits_for_any_number_of_threads() =>
        Assert.Equal(Clip(threads: 1, clipNorm: 0.25).Values, Clip(threads: 3, clipNorm: 0.25).Values);

    // One step of AdamW with random gradients of ten blocks.
    private static (float[] Gradients, float[] Clipped, float[] Values) Clip(int threads, double clipNorm)
    {
        using var workers = new WorkerPool(threads);
        using var parameters = new Parameters(new NetworkOptions(400, 6), training: true);
        var random = new RandomStream(3);
        var trainable = parameters.Gradients.Span[..parameters.TrainableLength];
        random.ForStream(RandomStreamId.Demo).FillNormal(trainable);
        random.ForStream(RandomStreamId.Demo, 1).FillNormal(parameters.Values.Span);
        var gradients = trainable.ToArray();
        OptimizerAlgorithms
            .Create(new(OptimizerAlgorithm.AdamW, WeightDecay: 0.1, clipNorm), parameters, workers)
            .Update(new(LearningRate), 1);
        return (gradients, trainable.ToArray(), parameters.Values.Span.ToArray());
    }
}
