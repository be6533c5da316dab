using System.Globalization;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Terminal;

/// <summary>The speed of a training as text.</summary>
internal static class TrainingSpeed
{
    /// <summary>
    /// Clips per second, called augmented if an epoch has several copies of each clip: they are counted, as each of
    /// them costs a step's time.
    /// </summary>
    public static string Format(TrainingProgress progress) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.ClipsPerSecond:0} {(progress.Copies > 1 ? "augmented clips/s" : "clips/s")}"
        );
}
