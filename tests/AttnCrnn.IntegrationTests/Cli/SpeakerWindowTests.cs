using System.Text.Json;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Windows and segments of recordings of a known speaker.</summary>
public sealed class SpeakerWindowTests(SpeakerRun run) : IClassFixture<SpeakerRun>
{
    [Fact]
    public void Windows_are_normalized_by_whole_recordings_for_any_hop()
    {
        var windows = Windows("0.5", "0.5");
        var dense = Windows("0.5", "0.25");
        Assert.True(dense.Count > windows.Count);
        var halfSecondWindows = windows.Where(window => Seconds(window) == 0.5).ToList();
        Assert.NotEmpty(halfSecondWindows);
        Assert.All(halfSecondWindows, window =>
            Assert.Equal(Probabilities(window), Probabilities(FindWindow(dense, window)))
        );
    }

    [Fact]
    public void A_single_segment_is_too_short_for_speaker_statistics()
    {
        File.WriteAllText(run.PathOf("segment.csv"), $"path,start,end,speaker\n{Recordings[0]},0.5,1,whoever\n");
        using var segment = JsonDocument.Parse(run.Run("predict", run.Name, "segment.csv", "--json").Output);
        Assert.Equal(0.5, segment.RootElement.GetProperty("start_s").GetDouble());
        Assert.Equal(1, segment.RootElement.GetProperty("end_s").GetDouble());
        // The window at the same position, normalized by the statistics of whole recordings.
        var window = FindWindow(Windows("0.5", "0.5"), segment.RootElement);
        Assert.NotEqual(Probabilities(window), Probabilities(segment.RootElement));
    }

    private string[] Recordings =>
        [
            .. Directory
                .GetFiles(run.PathOf("speech"), "*.wav", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Take(2),
        ];

    private List<JsonElement> Windows(string window, string hop)
    {
        string[] line = ["--speaker", "whoever", "--window", window, "--hop", hop, "--json"];
        var output = run.Run(["predict", run.Name, .. Recordings, .. line]).Output;
        return [.. output.Trim().Split('\n').Select(text => JsonDocument.Parse(text).RootElement)];
    }

    private static JsonElement FindWindow(List<JsonElement> windows, JsonElement window) =>
        windows.Single(candidate => Key(candidate) == Key(window));

    private static (string? Path, double Start) Key(JsonElement window) =>
        (window.GetProperty("path").GetString(), window.GetProperty("start_s").GetDouble());

    private static double Seconds(JsonElement window) =>
        window.GetProperty("end_s").GetDouble() - window.GetProperty("start_s").GetDouble();

    private static string Probabilities(JsonElement window) => window.GetProperty("probabilities").GetRawText();
}
