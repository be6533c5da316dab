using AttnCrnn.Models.Layers;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Models;

/// <summary>Keras' initial weights: Glorot uniform kernels, orthogonal recurrent kernels, forget-gate bias 1, scales 1, the rest 0; the mix of layers their mean.</summary>
internal static class ParameterInitializer
{
    /// <param name="attentionScale">What the logits of the self-attention are multiplied by at the start.</param>
    public static void Run(Parameters parameters, RandomStream random, float attentionScale = 1)
    {
        uint index = 0;
        foreach (var parameter in parameters.All)
        {
            if (parameter.Name == LayerMix.KernelName)
            {
                // Nothing is drawn, nor counted: the others' weights are those of the network without a mix.
                parameter.Values.Span.Fill(1f / parameter.Length);
                continue;
            }
            var own = random.ForStream(RandomStreamId.Initialization, index++);
            var values = parameter.Values.Span;
            switch (parameter.Name[(parameter.Name.LastIndexOf('/') + 1)..])
            {
                case "kernel":
                    GlorotUniform(own, parameter.Shape, values);
                    break;
                case "recurrent_kernel":
                    Orthogonal(own, parameter.Shape[0], parameter.Shape[1], values);
                    break;
                case "gamma" or "moving_variance":
                    values.Fill(1);
                    break;
                case "scale":
                    values.Fill(attentionScale);
                    break;
                case "bias" when parameter.Name.EndsWith("lstm_cell/bias", StringComparison.Ordinal):
                    values.Clear();
                    values.Slice(values.Length / 4, values.Length / 4).Fill(1); // i, f, c, o: so that the state lasts at first
                    break;
                default:
                    values.Clear();
                    break;
            }
        }
    }

    // Glorot and Bengio 2010: uniform within √(6 / (inputs + outputs)), both times the taps of a convolution.
    private static void GlorotUniform(RandomStream random, int[] shape, Span<float> values)
    {
        var taps = shape.Length == 3 ? shape[0] : 1;
        var limit = (float)Math.Sqrt(6.0 / (taps * (shape[^2] + shape[^1])));
        random.FillUniform(values);
        for (var i = 0; i < values.Length; i++)
            values[i] = ((2 * values[i]) - 1) * limit;
    }

    // Saxe et al. 2014: orthonormal rows out of normal numbers, by Gram and Schmidt done twice, in float64. The R of that QR has a positive
    // diagonal, which is what Keras' sign correction brings about.
    private static void Orthogonal(RandomStream random, int rows, int columns, Span<float> values)
    {
        if (rows > columns)
            throw new ArgumentException($"[{rows}, {columns}]: more rows than columns cannot be orthonormal");
        random.FillNormal(values);
        var basis = new double[rows][];
        for (var row = 0; row < rows; row++)
        {
            var own = new double[columns];
            for (var i = 0; i < columns; i++)
                own[i] = values[(row * columns) + i];
            for (var pass = 0; pass < 2; pass++)
            for (var before = 0; before < row; before++)
                TakeOff(own, basis[before]);
            var length = Math.Sqrt(Dot(own, own));
            for (var i = 0; i < columns; i++)
                values[(row * columns) + i] = (float)(own[i] /= length);
            basis[row] = own;
        }
    }

    private static void TakeOff(double[] from, double[] direction)
    {
        var probability = Dot(from, direction);
        for (var i = 0; i < from.Length; i++)
            from[i] -= probability * direction[i];
    }

    private static double Dot(double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}
