using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models.Weights;

/// <summary>Fills the parameters as their layers declare; each has a random stream of its own.</summary>
internal static class ParameterInitializer
{
    /// <param name="attentionScale">Initial scale of the attention logits.</param>
    public static void Run(Parameters parameters, RandomStream random, float attentionScale = 1)
    {
        uint index = 0;
        foreach (var parameter in parameters.All)
        {
            // Has no random stream, so that the other weights equal those of a network with a single encoder layer.
            if (parameter.Declaration.Initializer == Initializer.Mean)
                parameter.Values.Span.Fill(1f / parameter.Length);
            else
                Fill(parameter, random.ForStream(RandomStreamId.Initialization, index++), attentionScale);
        }
    }

    private static void Fill(Parameter parameter, RandomStream random, float attentionScale)
    {
        var values = parameter.Values.Span;
        switch (parameter.Declaration.Initializer)
        {
            case Initializer.GlorotUniform:
                FillGlorotUniform(random, parameter.Shape, values);
                break;
            case Initializer.Orthogonal:
                FillOrthogonal(random, parameter.Shape[0], parameter.Shape[1], values);
                break;
            case Initializer.Ones:
                values.Fill(1);
                break;
            case Initializer.AttentionScale:
                values.Fill(attentionScale);
                break;
            case Initializer.ForgetGateOnes:
                values.Clear();
                values.Slice(values.Length / 4, values.Length / 4).Fill(1); // gate order i, f, c, o
                break;
            case Initializer.Zeros:
                values.Clear();
                break;
            default:
                throw new InvalidOperationException($"{parameter.Name}: no initializer");
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
