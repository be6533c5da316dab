using System.Globalization;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;

namespace AttnCrnn.Cli.Commands;

/// <summary>Everything that is known about a corpus, as lines with titles.</summary>
internal static class CorpusDetails
{
    private const int TitleWidth = 12;

    /// <summary>Writes what is known about a corpus.</summary>
    public static void Write(ConsoleOutput console, CorpusDescription corpus)
    {
        WriteLine("corpus", corpus.Name);
        WriteLine("speakers", corpus.Speakers?.ToString(CultureInfo.InvariantCulture) ?? "unknown");
        WriteLine("languages", string.Join(", ", corpus.Languages));
        WriteLine("labels", string.Join(", ", corpus.Labels));
        if (corpus.DefaultLabelKind is { } kind)
            WriteLine(
                "label kind",
                string.Join(
                    ", ",
                    ((LabelKind[])[LabelKind.Intended, LabelKind.Perceived]).Select(choice =>
                        $"{choice.ToString().ToLowerInvariant()}{(choice == kind ? " (default)" : "")}"
                    )
                )
            );
        if (corpus.HasVotes)
            WriteLine("votes", "of several raters, if its label files are there (train --targets soft)");
        if (corpus.Presets.Count > 0)
            WriteLine("presets", string.Join(", ", corpus.Presets.Select(preset => $"{preset}".ToLowerInvariant())));
        WriteLine("split", corpus.OfficialSplit ?? "none published");
        foreach (var protocol in corpus.Protocols)
            WriteLine("protocol", $"{protocol.Name}: {protocol.Summary}");
        WriteLine("cite", corpus.Citation.Reference);
        WriteLine("license", $"{CorpusTable.GetText(corpus.License)} ({corpus.Citation.License})");

        void WriteLine(string title, string text) => console.WriteResultText($"{title, -TitleWidth}{text}", TitleWidth);
    }
}
