using AttnCrnn.Numerics.Elementwise;

namespace AttnCrnn.Models.Losses;

/// <summary>
/// Label smoothing (Szegedy et al. 2016, "Rethinking the Inception architecture"): another loss, for the targets
/// y (1 - s) + s / classes. As in Keras, targets of several classes are smoothed as well.
/// </summary>
internal sealed class LabelSmoothing : ILoss
{
    private readonly ILoss loss;
    private readonly float smoothing;
    private readonly float[] smoothed;

    /// <param name="loss">The loss for the smoothed targets.</param>
    /// <param name="smoothing">s, from 0 to less than 1.</param>
    public LabelSmoothing(ILoss loss, double smoothing, int classes)
    {
        this.loss = loss;
        this.smoothing = (float)smoothing;
        smoothed = new float[classes];
    }

    public double Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<float> target, Span<float> gradient)
    {
        VectorMath.Scale(target, 1 - smoothing, smoothed);
        VectorMath.AddScalar(smoothed, smoothing / smoothed.Length, smoothed);
        return loss.Compute(probabilities, smoothed, gradient);
    }
}
