using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>
/// The known corpora of evaluated clips, which the names of their speakers begin with (<c>ravdess_07</c>). Any other
/// name is the user's own, and is not public.
/// </summary>
/// <param name="Descriptions">The known corpora, by name.</param>
/// <param name="HasOther">Whether clips are of no known corpus.</param>
internal sealed record EvaluatedCorpora(IReadOnlyList<CorpusDescription> Descriptions, bool HasOther)
{
    /// <summary>No clip was evaluated.</summary>
    public static EvaluatedCorpora None { get; } = new([], HasOther: false);

    /// <summary>Reads the predictions in a run's analysis folder; <see cref="None"/> if there are none.</summary>
    /// <exception cref="InvalidFileException">They are damaged.</exception>
    public static EvaluatedCorpora Read(string analysisFolder)
    {
        var path = Path.Combine(analysisFolder, PredictionsCsv.FileName);
        return File.Exists(path) ? Find(PredictionsCsv.Read(path).Predictions.Select(clip => clip.Speaker)) : None;
    }

    /// <summary>The corpora of speakers.</summary>
    /// <param name="speakers">One per clip; null: unknown.</param>
    public static EvaluatedCorpora Find(IEnumerable<string?> speakers)
    {
        var corpora = speakers
            .Distinct()
            .Select(speaker => speaker is null ? null : KnownCorpora.FindOfSpeaker(speaker))
            .ToList();
        return new(
            [
                .. corpora
                    .OfType<CorpusDescription>()
                    .DistinctBy(corpus => corpus.Name)
                    .OrderBy(corpus => corpus.Name, StringComparer.OrdinalIgnoreCase),
            ],
            corpora.Contains(null)
        );
    }
}
