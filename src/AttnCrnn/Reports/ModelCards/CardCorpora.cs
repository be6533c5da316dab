using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>
/// The known corpora of clips, which the names of their speakers begin with (<c>ravdess_07</c>). Any other name is the
/// user's own, and is not public.
/// </summary>
/// <param name="Descriptions">The known corpora, by name.</param>
/// <param name="HasOther">Whether clips are of no known corpus.</param>
internal sealed record CardCorpora(IReadOnlyList<CorpusDescription> Descriptions, bool HasOther)
{
    /// <summary>No clip.</summary>
    public static CardCorpora None { get; } = new([], HasOther: false);

    /// <summary>Reads the predictions in a run's analysis folder; <see cref="None"/> if there are none.</summary>
    /// <exception cref="InvalidFileException">They are damaged.</exception>
    public static CardCorpora Read(string analysisFolder)
    {
        var path = Path.Combine(analysisFolder, PredictionsCsv.FileName);
        return File.Exists(path) ? Find(PredictionsCsv.Read(path).Predictions.Select(clip => clip.Speaker)) : None;
    }

    /// <summary>Corpora by their names.</summary>
    /// <param name="names">An empty one stands for recordings of no known corpus.</param>
    public static CardCorpora Create(IEnumerable<string> names)
    {
        var corpora = names.Select(KnownCorpora.Find).ToList();
        return new([.. corpora.OfType<CorpusDescription>()], corpora.Contains(null));
    }

    /// <summary>The corpora of speakers.</summary>
    /// <param name="speakers">One per clip; null: unknown.</param>
    public static CardCorpora Find(IEnumerable<string?> speakers)
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
