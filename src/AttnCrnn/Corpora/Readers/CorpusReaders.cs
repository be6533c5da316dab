using AttnCrnn.Corpora.Readers.LabelFiles;

namespace AttnCrnn.Corpora.Readers;

/// <summary>The corpora that are recognized. The steps to add one: docs/contributing/corpus.md.</summary>
internal static class CorpusReaders
{
    /// <summary>One line per corpus, in ordinal order of their names.</summary>
    public static IReadOnlyList<ICorpusReader> All { get; } =
    [
        new AesddReader(), // Vryzas et al. 2018
        new AsvpEsdReader(), // Landry et al. 2020
        new BavedReader(), // Aouf 2019
        new CremaDReader(), // Cao et al. 2014
        new CafeReader(), // Gournay et al. 2018
        new EmoDbReader(), // Burkhardt et al. 2005
        new EmoFilmReader(), // Parada-Cabaleiro et al. 2018
        new EmovoReader(), // Costantini et al. 2014
        new EsdReader(), // Zhou et al. 2022
        new EmovDbReader(), // Adigwe et al. 2018
        new IemocapReader(), // Busso et al. 2008
        new JlCorpusReader(), // James et al. 2018
        new MeldReader(), // Poria et al. 2019
        new MspImprovReader(), // Busso et al. 2017
        new MspPodcastReader(), // Lotfian and Busso 2019
        new OreauReader(), // Kerkeni et al. 2020
        new RavdessReader(), // Livingstone and Russo 2018
        new SaveeReader(), // Haq and Jackson 2010
        new SubescoReader(), // Sultana et al. 2021
        new ShemoReader(), // Mohamad Nezami et al. 2019
        new TessReader(), // Pichora-Fuller and Dupuis 2020
        new UrduReader(), // Latif et al. 2018
        new VivaeReader(), // Holz et al. 2022
        new EnterfaceReader(), // Martin et al. 2006
    ];

    /// <summary>
    /// The reader of a folder's corpus, or why no reader recognizes it although names match. A reader of label files
    /// goes before those of names; of several that match, the one that matches most names reads the folder.
    /// </summary>
    public static CorpusRecognition Recognize(CorpusFolder folder)
    {
        var labeled = All.FirstOrDefault(reader => reader is not FileNameReader && reader.Recognizes(folder));
        if (labeled is not null)
            return new(labeled, []);
        var named = Select(folder.Path, [.. All.OfType<FileNameReader>().Select(reader => reader.Match(folder))]);
        return named.Reader is not null
            ? named
            : named with
            {
                Notices =
                [
                    .. named.Notices,
                    .. All.OfType<LabelFileReader>()
                        .Select(reader => reader.DescribeMissingLabels(folder))
                        .OfType<string>(),
                ],
            };
    }

    /// <summary>The best of the matches of a folder.</summary>
    private static CorpusRecognition Select(string folder, IReadOnlyList<NameMatch> matches)
    {
        var recognized = matches.Where(match => match.IsRecognized).ToList();
        var best = recognized.Where(match => match.Matching == recognized.Max(other => other.Matching)).ToList();
        if (best.Count > 1)
            return new(
                null,
                [
                    $"{folder}: {best[0].Matching} of {best[0].Total} names are names of "
                        + $"{string.Join(" and of ", best.Select(match => match.Reader.Name))}: not read as a known "
                        + "corpus; a manifest tells labels and speakers",
                ]
            );
        return best.Count == 1
            ? new(best[0].Reader, [])
            : new(
                null,
                [
                    .. matches
                        .Where(match => match.Doubt is not null)
                        .Select(match =>
                            $"{folder}: {match.Matching} of {match.Total} names are like those of {match.Reader.Name}, "
                            + $"but not read as this corpus: {match.Doubt}; a manifest tells labels and speakers"
                        ),
                    .. matches.Where(match => match.Partial.Count > 0).Select(match => DescribePartial(folder, match)),
                ]
            );
    }

    private static string DescribePartial(string folder, NameMatch match)
    {
        var common = Path.GetDirectoryName(match.Partial[0])!;
        while (
            !match.Partial.All(file => file.StartsWith(common + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        )
            common = Path.GetDirectoryName(common)!;
        var remedy =
            common.Length > folder.Length ? $"specify {common} as a source" : "put them in a folder of their own";
        return $"{folder}: {match.Partial.Count} of {match.Total} names (for example {match.Partial[0]}) are like "
            + $"those of {match.Reader.Name}, but the others are not: not read as this corpus; {remedy}, or "
            + "write a manifest";
    }
}

/// <summary>Which corpus a folder contains.</summary>
/// <param name="Reader">The reader of the corpus; null if it is none.</param>
/// <param name="Notices">Why a corpus was not recognized although names match.</param>
internal sealed record CorpusRecognition(ICorpusReader? Reader, IReadOnlyList<string> Notices);
