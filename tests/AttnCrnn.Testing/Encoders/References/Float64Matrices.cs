namespace AttnCrnn.Testing.Encoders.References;

/// <summary>Arithmetic on the values of [time][width] matrices.</summary>
internal static class Float64Matrices
{
    /// <summary>Applies a function to every value.</summary>
    public static double[][] Map(this double[][] x, Func<double, double> function) =>
        Array.ConvertAll(x, row => Array.ConvertAll(row, value => function(value)));

    /// <summary>The sum of two matrices.</summary>
    public static double[][] Add(this double[][] x, double[][] other) =>
        [.. x.Zip(other, (a, b) => a.Zip(b, (p, q) => p + q).ToArray())];

    /// <summary>Multiplies each column by its weight, and adds its bias.</summary>
    public static double[][] Affine(this double[][] x, double[] weight, double[] bias) =>
        Array.ConvertAll(x, row => row.Select((value, i) => (value * weight[i]) + bias[i]).ToArray());

    /// <summary>The columns from one index to another.</summary>
    public static double[][] Columns(this double[][] x, int first, int end) =>
        Array.ConvertAll(x, row => row[first..end]);
}
