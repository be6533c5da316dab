namespace AttnCrnn.Encoders.Transformers;

/// <summary>Symmetric int8 quantization of weights, with one scale per output.</summary>
internal static class Int8Weights
{
    /// <param name="values">[outputs, inputs].</param>
    /// <returns>[inputs, outputs], and one scale per output: value ≈ code · scale.</returns>
    public static (sbyte[] Codes, float[] Scales) Quantize(float[] values, int outputs, int inputs)
    {
        var (rows, scales) = QuantizeRows(values, outputs, inputs);
        var codes = new sbyte[rows.Length];
        for (var output = 0; output < outputs; output++)
        for (var input = 0; input < inputs; input++)
            codes[(input * outputs) + output] = rows[(output * inputs) + input];
        return (codes, scales);
    }

    /// <param name="values">[outputs, inputs].</param>
    /// <returns>[outputs, inputs], and one scale per output: value ≈ code · scale.</returns>
    public static (sbyte[] Codes, float[] Scales) QuantizeRows(float[] values, int outputs, int inputs)
    {
        var codes = new sbyte[values.Length];
        var scales = new float[outputs];
        for (var output = 0; output < outputs; output++)
        {
            var row = values.AsSpan(output * inputs, inputs);
            var largest = 0f;
            foreach (var value in row)
                largest = Math.Max(largest, Math.Abs(value));
            scales[output] = largest > 0 ? largest / 127 : 1;
            for (var input = 0; input < inputs; input++)
                codes[(output * inputs) + input] = (sbyte)
                    Math.Clamp(MathF.Round(row[input] / scales[output]), -127, 127);
        }
        return (codes, scales);
    }
}
