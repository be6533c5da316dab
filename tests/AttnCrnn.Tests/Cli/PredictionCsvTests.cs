using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Options;
using AttnCrnn.IO;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Tests.Cli;

public sealed class PredictionCsvTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("clip.wav")]
    [InlineData("a, b.wav")]
    [InlineData("\"a\".wav")]
    [InlineData("two\nlines.wav")]
    [InlineData(" spaces ")]
    public void Cells_are_read_back_as_they_were(string path)
    {
        var format = new PredictionCsv(["angry", "sad, \"very\""]);
        var prediction = new RecordingPrediction(new(path), 0.5, 1.25, [0.1 + 0.2, 0.7], null);
        var table = Read(format, prediction);
        Assert.Equal(
            ["path", "label", "start_s", "end_s", "angry", "sad, \"very\"", "error", "warnings"],
            table.Columns
        );
        var row = Assert.Single(table.Rows);
        Assert.Equal(path, row["path"]);
        Assert.Equal("sad, \"very\"", row["label"]);
        Assert.Equal(("0.5", "1.25", "0.30000000000000004"), (row["start_s"], row["end_s"], row["angry"]));
        Assert.Equal("", row["error"]);
    }

    [Fact]
    public void An_error_has_a_row_without_label_and_probabilities()
    {
        var error = new InvalidInputException("a.wav", "too short");
        var table = Read(new PredictionCsv(["angry", "sad"]), new(new("a.wav"), null, null, null, error));
        Assert.Equal(
            ["a.wav", "", "", "", "", "", "a.wav: too short", ""],
            table.Columns.Select(column => table.Rows[0][column])
        );
    }

    [Fact]
    public void A_label_with_the_name_of_a_column_is_rejected() =>
        Assert.Throws<UsageException>(() => new PredictionCsv(["error", "none"]));

    private CsvTable Read(PredictionCsv format, RecordingPrediction prediction)
    {
        File.WriteAllText(folder.PathOf("t.csv"), $"{format.Header}\n{format.Format(prediction)}\n");
        return CsvTable.Read(folder.PathOf("t.csv"));
    }
}
