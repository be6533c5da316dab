using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Losses;
using CsCheck;

namespace AttnCrnn.Tests.Models.Losses;

/// <summary>Losses and their gradients against PyTorch (tests/fixtures/training) and float64 differences.</summary>
public sealed class LossTests
{
    private static readonly IReadOnlyDictionary<string, NpyArray> Fixture = NpzFile.Read(
        Fixtures.Path("training", "parts.npz")
    );

    public static MatrixTheoryData<string, string> Cases { get; } =
        new(["cross_entropy", "label_smoothing_0.1", "focal_2"], ["hard", "soft"]);

    private static readonly Gen<(double[] Logits, double[] Target, double Gamma, double Smoothing)> Clips = Gen.Select(
        Gen.Double[-8, 8].Array[4],
        Gen.Double[0, 1].Array[4],
        Gen.OneOf(Gen.Const(0.0), Gen.Const(0.5), Gen.Const(1.0), Gen.Const(2.0), Gen.Const(3.7)),
        Gen.OneOf(Gen.Const(0.0), Gen.Const(0.3))
    );

    [Theory, MemberData(nameof(Cases))]
    public void Losses_and_gradients_match_PyTorch(string name, string targets)
    {
        const int classes = 5;
        var logits = Fixture["loss_logits"].ToSingles().Chunk(classes).ToArray();
        var target = Fixture[$"loss_{targets}"].ToSingles().Chunk(classes).ToArray();
        var weights = Fixture["loss_weight"].ToSingles();
        var loss = LossFunctions.Create(Options(name), classes);
        var losses = new List<float>();
        var gradients = new List<float>();
        for (var clip = 0; clip < logits.Length; clip++)
        {
            var gradient = new float[classes];
            losses.Add((float)Compute(loss, logits[clip], target[clip], gradient));
            gradients.AddRange(gradient.Select(value => value * weights[clip] / logits.Length));
        }
        FloatAssert.Near(Fixture[$"{name}_{targets}_per_clip"].ToSingles(), losses.ToArray(), 1e-6, "losses");
        FloatAssert.Near(Fixture[$"{name}_{targets}_grad"].ToSingles(), gradients.ToArray(), 1e-6, "gradients");
    }

    /// <summary>Also of a focal loss with smoothed labels, and with an exponent that is not whole.</summary>
    [Fact]
    public void Losses_and_gradients_match_float64_differences() =>
        Clips.Sample(
            clip =>
            {
                var sum = clip.Target.Sum() + 1e-9;
                double[] target = [.. clip.Target.Select(value => (double)(float)(value / sum))];
                float[] logits = [.. clip.Logits.Select(value => (float)value)];
                var gradient = new float[logits.Length];
                var loss = LossFunctions.Create(new(LossFunction.Focal, clip.Gamma, clip.Smoothing), logits.Length);
                var value = Compute(loss, logits, [.. target.Select(probability => (float)probability)], gradient);

                double[] start = [.. logits.Select(logit => (double)logit)];
                double[] smoothed = [.. target.Select(y => (y * (1 - clip.Smoothing)) + (clip.Smoothing / 4))];
                Assert.Equal(Reference(start, smoothed, clip.Gamma), value, 1e-5);
                for (var k = 0; k < start.Length; k++)
                    Assert.Equal(Slope(start, smoothed, clip.Gamma, k), gradient[k], 2e-5);
            },
            iter: 500
        );

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(2)]
    public void A_focal_loss_of_a_certain_prediction_is_finite(double gamma)
    {
        var gradient = new float[3];
        Assert.Equal(0, new FocalLoss(gamma).Compute([1, 0, 0], [1, 0, 0], gradient));
        Assert.Equal([0, 0, 0], gradient);
        // Wrong with certainty: the cross-entropy of the smallest normal float.
        Assert.Equal(87.3365, new FocalLoss(gamma).Compute([1, 0, 0], [0, 1, 0], gradient), 1e-3);
        FloatAssert.Near([1, -1, 0], gradient, 1e-6);
    }

    private static LossOptions Options(string name) =>
        name switch
        {
            "focal_2" => new(LossFunction.Focal, 2, 0),
            "label_smoothing_0.1" => new(LossFunction.CrossEntropy, null, 0.1),
            _ => new(LossFunction.CrossEntropy, null, 0),
        };

    private static double Compute(ILoss loss, float[] logits, float[] target, float[] gradient)
    {
        var probabilities = logits.ToArray();
        Softmax.Apply(probabilities);
        return loss.Compute(probabilities, target, gradient);
    }

    // -Σ y (1 - p)^γ ln p, by the definition.
    private static double Reference(double[] logits, double[] target, double gamma)
    {
        var sum = logits.Sum(Math.Exp);
        return -logits
            .Select(logit => Math.Exp(logit) / sum)
            .Zip(target, (p, y) => y * Math.Pow(1 - p, gamma) * Math.Log(p))
            .Sum();
    }

    private static double Slope(double[] logits, double[] target, double gamma, int k)
    {
        const double step = 1e-5;
        double Move(double offset) =>
            Reference([.. logits.Select((logit, i) => i == k ? logit + offset : logit)], target, gamma);
        return (Move(step) - Move(-step)) / (2 * step);
    }
}
