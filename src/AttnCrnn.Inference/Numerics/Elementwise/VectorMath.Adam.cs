using System.Runtime.CompilerServices;
using AttnCrnn.Numerics.Simd;

namespace AttnCrnn.Numerics.Elementwise;

internal static unsafe partial class VectorMath
{
    /// <summary>
    /// One step of Adam (Kingma and Ba 2015) as implemented by Keras: moment += (g - moment)(1 - β₁), velocity +=
    /// (g² - velocity)(1 - β₂), value -= rate · moment / (√velocity + ε), with ε outside the bias correction.
    /// </summary>
    /// <param name="rate">Learning rate times √(1 - β₂ᵗ) / (1 - β₁ᵗ) at step t, counted from 1.</param>
    public static void Adam(
        Span<float> values,
        ReadOnlySpan<float> gradients,
        Span<float> moment,
        Span<float> velocity,
        float rate,
        float beta1,
        float beta2,
        float epsilon
    )
    {
        RequireLength(gradients.Length, values.Length);
        RequireLength(moment.Length, values.Length);
        RequireLength(velocity.Length, values.Length);
        fixed (
            float* value = values,
                gradient = gradients,
                m = moment,
                v = velocity
        )
        {
            float** destination = stackalloc float*[] { value, m, v };
            var coefficients = stackalloc float[] { rate, 1 - beta1, 1 - beta2, epsilon };
            var source = stackalloc float*[] { gradient, coefficients };
            LaneMap.Run<AdamMap>(source, destination, 0, values.Length);
        }
    }

    private readonly struct AdamMap : ILaneMap
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Apply<T>(float** source, float** destination, nint index, nint shift)
            where T : struct, ILanes<T>
        {
            T rate = T.Broadcast(source[1][0]),
                oneMinusBeta1 = T.Broadcast(source[1][1]),
                oneMinusBeta2 = T.Broadcast(source[1][2]),
                epsilon = T.Broadcast(source[1][3]);
            T g = T.Load(source[0] + index),
                m = T.Load(destination[1] + index),
                v = T.Load(destination[2] + index);
            m = T.MultiplyAdd(g - m, oneMinusBeta1, m);
            v = T.MultiplyAdd((g * g) - v, oneMinusBeta2, v);
            T.Store(T.Load(destination[0] + index) - (rate * m / (T.Sqrt(v) + epsilon)), destination[0] + index);
            T.Store(m, destination[1] + index);
            T.Store(v, destination[2] + index);
        }
    }
}
