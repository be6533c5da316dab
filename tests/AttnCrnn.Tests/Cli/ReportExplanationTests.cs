using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Tests.Formats.Wav;

namespace AttnCrnn.Tests.Cli;

/// <summary>Explanations of a report read the recordings as the evaluation did.</summary>
public sealed class ReportExplanationTests : IDisposable
{
    private const int Clips = 18;
    private const int ClipsPerSpeaker = 3;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "--normalize speaker")]
    [InlineData("--channel 2", "")]
    public async Task The_probabilities_are_those_of_the_evaluation(string extraction, string training)
    {
        WriteClips();
        await RunAsync($"extract {folder.PathOf("clips.csv")} --encoder log-mel --out {Store} {extraction}");
        await RunAsync($"train --data_dirs {Store} --workdir {Runs} --epochs 3 --batch_size 6 --threads 1 {training}");
        var analysis = Directory.GetDirectories(folder.PathOf("runs", "analysis_results")).Single();
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(analysis, "explanations", "explanations.json")))!;
        Assert.Null(json["missing_reason"]);
        Assert.Equal(0, (int)json["passed_over"]!["different"]!);
        var predictions = PredictionsCsv.Read(Path.Combine(analysis, PredictionsCsv.FileName)).Predictions;
        Assert.NotEmpty(json["clips"]!.AsArray());
        Assert.All(json["clips"]!.AsArray(), clip =>
        {
            var evaluated = predictions[(int)clip!["row"]! - 1].Probabilities.Max();
            // The stored frames have the precision of float16.
            Assert.Equal(evaluated, (double)clip["probability"]!, 0.005);
        });
    }

    private string Store => folder.PathOf("store");

    private string Runs => folder.PathOf("runs");

    // Each speaker is of another loudness, and the first channel is another tone.
    private void WriteClips()
    {
        List<string> lines = ["path,label,speaker"];
        for (var i = 0; i < Clips; i++)
        {
            var gain = 0.01f * (1 + (i / ClipsPerSpeaker * 8));
            var isLow = i % 2 == 0;
            float[][] channels = [CreateTone(isLow ? 3000 : 500, gain), CreateTone((isLow ? 300 : 1500) + i, gain)];
            File.WriteAllBytes(folder.PathOf($"{i}.wav"), SyntheticWav.FromChannels(channels, 16_000));
            lines.Add($"{i}.wav,{(isLow ? "low" : "high")},s{i / ClipsPerSpeaker}");
        }
        File.WriteAllLines(folder.PathOf("clips.csv"), lines);
    }

    private static float[] CreateTone(double hertz, float gain) =>
        [.. Enumerable.Range(0, 16_000).Select(i => gain * (float)Math.Sin(2 * Math.PI * hertz * i / 16_000))];

    private static async Task RunAsync(string line)
    {
        var (code, _, error) = await InProcessProgram.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(code == 0, error);
    }
}
