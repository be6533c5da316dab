namespace AttnCrnn.Corpora.Readers;

/// <summary>Reads the clips of a folder with a layout that it recognizes.</summary>
internal interface IFolderReader
{
    /// <summary>Name of the corpus or layout, such as <c>RAVDESS</c>.</summary>
    string Name { get; }

    /// <summary>Whether a folder has this layout.</summary>
    bool Recognizes(CorpusFolder folder);

    /// <summary>Reads the clips of a folder that <see cref="Recognizes"/> accepts.</summary>
    /// <exception cref="InvalidInputException">The options do not fit the layout.</exception>
    /// <exception cref="InvalidFileException">A label file is invalid.</exception>
    CorpusClips Read(CorpusFolder folder, CorpusReadOptions options);
}

/// <summary>Clips of a folder, with notices for the user.</summary>
internal sealed record CorpusClips(IReadOnlyList<Clip> Clips, IReadOnlyList<string> Notices);
