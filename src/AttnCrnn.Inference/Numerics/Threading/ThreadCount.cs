namespace AttnCrnn.Numerics.Threading;

/// <summary>Bounds of the number of threads.</summary>
internal static class ThreadCount
{
    public const int Max = 1024;

    /// <summary>The validation error of an option <c>threads</c>; null if it is valid.</summary>
    public static OptionError? Validate(int threads) =>
        threads is < 1 or > Max ? new(new("threads"), $"{threads}", $"expected 1 to {Max}") : null;
}
