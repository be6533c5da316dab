using System.Text;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.IO;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>Writes predictions to stdout, or with <c>--out</c> to a file, and errors and warnings to stderr.</summary>
/// <param name="path">null: stdout.</param>
internal sealed class PredictionOutput(ConsoleOutput console, IPredictionFormat format, string? path)
{
    /// <summary>What recordings are divided into, for messages.</summary>
    public string PartName { get; init; } = "windows";

    /// <summary>Writes the plots of explained predictions; null: predictions are not explained.</summary>
    public ExplanationOutput? Explanations { get; init; }

    /// <summary>Checks the file before recordings are encoded, which can take hours.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    /// <exception cref="InvalidInputException">It is a folder or a device.</exception>
    public static void CheckPath(string? path)
    {
        if (path is null)
            return;
        OutputFile.RequireName(path);
        OutputFile.RequireNoFolder(path);
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
            throw new InvalidInputException(path, "is a device; choose a file with --out, or omit it for stdout");
    }

    /// <summary>Checks that no file is overwritten from which is predicted.</summary>
    /// <param name="sources">The model, the recordings, and the manifests that list them.</param>
    /// <exception cref="InvalidInputException">The file is one of them.</exception>
    public static void RequireNoSource(string? path, IEnumerable<string> sources)
    {
        if (path is null)
            return;
        // Resolved, since one path may be a link to the other.
        var target = RealPath.Resolve(path);
        if (sources.FirstOrDefault(source => RealPath.Resolve(source) == target) is { } source)
            throw new InvalidInputException(path, $"is the input {source}; choose another file with --out");
    }

    /// <summary>Writes all predictions, each as soon as it is computed.</summary>
    /// <returns>The number of inputs that failed.</returns>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public int Write(IEnumerable<RecordingPrediction> predictions)
    {
        if (path is null)
            return WriteLines(predictions, WriteToConsole);
        try
        {
            return WriteFile(path, predictions);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.CreateError(path, exception);
        }
    }

    private void WriteToConsole(string line)
    {
        if (format.IsProse)
            console.WriteResultText(line, indent: 2);
        else
            console.WriteResult(line);
    }

    // The file has its name only when it is complete.
    private int WriteFile(string file, IEnumerable<RecordingPrediction> predictions)
    {
        var failures = 0;
        AtomicFile.Write(file, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true)
            {
                NewLine = "\n",
            };
            failures = WriteLines(predictions, writer.WriteLine);
        });
        return failures;
    }

    private int WriteLines(IEnumerable<RecordingPrediction> predictions, Action<string> writeLine)
    {
        var failures = 0;
        var warnings = new WarningMessages(console, PartName);
        if (format.Header is { } header)
            writeLine(header);
        foreach (var prediction in predictions)
        {
            if (prediction.Error is { } error)
            {
                failures++;
                console.WriteError(error.Text.Format(OptionParser.FormatKey));
            }
            var plot = Explanations?.Write(prediction);
            if (format.Format(prediction, plot) is { } line)
                writeLine(line);
            warnings.Add(prediction);
        }
        warnings.Finish();
        return failures;
    }
}
