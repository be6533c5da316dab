using System.Diagnostics;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.Evaluation.Statistics;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Testing.Models;

namespace AttnCrnn.Bench;

/// <summary>Measures the time of all confidence intervals of an evaluation.</summary>
internal static class IntervalsBench
{
    private const int Rounds = 3;

    /// <summary>The fastest of three rounds, over speakers and over clips.</summary>
    public static JsonObject Run(int speakers, int clipsEach)
    {
        var clips = PredictionBuilder.CreateRandom(1, speakers, clipsEach);
        return new()
        {
            ["bench"] = "intervals",
            ["clips"] = clips.Length,
            ["speakers"] = speakers,
            ["classes"] = PredictionBuilder.Labels.Length,
            ["resamples"] = SpeakerBootstrap.DefaultResamples,
            ["speaker_s"] = Measure(clips),
            ["clip_s"] = Measure([.. clips.Select(clip => clip with { Speaker = null })]),
        };
    }

    private static double Measure(ClipPrediction[] clips)
    {
        var random = new RandomStream(1).ForStream(RandomStreamId.Bootstrap);
        var seconds = Enumerable
            .Range(0, Rounds)
            .Select(_ =>
            {
                var start = Stopwatch.GetTimestamp();
                SpeakerBootstrap.Compute(
                    PredictionBuilder.Labels,
                    clips,
                    SpeakerBootstrap.DefaultResamples,
                    random.SampleBelow
                );
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            });
        return Math.Round(seconds.Min(), 3);
    }
}
