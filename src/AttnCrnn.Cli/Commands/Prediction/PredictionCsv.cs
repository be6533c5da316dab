using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Metrics;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// A CSV table in full precision: path, label, start_s, end_s, one column per label for its probability, and error,
/// which is empty unless the input failed.
/// </summary>
internal sealed class PredictionCsv : IPredictionFormat
{
    private static readonly string[] FixedColumns = ["path", "label", "start_s", "end_s", "error"];

    private readonly IReadOnlyList<string> labels;
    private readonly ClassifierOutput output;

    /// <param name="labels">[classes].</param>
    /// <param name="output">What the outputs are: with values, the column label is empty.</param>
    /// <exception cref="UsageException">A label is the name of another column.</exception>
    public PredictionCsv(IReadOnlyList<string> labels, ClassifierOutput output = ClassifierOutput.Probabilities)
    {
        if (FixedColumns.FirstOrDefault(labels.Contains) is { } column)
            throw new UsageException(
                $"--csv: the model's label {column} is also the name of a column; use --json instead"
            );
        this.labels = labels;
        this.output = output;
    }

    public string Header => FormatRow([.. FixedColumns[..^1], .. labels, FixedColumns[^1]]);

    public bool IsProse => false;

    public string Format(RecordingPrediction prediction) =>
        FormatRow([
            prediction.Input.Path,
            prediction.Probabilities is { } values && output != ClassifierOutput.Values
                ? labels[ClassProbabilities.FindMostProbable(values)]
                : "",
            Format(prediction.StartSeconds),
            Format(prediction.EndSeconds),
            .. labels.Select((_, k) => Format(prediction.Probabilities?[k])),
            prediction.Error?.Text.Format(OptionParser.FormatKey) ?? "",
        ]);

    private static string Format(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    // RFC 4180; spaces at the ends are quoted as well, since some readers trim cells.
    private static string FormatRow(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell.Trim() != cell
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;
}
