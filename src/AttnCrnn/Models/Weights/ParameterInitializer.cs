using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Weights;

/// <summary>
/// Random initialization as in Keras: Glorot uniform kernels, orthogonal recurrent kernels, forget-gate bias 1, scales
/// 1, everything else 0; the weighted sum of the layers starts as their mean.
/// </summary>
internal static class ParameterInitializer
{
    /// <param name="attentionScale">Initial scale of the attention logits.</param>
    public static void Run(Parameters parameters, RandomStream random, float attentionScale = 1)
    {
        uint index = 0;
        foreach (var parameter in parameters.All)
        {
            if (parameter.Name == TensorNames.LayerWeightingKernel)
            {
                // Uses no random numbers, so that the other weights equal the weights of a network with a single layer.
                parameter.Values.Span.Fill(1f / parameter.Length);
                continue;
            }
            var stream = random.ForStream(RandomStreamId.Initialization, index++);
            var values = parameter.Values.Span;
            switch (parameter.Name[(parameter.Name.LastIndexOf('/') + 1)..])
            {
                case TensorNames.KernelPart:
                    FillGlorotUniform(stream, parameter.Shape, values);
                    break;
                case TensorNames.RecurrentKernelPart:
                    FillOrthogonal(stream, parameter.Shape[0], parameter.Shape[1], values);
                    break;
                case TensorNames.GammaPart or TensorNames.VariancePart:
                    values.Fill(1);
                    break;
                case TensorNames.ScalePart:
                    values.Fill(attentionScale);
                    break;
                case TensorNames.BiasPart when TensorNames.IsCellBias(parameter.Name):
                    values.Clear();
                    values.Slice(values.Length / 4, values.Length / 4).Fill(1); // gate order i, f, c, o
                    break;
                default:
                    values.Clear();
                    break;
            }
        }
    }

    // Glorot and Bengio 2010: uniform within √(6 / (inputs + outputs)), both multiplied by the taps of a convolution.
    private static void FillGlorotUniform(RandomStream random, int[] shape, Span<float> values)
    {
        var taps = shape.Length == 3 ? shape[0] : 1;
        var limit = (float)Math.Sqrt(6.0 / (taps * (shape[^2] + shape[^1])));
        random.FillUniform(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = ((2 * values[i]) - 1) * limit;
    }

    // Saxe et al. 2014: orthonormal rows from normal random numbers by Gram-Schmidt, applied twice, in float64. The R
    // of this QR decomposition has a positive diagonal, as after Keras' sign correction.
    private static void FillOrthogonal(RandomStream random, int rows, int columns, Span<float> values)
    {
        if (rows > columns)
            throw new ArgumentException($"[{rows}, {columns}]: more rows than columns cannot be orthonormal");
        random.FillNormal(values);
        var basis = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            var vector = new double[columns];
            for (var i = 0; i < columns; i++)
                vector[i] = values[(row * columns) + i];
            for (var pass = 0; pass < 2; pass++)
            for (var previous = 0; previous < row; previous++)
                SubtractProjection(vector, basis[previous]);
            var length = Math.Sqrt(ComputeDotProduct(vector, vector));
            for (var i = 0; i < columns; i++)
                values[(row * columns) + i] = (float)(vector[i] /= length);
            basis[row] = vector;
        }
    }

    private static void SubtractProjection(double[] vector, double[] direction)
    {
        var projection = ComputeDotProduct(vector, direction);
        for (var i = 0; i < vector.Length; i++)
            vector[i] -= projection * direction[i];
    }

    private static double ComputeDotProduct(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
