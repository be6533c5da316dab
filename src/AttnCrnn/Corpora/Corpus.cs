namespace AttnCrnn.Corpora;

/// <summary>Clips of one or more sources.</summary>
/// <param name="Name">Names of the sources, such as <c>RAVDESS</c> or a folder name.</param>
/// <param name="Clips">Ordered by source, then by path.</param>
/// <param name="Notices">Notices for the user: recognized corpora, and files without a label.</param>
/// <param name="Synthetic">Whether any clip is synthetic, so that metrics are not valid for real speech.</param>
public sealed record Corpus(string Name, IReadOnlyList<Clip> Clips, IReadOnlyList<string> Notices, bool Synthetic)
{
    /// <summary>The notices, with the options that they name.</summary>
    public IReadOnlyList<OptionText> NoticeTexts { get; init; } = [.. Notices.Select(OptionText.FromString)];

    /// <summary>Citations of the corpora that were recognized, in the order of the sources.</summary>
    public IReadOnlyList<CorpusCitation> Citations { get; init; } = [];

    /// <summary>
    /// The sources with the clips that each names; empty for a corpus that was not read from sources.
    /// </summary>
    public IReadOnlyList<CorpusSource> Sources { get; init; } = [];
}
