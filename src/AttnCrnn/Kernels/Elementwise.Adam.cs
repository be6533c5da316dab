using System.Runtime.Intrinsics;

namespace AttnCrnn.Kernels;

internal static partial class Elementwise
{
    /// <summary>
    /// One step of Adam (Kingma and Ba 2015) as Keras writes it: moment += (g - moment)(1 - β₁), velocity += (g² - velocity)(1 - β₂),
    /// value -= rate · moment / (√velocity + ε), with ε outside the bias correction.
    /// </summary>
    /// <param name="rate">Learning rate times √(1 - β₂ᵗ) / (1 - β₁ᵗ) at step t, counted from 1.</param>
    public static void Adam(
        Span<float> values, ReadOnlySpan<float> gradients, Span<float> moment, Span<float> velocity,
        float rate, float beta1, float beta2, float epsilon)
    {
        Same(gradients.Length, values.Length);
        Same(moment.Length, values.Length);
        Same(velocity.Length, values.Length);
        var step = new AdamStep(rate, 1 - beta1, 1 - beta2, epsilon);
        var i = 0;
        for (; i <= values.Length - Lanes; i += Lanes)
        {
            var (m, v) = (Load(moment, i), Load(velocity, i));
            Store(step.Move(Load(values, i), Load(gradients, i), ref m, ref v), values, i);
            Store(m, moment, i);
            Store(v, velocity, i);
        }
        if (i == values.Length) return;
        var (lastMoment, lastVelocity) = (LoadPart(moment, i), LoadPart(velocity, i));
        StorePart(step.Move(LoadPart(values, i), LoadPart(gradients, i), ref lastMoment, ref lastVelocity), values, i);
        StorePart(lastMoment, moment, i);
        StorePart(lastVelocity, velocity, i);
    }

    private readonly struct AdamStep(float rate, float share1, float share2, float epsilon)
    {
        private readonly Vector256<float> rate = Vector256.Create(rate);
        private readonly Vector256<float> share1 = Vector256.Create(share1);
        private readonly Vector256<float> share2 = Vector256.Create(share2);
        private readonly Vector256<float> epsilon = Vector256.Create(epsilon);

        public Vector256<float> Move(Vector256<float> value, Vector256<float> g, ref Vector256<float> moment, ref Vector256<float> velocity)
        {
            moment = Vector256.FusedMultiplyAdd(g - moment, share1, moment);
            velocity = Vector256.FusedMultiplyAdd((g * g) - velocity, share2, velocity);
            return value - (rate * moment / (Vector256.Sqrt(velocity) + epsilon));
        }
    }
}
