using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora.Layouts;

/// <summary>
/// Layouts that carry any corpus, with their own tables of labels and speakers. They are tried before the corpora,
/// whose names of files and folders say less than a table that someone wrote.
/// </summary>
internal static class FolderLayouts
{
    /// <summary>The first layout that recognizes a folder reads it; those with more specific files are first.</summary>
    public static IReadOnlyList<IFolderReader> All { get; } =
    [
        new Audformat.AudformatLayout(),
        new EmoBoxLayout(),
        new Kaldi.KaldiLayout(),
        new AudioFolderLayout(),
        new CmuMoseiLayout(),
        new SubsetTablesLayout(),
    ];

    /// <summary>The layout of a folder; null: none that is known.</summary>
    public static IFolderReader? Find(CorpusFolder folder) => All.FirstOrDefault(layout => layout.Recognizes(folder));
}
