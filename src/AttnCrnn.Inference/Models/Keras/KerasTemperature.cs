namespace AttnCrnn.Models.Keras;

/// <summary>
/// The temperature in a graph: a Rescaling of the logits, x · scale + offset (keras/src/layers/preprocessing/
/// rescaling.py), with the scale 1 / temperature and without offset, before softmax.
/// </summary>
internal static class KerasTemperature
{
    // Keras multiplies in float32; two scales that differ by less give the same probabilities.
    private const double RelativeTolerance = 1e-6;

    /// <summary>The scale of the logits at a temperature, which float32 must represent.</summary>
    public static double GetScale(double temperature) => 1 / temperature;

    /// <summary>Whether float32 represents a scale.</summary>
    public static bool IsRepresentable(double scale) => scale is > 0 and <= float.MaxValue;

    /// <summary>Whether the temperature of a graph is the described one, as precisely as Keras computes.</summary>
    public static bool IsSame(double graphTemperature, double temperature) =>
        Math.Abs(graphTemperature - temperature) <= RelativeTolerance * temperature;

    /// <summary>Reads the temperature of a Rescaling.</summary>
    /// <exception cref="InvalidFileException">
    /// It has an offset, or its scale is not one number, or not that of a supported temperature.
    /// </exception>
    public static double Read(KerasLayer rescaling)
    {
        var options = new KerasOptions(rescaling).Require("offset", "0");
        var scale = options.GetRaw("scale")?.AsDouble() ?? 0;
        options.RejectUnknown();
        const double minScale = 1 / ModelDescription.MaxTemperature;
        return scale > minScale && IsRepresentable(scale)
            ? 1 / scale
            : throw options.CreateUnsupportedOptionError(
                "scale",
                $"1 / temperature, a number above {KerasOptions.FormatNumber(minScale)}"
            );
    }
}
