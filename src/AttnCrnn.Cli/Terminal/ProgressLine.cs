using System.Globalization;
using AttnCrnn.Deployment.Monitoring;

namespace AttnCrnn.Cli.Terminal;

/// <summary>The state of a training that is shown on one line of a terminal.</summary>
internal sealed record ProgressLine
{
    private const string Separator = "  ";
    private const int MinBarWidth = 10;
    private const int MaxBarWidth = 30;

    /// <summary>null for a run of one seed.</summary>
    public RunSeed? Seed { get; init; }

    /// <summary>From 1; null without folds.</summary>
    public required int? Fold { get; init; }

    /// <summary>Number of folds; null without folds.</summary>
    public required int? Folds { get; init; }

    /// <summary>The current epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Maximum number of epochs.</summary>
    public required int Epochs { get; init; }

    /// <summary>
    /// Completed fraction of the steps of all epochs, and of all folds that are trained, from 0 to 1.
    /// </summary>
    public required double Fraction { get; init; }

    /// <summary>Upper bound of the time until the last fold ends; null if it is unknown.</summary>
    public required TimeSpan? Remaining { get; init; }

    /// <summary>Mean training loss of the epoch.</summary>
    public required double Loss { get; init; }

    /// <summary>The training speed with its unit; null if it is unknown.</summary>
    public string? Speed { get; init; }

    /// <summary>
    /// The line, of at most this many columns. The last parts are omitted, each whole, if they do not fit; a bar is
    /// shown if there is space for it.
    /// </summary>
    public string Format(int width)
    {
        List<string> parts = Seed is { } seed ? [$"seed {seed.Number}/{seed.Count}"] : [];
        if (Fold is { } fold)
            parts.Add($"fold {fold}/{Folds}");
        parts.Add($"epoch {Epoch}/{Epochs}");
        var barPosition = parts.Count;
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(100 * Fraction):0}%"));
        if (Remaining is { } remaining)
            parts.Add($"up to {DurationText.Format(remaining)} left");
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"loss {Loss:0.000}"));
        if (Speed is not null)
            parts.Add(Speed);
        var barWidth = Math.Min(MaxBarWidth, width - MeasureLine(parts) - Separator.Length);
        if (barWidth >= MinBarWidth)
            parts.Insert(barPosition, FormatBar(barWidth));
        while (parts.Count > 1 && MeasureLine(parts) > width)
            parts.RemoveAt(parts.Count - 1);
        return string.Join(Separator, parts);
    }

    private static int MeasureLine(List<string> parts) =>
        parts.Sum(part => part.Length) + ((parts.Count - 1) * Separator.Length);

    private string FormatBar(int width)
    {
        var done = (int)(Math.Clamp(Fraction, 0, 1) * width);
        return new string('━', done) + new string('─', width - done);
    }
}
