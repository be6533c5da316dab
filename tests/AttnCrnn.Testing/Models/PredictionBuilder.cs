using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Testing.Models;

/// <summary>Synthetic, deterministic predictions to evaluate.</summary>
internal static class PredictionBuilder
{
    public static readonly string[] Labels = ["angry", "calm", "happy", "sad"];

    public static readonly SplitFacts SpeakerSplit = new()
    {
        Kind = SplitKind.Speaker,
        NamedSpeakers = 10,
        ClipsWithoutSpeaker = 0,
        SharedSpeakers = 0,
        Train = new(70, 7),
        Validation = new(15, 2),
        Test = new(15, 1),
    };

    public static readonly EvaluationProtocol BySpeaker = new()
    {
        Split = SpeakerSplit,

        SpeakersDisjoint = true,
    };

    public static ClipPrediction Clip(
        string path,
        string? speaker,
        int truth,
        double[] probabilities,
        int? fold = null
    ) =>
        new(
            path,
            speaker,
            Labels[truth],
            Labels[AttnCrnn.Metrics.ClassProbabilities.FindMostProbable(probabilities)],
            probabilities,
            fold,
            null,
            null
        );

    /// <summary>
    /// Each speaker's first clips are predicted correctly, the others as the next class; labels cycle.
    /// </summary>
    public static IEnumerable<ClipPrediction> Clips(int speakers, int clipsEach, int rightOf) =>
        from speaker in Enumerable.Range(0, speakers)
        from clip in Enumerable.Range(0, clipsEach)
        let truth = clip % Labels.Length
        select Clip(
            $"/corpus/{speaker}/{clip}.wav",
            $"s{speaker}",
            truth,
            CreateConfident(clip < rightOf ? truth : (truth + 1) % Labels.Length)
        );

    /// <summary>Clips with random probabilities, biased towards the true class by a per-speaker amount.</summary>
    public static ClipPrediction[] CreateRandom(
        int seed,
        int speakers,
        int clipsEach,
        bool withSpeakers = true,
        int folds = 0
    )
    {
        var random = new Random(seed);
        List<ClipPrediction> clips = [];
        for (int speaker = 0; speaker < speakers; speaker++)
        {
            double ease = random.NextDouble() * 3;
            for (int clip = 0; clip < clipsEach; clip++)
            {
                int truth = clip % Labels.Length;
                double[] powers =
                [
                    .. Labels.Select((_, k) => Math.Exp(random.NextDouble() * 4 + (k == truth ? ease : 0))),
                ];
                // Two digits, so that some probabilities tie.
                double[] probabilities = [.. powers.Select(power => Math.Round(power / powers.Sum(), 2))];
                clips.Add(
                    Clip(
                        $"/corpus/{speaker}/{clip}.wav",
                        withSpeakers ? $"s{speaker}" : null,
                        truth,
                        probabilities,
                        folds == 0 ? null : 1 + (speaker % folds)
                    )
                );
            }
        }
        return [.. clips];
    }

    public static double[] CreateConfident(int label) => [.. Labels.Select((_, k) => k == label ? 0.7 : 0.1)];

    public static EvaluationResult Result(ClipPrediction[] clips, EvaluationProtocol? protocol = null) =>
        EvaluationResult.Compute(Labels, clips, protocol ?? BySpeaker, CreateDraws(1));

    /// <summary>SplitMix64 of seed and index: random numbers that do not depend on code under test.</summary>
    public static Func<uint, ulong, uint> CreateDraws(ulong seed) =>
        (count, index) =>
        {
            ulong z = unchecked(((seed << 32) + index + 1) * 0x9E3779B97F4A7C15);
            z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
            z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
            return (uint)((z ^ (z >> 31)) % count);
        };
}
