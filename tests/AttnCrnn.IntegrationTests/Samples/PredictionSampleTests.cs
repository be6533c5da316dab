using System.Globalization;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Prediction;

namespace AttnCrnn.IntegrationTests.Samples;

/// <summary>samples/PredictFile and samples/PredictFolderInParallel.</summary>
public sealed class PredictionSampleTests : IDisposable
{
    private const int Recordings = 12;

    private readonly TempFolder folder = new();
    private readonly string model;

    public PredictionSampleTests()
    {
        model = LogMelModels.Write(folder.PathOf("model.keras"));
        for (var i = 0; i < Recordings; i++)
            WavWriter.Write(folder.PathOf("clips", $"{i:00}.wav"), LogMelModels.Sweep(0.5 + (0.1 * i)), 16_000);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Files_are_predicted_with_the_probabilities_of_the_library()
    {
        string[] files = [PathOf(0), PathOf(7)];
        var (code, output, error) = SampleProgram.Run("PredictFile", folder.Path, [model, .. files]);
        Assert.True(code == 0, error);
        using var predictor = EmotionPredictor.Open([model]);
        var expected = files.Select(file =>
        {
            var ranked = predictor.Labels.Zip(predictor.PredictFile(file)).OrderByDescending(pair => pair.Second);
            return $"{file}: {string.Join(", ", ranked.Select(pair => $"{pair.First} {Format(pair.Second)}"))}";
        });
        Assert.Equal(expected, output.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_file_that_is_not_a_recording_is_named()
    {
        File.WriteAllText(PathOf(3), "no recording");
        var (code, _, error) = SampleProgram.Run("PredictFile", folder.Path, model, PathOf(3));
        Assert.Equal(3, code);
        Assert.StartsWith(PathOf(3), error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_predicted_with_one_line_for_each_recording()
    {
        File.WriteAllText(PathOf(5), "no recording");
        var (code, output, error) = SampleProgram.Run(
            "PredictFolderInParallel",
            folder.Path,
            model,
            folder.PathOf("clips")
        );
        Assert.Equal(3, code);
        Assert.StartsWith("05.wav: ", error, StringComparison.Ordinal);
        using var predictor = EmotionPredictor.Open([model]);
        var expected = Enumerable
            .Range(0, Recordings)
            .Where(i => i != 5)
            .Select(i =>
            {
                var best = predictor.Labels.Zip(predictor.PredictFile(PathOf(i))).MaxBy(pair => pair.Second);
                return $"{i:00}.wav: {best.First} {Format(best.Second)}";
            });
        Assert.Equal(expected, output.TrimEnd().Split('\n').Order(StringComparer.Ordinal));
    }

    private string PathOf(int recording) => folder.PathOf("clips", $"{recording:00}.wav");

    private static string Format(double probability) => probability.ToString("0.000", CultureInfo.InvariantCulture);
}
