using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>
/// A CSV table in full precision: path, label, start_s, end_s, one column per label for its probability, error, which
/// is empty unless the input failed, and the names of the warnings, separated by spaces.
/// </summary>
internal sealed class PredictionCsv : IPredictionFormat
{
    private static readonly string[] FirstColumns = ["path", "label", "start_s", "end_s"];
    private static readonly string[] LastColumns = ["error", "warnings"];

    private readonly IReadOnlyList<string> labels;
    private readonly LabelChoice choice;

    /// <param name="labels">[classes].</param>
    /// <param name="output">What the outputs are: with values, the column label is empty.</param>
    /// <param name="minConfidence">Below this probability, the column label is empty.</param>
    /// <exception cref="UsageException">A label is the name of another column.</exception>
    public PredictionCsv(
        IReadOnlyList<string> labels,
        ClassifierOutput output = ClassifierOutput.Probabilities,
        double minConfidence = 0
    )
    {
        if (FirstColumns.Concat(LastColumns).FirstOrDefault(labels.Contains) is { } column)
            throw new UsageException(
                $"--csv: the model's label {column} is also the name of a column; use --json instead"
            );
        this.labels = labels;
        choice = new(labels, output, minConfidence);
    }

    public string Header => FormatRow([.. FirstColumns, .. labels, .. LastColumns]);

    public bool IsProse => false;

    public string Format(RecordingPrediction prediction, string? plot = null) =>
        FormatRow([
            prediction.Input.Path,
            choice.Choose(prediction.Probabilities) ?? "",
            Format(prediction.StartSeconds),
            Format(prediction.EndSeconds),
            .. labels.Select((_, k) => Format(prediction.Probabilities?[k])),
            prediction.Error?.Text.Format(OptionParser.FormatKey) ?? "",
            string.Join(' ', prediction.Warnings.Select(warning => warning.Name)),
        ]);

    private static string Format(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";

    // RFC 4180; spaces at the ends are quoted as well, since some readers trim cells.
    private static string FormatRow(IEnumerable<string> cells) => string.Join(',', cells.Select(Quote));

    private static string Quote(string cell) =>
        cell.AsSpan().ContainsAny(",\"\r\n") || cell.Trim() != cell
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell;
}
