namespace AttnCrnn.Prediction;

/// <summary>
/// Windows of a recording that are predicted one by one. A window starts every <see cref="HopSeconds"/>; the last one
/// ends with the recording and may be shorter, down to 0.1 s.
/// </summary>
public sealed record WindowOptions
{
    /// <summary>Minimum length of a window in seconds: shorter ones have too few frames for the network.</summary>
    public const double MinSeconds = 0.1;

    /// <summary>Minimum distance from one window to the next in seconds.</summary>
    public const double MinHopSeconds = 0.01;

    /// <summary>Maximum of both in seconds.</summary>
    public const double MaxSeconds = 3600;

    /// <summary>Creates the options.</summary>
    /// <param name="seconds">Length of a window in seconds, from 0.1 to 3600.</param>
    /// <param name="hopSeconds">
    /// Distance from one window to the next in seconds, from 0.01 to 3600; null: the length of a window.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A value is not in its range.</exception>
    public WindowOptions(double seconds, double? hopSeconds = null)
    {
        ThrowIfOutside(MinSeconds, seconds, nameof(seconds));
        ThrowIfOutside(MinHopSeconds, hopSeconds ?? seconds, nameof(hopSeconds));
        Seconds = seconds;
        HopSeconds = hopSeconds ?? seconds;
    }

    /// <summary>Length of a window in seconds.</summary>
    public double Seconds { get; }

    /// <summary>Distance from one window to the next in seconds.</summary>
    public double HopSeconds { get; }

    // Written so that NaN is rejected.
    private static void ThrowIfOutside(double min, double value, string name)
    {
        if (!(value >= min && value <= MaxSeconds))
            throw new ArgumentOutOfRangeException(name, value, $"expected {min} to {MaxSeconds} seconds");
    }
}
