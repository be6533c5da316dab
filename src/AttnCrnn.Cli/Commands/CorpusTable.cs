using System.Globalization;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// The known corpora as a table with a line per corpus. On a narrow terminal it has fewer columns: a column is shown
/// whole or not at all.
/// </summary>
internal static class CorpusTable
{
    private static readonly TableColumn<CorpusDescription>[] Columns =
    [
        new("corpus", 0, corpus => corpus.Name),
        new("speakers", 1, corpus => corpus.Speakers?.ToString(CultureInfo.InvariantCulture) ?? "?"),
        new("labels", 3, corpus => corpus.Labels.Count.ToString(CultureInfo.InvariantCulture)),
        new("languages", 4, corpus => string.Join(", ", corpus.Languages)),
        new("license", 2, corpus => GetText(corpus.License)),
        new("split", 6, corpus => corpus.OfficialSplit is null ? "" : "official"),
        new("protocols", 5, FormatProtocols),
    ];

    /// <summary>Writes the table, or everything that is known about the corpora of some names.</summary>
    /// <param name="names">Names of corpora, regardless of case and punctuation; none: all of them.</param>
    /// <exception cref="InvalidInputException">No corpus has this name.</exception>
    public static void Write(ConsoleOutput console, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            foreach (var line in Format(KnownCorpora.Descriptions, console.Width))
                console.WriteResult(line);
        else
            foreach (var name in names)
                CorpusDetails.Write(console, Find(name));
    }

    /// <summary>The lines of the table: titles, then a line per corpus.</summary>
    /// <param name="width">Columns of the terminal; null for a pipe, which gets all columns.</param>
    public static IEnumerable<string> Format(IReadOnlyList<CorpusDescription> corpora, int? width) =>
        ColumnTable.Format(Columns, corpora, width, out _);

    /// <summary>A kind of license in words.</summary>
    public static string GetText(LicenseKind kind) =>
        kind switch
        {
            LicenseKind.Free => "free",
            LicenseKind.NonCommercial => "non-commercial",
            LicenseKind.Research => "research",
            LicenseKind.ResearchOnRequest => "research, on request",
            LicenseKind.Purchase => "purchase",
            _ => "unclear",
        };

    private static CorpusDescription Find(string name) =>
        KnownCorpora.Find(name)
        ?? throw new InvalidInputException(
            name,
            $"no known corpus; known are {string.Join(", ", KnownCorpora.Descriptions.Select(corpus => corpus.Name))}"
        );

    // emobox1 to emobox6 as emobox1…6.
    private static string FormatProtocols(CorpusDescription corpus) =>
        string.Join(
            ", ",
            corpus
                .Protocols.GroupBy(protocol => protocol.Name.TrimEnd("0123456789".ToCharArray()))
                .Select(folds =>
                    folds.Count() == 1
                        ? folds.First().Name
                        : $"{folds.First().Name}…{folds.Last().Name[folds.Key.Length..]}"
                )
        );
}
