using System.Text.Json;
using AttnCrnn.Evaluation;
using AttnCrnn.Metrics;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Evaluation;

public sealed class CalibrationResultTests : IDisposable
{
    private const double Tolerance = 1e-9;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Metrics_before_and_after_temperature_scaling_match_scikit_learn(int number)
    {
        var expected = ReadCase(number);
        var result = Evaluate(Predict(expected, expected.GetProperty("temperature").GetDouble()));
        AssertMetrics(expected.GetProperty("after"), result.Calibration.After);
        Assert.Equal(
            expected.GetProperty("macro_average_precision").GetDouble(),
            result.Metrics.MacroAveragePrecision,
            Tolerance
        );
        if (number == 1)
        {
            Assert.Equal(
                (TemperatureScaling.NotFitted, null),
                (result.Calibration.Scaling, result.Calibration.Unscaled)
            );
            return;
        }
        Assert.Equal(TemperatureScaling.Fitted, result.Calibration.Scaling);
        AssertMetrics(expected.GetProperty("before"), result.Calibration.Unscaled!);
    }

    [Fact]
    public void The_temperature_is_undone_from_the_file_of_predictions()
    {
        var clips = Predict(ReadCase(0), 0.6);
        var path = folder.PathOf("predictions.csv");
        PredictionsCsv.Write(path, PredictionBuilder.Labels, clips);
        var (labels, read) = PredictionsCsv.Read(path);
        Assert.Equal(PredictionBuilder.Labels, labels);
        var metrics = Evaluate([.. read]).Calibration;
        Assert.Equal(Evaluate(clips).Calibration.Unscaled!.LogLoss, metrics.Unscaled!.LogLoss);
        Assert.Equal([0.6], metrics.Temperatures);
    }

    // The fit reaches its lower bound if all validation clips are predicted correctly.
    [Theory]
    [InlineData(Temperature.Min)]
    [InlineData(0.3)]
    [InlineData(Temperature.Max)]
    public void A_temperature_is_undone_up_to_rounding(double value)
    {
        double[] probabilities = [1 - 2e-7 - 1e-20, 2e-7, 1e-20, 0];
        var temperature = new Temperature(value);
        FloatAssert.Near(probabilities, temperature.Undo(temperature.Apply(probabilities)), 1e-15);
    }

    [Fact]
    public void Predictions_without_a_temperature_say_that_it_is_not_known()
    {
        var clips = Predict(ReadCase(0), 0.6);
        clips[3] = clips[3] with { Temperature = null };
        var calibration = Evaluate(clips).Calibration;
        Assert.Equal((TemperatureScaling.Unknown, null), (calibration.Scaling, calibration.Unscaled));
        Assert.Contains("is not known", CalibrationText.Describe(calibration), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_says_whether_temperature_scaling_was_fitted()
    {
        var scaled = CalibrationText.Describe(Evaluate(Predict(ReadCase(0), 0.6)).Calibration);
        Assert.StartsWith(
            "Temperature scaling was fitted on the validation set (temperature 0.6000): log loss ",
            scaled,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Temperature scaling was not fitted:",
            CalibrationText.Describe(Evaluate(Predict(ReadCase(1), 1)).Calibration),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "is at its bound",
            CalibrationText.Describe(Evaluate(Predict(ReadCase(0), Temperature.Max)).Calibration),
            StringComparison.Ordinal
        );
    }

    private static EvaluationResult Evaluate(ClipPrediction[] clips) => PredictionBuilder.Result(clips);

    private static ClipPrediction[] Predict(JsonElement expected, double temperature) =>
        [
            .. expected
                .GetProperty("probabilities")
                .EnumerateArray()
                .Zip(expected.GetProperty("y_true").EnumerateArray())
                .Select(
                    (clip, i) =>
                        PredictionBuilder.Clip(
                            $"/{i}.wav",
                            $"s{i % 5}",
                            clip.Second.GetInt32(),
                            new Temperature(temperature).Apply([
                                .. clip.First.EnumerateArray().Select(p => p.GetDouble()),
                            ])
                        ) with
                        {
                            Temperature = temperature,
                        }
                ),
        ];

    private static void AssertMetrics(JsonElement expected, CalibrationMetrics metrics)
    {
        Assert.Equal(expected.GetProperty("log_loss").GetDouble(), metrics.LogLoss, Tolerance);
        Assert.Equal(expected.GetProperty("brier").GetDouble(), metrics.Brier, Tolerance);
        Assert.Equal(expected.GetProperty("ece_15").GetDouble(), metrics.Ece, Tolerance);
    }

    private static JsonElement ReadCase(int number)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("metrics", "calibration.json")));
        return file.RootElement[number].Clone();
    }
}
