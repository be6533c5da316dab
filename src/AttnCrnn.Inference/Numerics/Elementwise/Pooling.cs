using System.Runtime.Intrinsics;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Numerics.Elementwise;

/// <summary>
/// Bias, ReLU and max pooling over pairs of rows in one pass: max(max(x₀, x₁) + b, 0). NaN propagates (through
/// (x₁ - x₀) - (x₁ - x₀), as comparisons do not pass it on), so that training on invalid frames fails
/// instead of continuing silently.
/// </summary>
internal static class Pooling
{
    /// <param name="x">[rows, width], before bias and ReLU; an odd last row is dropped, as Keras does.</param>
    /// <param name="bias">[width].</param>
    /// <param name="pooled">[rows / 2, width].</param>
    public static void Forward(MatrixView x, ReadOnlySpan<float> bias, MatrixView pooled)
    {
        RequireShapes(x, pooled);
        if (bias.Length != x.Width)
            throw new ArgumentException($"{bias.Length} biases for {x.Width} columns", nameof(bias));
        for (var row = 0; row < pooled.Count; row++)
        {
            ReadOnlySpan<float> first = x[2 * row],
                second = x[(2 * row) + 1];
            var destination = pooled[row];
            var i = 0;
            for (; i <= destination.Length - 8; i += 8)
            {
                Vector256<float> a = Vector256.Create(first[i..]),
                    b = Vector256.Create(second[i..]),
                    difference = b - a;
                var larger =
                    Vector256.ConditionalSelect(Vector256.LessThan(a, b), b, a)
                    + Vector256.Create(bias[i..])
                    + (difference - difference);
                Vector256
                    .ConditionalSelect(Vector256.LessThan(larger, Vector256<float>.Zero), Vector256<float>.Zero, larger)
                    .CopyTo(destination[i..]);
            }
            for (; i < destination.Length; i++)
            {
                var difference = second[i] - first[i];
                var larger = (first[i] < second[i] ? second[i] : first[i]) + bias[i] + (difference - difference);
                destination[i] = larger < 0 ? 0 : larger;
            }
        }
    }

    /// <summary>
    /// Backward pass: the gradient goes to the larger element of the pair (to the first if equal), and is 0 where ReLU
    /// returned 0.
    /// </summary>
    /// <param name="x">As passed to <see cref="Forward"/>.</param>
    /// <param name="pooled">As returned by <see cref="Forward"/>.</param>
    /// <param name="gradPooled">[rows / 2, width].</param>
    /// <param name="gradX">[rows, width]; an odd last row gets 0.</param>
    public static void Backward(MatrixView x, MatrixView pooled, MatrixView gradPooled, MatrixView gradX)
    {
        RequireShapes(x, pooled);
        RequireShapes(x, gradPooled);
        if (gradX.Count != x.Count || gradX.Width != x.Width)
            throw new ArgumentException(
                $"the gradient is [{gradX.Count}, {gradX.Width}], expected [{x.Count}, {x.Width}]",
                nameof(gradX)
            );
        for (var row = 0; row < pooled.Count; row++)
        {
            ReadOnlySpan<float> first = x[2 * row],
                second = x[(2 * row) + 1],
                value = pooled[row],
                gradient = gradPooled[row];
            Span<float> gradFirst = gradX[2 * row],
                gradSecond = gradX[(2 * row) + 1];
            var i = 0;
            for (; i <= value.Length - 8; i += 8)
            {
                var reluGradient = Vector256.ConditionalSelect(
                    Vector256.GreaterThan(Vector256.Create(value[i..]), Vector256<float>.Zero),
                    Vector256.Create(gradient[i..]),
                    Vector256<float>.Zero
                );
                var isSecond = Vector256.LessThan(Vector256.Create(first[i..]), Vector256.Create(second[i..]));
                Vector256.ConditionalSelect(isSecond, Vector256<float>.Zero, reluGradient).CopyTo(gradFirst[i..]);
                Vector256.ConditionalSelect(isSecond, reluGradient, Vector256<float>.Zero).CopyTo(gradSecond[i..]);
            }
            for (; i < value.Length; i++)
            {
                var reluGradient = value[i] > 0 ? gradient[i] : 0;
                var isSecond = first[i] < second[i];
                gradFirst[i] = isSecond ? 0 : reluGradient;
                gradSecond[i] = isSecond ? reluGradient : 0;
            }
        }
        if (x.Count % 2 == 1)
            gradX[x.Count - 1].Clear();
    }

    private static void RequireShapes(MatrixView x, MatrixView pooled)
    {
        if (pooled.Count != x.Count / 2 || pooled.Width != x.Width)
            throw new ArgumentException(
                $"[{x.Count}, {x.Width}] pools to [{x.Count / 2}, {x.Width}], not to [{pooled.Count}, {pooled.Width}]"
            );
    }
}
