using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>How predictions are printed or written to a file.</summary>
internal interface IPredictionFormat
{
    /// <summary>The line before the first prediction; null: none.</summary>
    string? Header { get; }

    /// <summary>Whether a person reads the lines, so that a terminal wraps them at spaces.</summary>
    bool IsProse { get; }

    /// <summary>The line of a prediction or of an error; null: none.</summary>
    /// <param name="plot">File of the plot that explains it; null: none.</param>
    string? Format(RecordingPrediction prediction, string? plot = null);
}
