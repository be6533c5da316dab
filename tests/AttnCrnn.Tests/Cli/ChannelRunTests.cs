using AttnCrnn.Evaluation;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

/// <summary>Two speakers on the two channels of a recording, as in telephone calls, are two clips.</summary>
public sealed class ChannelRunTests : IDisposable
{
    private const int Recordings = 12;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Both_channels_are_trained_on_and_evaluated()
    {
        List<string> lines = ["path,label,speaker,channel"];
        for (var i = 0; i < Recordings; i++)
        {
            float[][] channels = [CreateTone(200 + (10 * i)), CreateTone(900 + (10 * i))];
            await File.WriteAllBytesAsync(folder.PathOf($"{i}.wav"), SyntheticWav.FromChannels(channels, 16_000));
            lines.Add($"{i}.wav,low,caller{i % 6},1");
            lines.Add($"{i}.wav,high,agent{i % 6},2");
        }
        await File.WriteAllLinesAsync(folder.PathOf("calls.csv"), lines);
        await RunAsync("extract", folder.PathOf("calls.csv"), "--encoder", "log-mel", "--out", folder.PathOf("store"));
        await RunAsync(
            "train",
            "--data_dirs",
            folder.PathOf("store"),
            "--workdir",
            folder.PathOf("runs"),
            "--folds",
            "3",
            "--epochs",
            "1",
            "--copies",
            "1"
        );
        var path = Directory.GetFiles(folder.Path, PredictionsCsv.FileName, SearchOption.AllDirectories).Single();
        var keys = PredictionsCsv.Read(path).Predictions.Select(clip => clip.Key).ToList();
        Assert.Equal((2 * Recordings, 2 * Recordings), (keys.Count, keys.Distinct().Count()));
    }

    private static float[] CreateTone(double hertz) =>
        [.. Enumerable.Range(0, 8000).Select(i => 0.3f * (float)Math.Sin(2 * Math.PI * hertz * i / 16_000))];

    private static async Task RunAsync(params string[] arguments)
    {
        var (code, _, error) = await InProcessProgram.RunAsync(arguments);
        Assert.True(code == 0, error);
    }
}
