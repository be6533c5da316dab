using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Formats;
using AttnCrnn.Options;
using AttnCrnn.Prediction.Recordings;

namespace AttnCrnn.Tests.Cli;

/// <summary>Warnings and abstention in the outputs of predict.</summary>
public sealed class PredictionWarningTests
{
    private static readonly string[] Labels = ["angry", "sad"];
    private static readonly RecordingWarning NoSpeech = new(RecordingWarning.NoSpeech, "no speech was found in it");
    private static readonly RecordingWarning Truncated = new(RecordingWarning.Truncated, "truncated: 3 are missing");

    [Fact]
    public void All_formats_name_the_warnings()
    {
        var prediction = Predict(new("a.wav"), 0, NoSpeech, Truncated);
        Assert.EndsWith(
            "\"warnings\":[\"no_speech\",\"truncated\"]}",
            new PredictionJson(Labels).Format(prediction),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            ",,no_speech truncated",
            new PredictionCsv(Labels).Format(prediction),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "  [no_speech, truncated]",
            new PredictionText(Labels).Format(prediction),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "\"warnings\":[]}",
            new PredictionJson(Labels).Format(Predict(new("a.wav"), 0)),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "sad=0.7000 angry=0.3000",
            new PredictionText(Labels).Format(Predict(new("a.wav"), 0)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0.7, "\"label\":\"sad\"", "a.wav,sad,", "  sad  ")]
    [InlineData(0.71, "\"label\":null", "a.wav,,", "  (abstained)  ")]
    public void There_is_no_label_below_the_confidence(double confidence, string json, string csv, string text)
    {
        var prediction = Predict(new("a.wav"), 0);
        const ClassifierOutput probabilities = ClassifierOutput.Probabilities;
        var line = new PredictionJson(Labels, probabilities, confidence).Format(prediction);
        Assert.Contains(json, line, StringComparison.Ordinal);
        Assert.Contains("\"probabilities\":{\"angry\":0.3,\"sad\":0.7}", line, StringComparison.Ordinal);
        Assert.StartsWith(
            csv,
            new PredictionCsv(Labels, probabilities, confidence).Format(prediction),
            StringComparison.Ordinal
        );
        Assert.Contains(
            text,
            new PredictionText(Labels, probabilities, confidence).Format(prediction),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_recording_without_stretches_of_speech_has_one_row_without_label()
    {
        var prediction = new RecordingPrediction(new("a.wav"), 0, 2.5, null, null) { Warnings = [NoSpeech] };
        Assert.Equal(
            "{\"path\":\"a.wav\",\"label\":null,\"probabilities\":null,\"start_s\":0,\"end_s\":2.5,"
                + "\"warnings\":[\"no_speech\"]}",
            new PredictionJson(Labels).Format(prediction)
        );
        Assert.Equal("a.wav,,0,2.5,,,,no_speech", new PredictionCsv(Labels).Format(prediction));
        Assert.Null(new PredictionText(Labels).Format(prediction));
    }

    [Fact]
    public void A_recording_has_a_line_per_kind_of_warning()
    {
        PredictionInput a = new("a.wav");
        Assert.Equal(
            [
                "warning: a.wav: no speech was found in it (2 of 3 windows, the first at 1.00 s)",
                "warning: a.wav: truncated: 3 are missing (1 of 3 windows, the first at 2.00 s)",
                "warning: b.wav: no speech was found in it",
            ],
            Write([
                Predict(a, 0),
                Predict(a, 1, NoSpeech),
                Predict(a, 2, NoSpeech, Truncated),
                Predict(new("b.wav"), 0, NoSpeech),
                Predict(new("c.wav"), 0),
            ])
        );
    }

    [Fact]
    public void Warnings_name_the_parts_and_the_flags_and_are_never_suppressed()
    {
        PredictionInput a = new("a.wav");
        var text = OptionText.Create($"choose {OptionKeys.Channel} loudest");
        Assert.Equal(
            ["warning: a.wav: choose --channel loudest (1 of 2 segments of speech, the first at 1.00 s)"],
            Write(
                [Predict(a, 0), Predict(a, 1, new RecordingWarning(RecordingWarning.SilentChannel, text))],
                "segments of speech",
                quiet: true
            )
        );
    }

    [Fact]
    public void Of_many_recordings_the_number_is_written()
    {
        var lines = Write([.. Enumerable.Range(0, 1000).Select(i => Predict(new($"{i}.wav"), 0, NoSpeech))]);
        Assert.Equal(21, lines.Length);
        Assert.Equal("warning: no_speech: 980 more recordings", lines[^1]);
    }

    private static RecordingPrediction Predict(
        PredictionInput input,
        double start,
        params RecordingWarning[] warnings
    ) => new(input, start, start + 1, [0.3, 0.7], null) { Warnings = warnings };

    private static string[] Write(RecordingPrediction[] predictions, string parts = "windows", bool quiet = false)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var messages = new WarningMessages(new ConsoleOutput(output, error) { Quiet = quiet }, parts);
        foreach (var prediction in predictions)
            messages.Add(prediction);
        messages.Finish();
        Assert.Equal("", output.ToString());
        return error.ToString().TrimEnd().Split(Environment.NewLine);
    }
}
