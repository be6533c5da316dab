using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.Explanations;

/// <summary>
/// The order in which clips of an evaluation are chosen to be explained: the most confident correct prediction, the
/// most confident error and the least confident prediction in turn. It depends on the predictions alone; ties are
/// broken by the clips' paths and segments.
/// </summary>
internal sealed class ClipQueues
{
    private readonly HashSet<ClipKey> taken = [];
    private readonly (string ChosenAs, Queue<ClipPrediction> Clips)[] queues;
    private int next;

    public ClipQueues(IReadOnlyList<ClipPrediction> predictions)
    {
        ClipPrediction[] byConfidence =
        [
            .. predictions
                .OrderByDescending(GetConfidence)
                .ThenBy(clip => clip.Path, StringComparer.Ordinal)
                .ThenBy(clip => clip.StartSeconds)
                .ThenBy(clip => $"{clip.Channel}", StringComparer.Ordinal),
        ];
        queues =
        [
            ("confident correct prediction", new(byConfidence.Where(clip => clip.IsCorrect))),
            ("confident error", new(byConfidence.Where(clip => !clip.IsCorrect))),
            ("uncertain prediction", new(byConfidence.Reverse())),
        ];
    }

    /// <summary>The next clip of the current kind, or of the next kind that has one; each clip comes once.</summary>
    /// <returns>null: there are no more clips.</returns>
    public (string ChosenAs, ClipPrediction Clip)? Take()
    {
        for (var tried = 0; tried < queues.Length; tried++, Advance())
            while (queues[next].Clips.TryDequeue(out var clip))
                if (taken.Add(clip.Key))
                    return (queues[next].ChosenAs, clip);
        return null;
    }

    /// <summary>Goes on to the next kind, after a clip of the current one was explained.</summary>
    public void Advance() => next = (next + 1) % queues.Length;

    private static double GetConfidence(ClipPrediction clip) => clip.Probabilities.Max();
}
