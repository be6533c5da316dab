using System.Globalization;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Readers;
using MathNet.Numerics.Statistics;

namespace AttnCrnn.Evaluation.Groups;

/// <summary>A property of clips by which they are grouped.</summary>
/// <param name="Name">Name of the property.</param>
/// <param name="Definition">How the clips were assigned; null if the corpus does it.</param>
/// <param name="Values">[clips], the group of each; null if it is not known.</param>
internal sealed record ClipAttribute(string Name, string? Definition, string?[] Values)
{
    // Groups with these names are listed in this order, others before them by name.
    private static readonly string[] Order = ["low", "mild", "normal", "short", "medium", "long", "high", "strong"];

    /// <summary>Place of a group among those of its attribute, before its name.</summary>
    public static int GetPlace(string group) => Array.IndexOf(Order, group);

    /// <summary>All properties of the clips of an evaluation, known or not.</summary>
    public static IReadOnlyList<ClipAttribute> List(IReadOnlyList<ClipPrediction> predictions)
    {
        var recordings = RecordingAttributes.Find([.. predictions.Select(clip => clip.Path)]);
        return
        [
            new("sex", null, [.. predictions.Select(clip => clip.Sex)]),
            new("intensity", null, [.. recordings.Select(recording => recording?.Intensity)]),
            new("statement", null, [.. recordings.Select(recording => recording?.Statement)]),
            new("corpus", null, [.. recordings.Select(recording => recording?.Corpus)]),
            CreateSession(predictions),
            CreateDuration([.. predictions.Select(GetSeconds)]),
        ];
    }

    // The names of sessions that are not of a known corpus may be those of persons, and reports are shared.
    private static ClipAttribute CreateSession(IReadOnlyList<ClipPrediction> predictions)
    {
        string?[] sessions = [.. predictions.Select(clip => clip.Session)];
        if (predictions.All(clip => clip.Session is null || IsOfKnownCorpus(clip)))
            return new("session", null, sessions);
        string[] names = [.. sessions.OfType<string>().Distinct().Order(StringComparer.Ordinal)];
        return new(
            "session",
            "numbered in the order of their names",
            [
                .. sessions.Select(session =>
                    session is null
                        ? null
                        : $"session {FormattableString.Invariant($"{Array.IndexOf(names, session) + 1}")}"
                ),
            ]
        );
    }

    private static bool IsOfKnownCorpus(ClipPrediction clip) =>
        clip.Speaker is { } speaker && KnownCorpora.FindOfSpeaker(speaker) is not null;

    // Predictions of earlier versions have the times of segments alone.
    private static double? GetSeconds(ClipPrediction clip) =>
        clip.Seconds ?? clip.EndSeconds - (clip.StartSeconds ?? 0);

    // Thirds of the clips; rounded, so that the bounds are exactly those that are reported.
    private static ClipAttribute CreateDuration(double?[] seconds)
    {
        double[] durations = [.. seconds.OfType<double>().Order()];
        if (durations.Length == 0)
            return new("duration", null, new string?[seconds.Length]);
        var low = Math.Round(SortedArrayStatistics.QuantileCustom(durations, 1 / 3.0, QuantileDefinition.R7), 2);
        var high = Math.Round(SortedArrayStatistics.QuantileCustom(durations, 2 / 3.0, QuantileDefinition.R7), 2);
        return new(
            "duration",
            $"thirds of the clips: short up to {Format(low)} s, medium up to {Format(high)} s, long above",
            [
                .. seconds.Select(value =>
                    value is not { } duration ? null
                    : duration <= low ? "short"
                    : duration <= high ? "medium"
                    : "long"
                ),
            ]
        );
    }

    private static string Format(double seconds) => seconds.ToString("0.00", CultureInfo.InvariantCulture);
}
