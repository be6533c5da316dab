using System.Globalization;
using AttnCrnn.Numerics.Threading;

namespace AttnCrnn.Options;

/// <summary>The valid numbers of an option.</summary>
public sealed record OptionRange
{
    private readonly double min;
    private readonly double max;
    private readonly bool excludesMin;
    private readonly bool excludesMax;

    private OptionRange(double min, double max, bool excludesMin = false, bool excludesMax = false)
    {
        this.min = min;
        this.max = max;
        this.excludesMin = excludesMin;
        this.excludesMax = excludesMax;
    }

    /// <summary>
    /// What 0 means if it is not a quantity like the others, such as <c>off</c>; null: nothing special.
    /// </summary>
    public string? ZeroMeans { get; init; }

    /// <summary>The numbers of threads of a command or a training.</summary>
    public static OptionRange Threads => Between(1, ThreadCount.Max);

    /// <summary>Both bounds are valid.</summary>
    public static OptionRange Between(double min, double max) => new(min, max);

    /// <summary>Neither bound is valid.</summary>
    public static OptionRange Open(double min, double max) => new(min, max, excludesMin: true, excludesMax: true);

    /// <summary>From a bound up to another one that is not valid.</summary>
    public static OptionRange HalfOpen(double min, double max) => new(min, max, excludesMax: true);

    /// <summary>More than a bound, up to another one.</summary>
    public static OptionRange LeftOpen(double min, double max) => new(min, max, excludesMin: true);

    /// <summary>No upper bound.</summary>
    public static OptionRange FromMin(double min) => new(min, double.PositiveInfinity);

    /// <summary>Whether a number is valid.</summary>
    public bool Contains(double value) =>
        (excludesMin ? value > min : value >= min) && (excludesMax ? value < max : value <= max);

    /// <summary>The range in words: <c>more than 0, up to 1</c>.</summary>
    public override string ToString()
    {
        var low = Format(min) + (min == 0 && ZeroMeans is { } meaning ? $" ({meaning})" : "");
        if (double.IsPositiveInfinity(max))
            return $"at least {low}";
        return (excludesMin, excludesMax) switch
        {
            (false, false) => $"{low} to {Format(max)}",
            (true, true) => $"between {low} and {Format(max)}",
            (true, false) => $"more than {low}, up to {Format(max)}",
            (false, true) => $"{low} to less than {Format(max)}",
        };
    }

    private static string Format(double bound) => bound.ToString(CultureInfo.InvariantCulture);
}
