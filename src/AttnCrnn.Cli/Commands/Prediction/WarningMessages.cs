using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Formats;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// Writes the warnings about recordings to stderr: one line per recording and kind, with the number of its parts, and
/// for many recordings the number of the others.
/// </summary>
/// <param name="partName">What recordings are divided into: windows, or segments of speech.</param>
internal sealed class WarningMessages(ConsoleOutput console, string partName = "windows")
{
    private const int MaxLines = 20; // per kind

    private readonly Dictionary<string, int> recordings = []; // with a kind of warning
    private readonly Dictionary<string, Found> current = []; // of the current input
    private PredictionInput? input;
    private int windows; // of it

    /// <summary>Adds a prediction; those of an input follow each other.</summary>
    public void Add(RecordingPrediction prediction)
    {
        if (!ReferenceEquals(prediction.Input, input))
            FinishInput();
        input = prediction.Input;
        windows++;
        foreach (var warning in prediction.Warnings)
        {
            var found = current.GetValueOrDefault(warning.Name, new(prediction, warning, 0));
            current[warning.Name] = found with { Count = found.Count + 1 };
        }
    }

    /// <summary>Writes what has not been written.</summary>
    public void Finish()
    {
        FinishInput();
        foreach (var (name, count) in recordings.Where(pair => pair.Value > MaxLines))
            console.WriteNotice($"warning: {name}: {CountText.Format(count - MaxLines, "more recording")}");
    }

    private void FinishInput()
    {
        foreach (var (name, found) in current)
        {
            var number = recordings[name] = recordings.GetValueOrDefault(name) + 1;
            if (number <= MaxLines)
                console.WriteNotice(
                    $"warning: {input!.Path}: {OptionParser.FormatText(found.Warning.Message)}{DescribeWindows(found)}"
                );
        }
        current.Clear();
        windows = 0;
    }

    private string DescribeWindows(Found found) =>
        windows == 1
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $" ({found.Count} of {windows} {partName}, the first at {found.First.StartSeconds:0.00} s)"
            );

    private sealed record Found(RecordingPrediction First, RecordingWarning Warning, int Count);
}
