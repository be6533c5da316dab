namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Reads one corpus as its authors publish it: recognizes its folder, and finds label and speaker of each recording in
/// file names, folder names or label files.
/// </summary>
internal interface ICorpusReader
{
    /// <summary>Name of the corpus, such as <c>RAVDESS</c>.</summary>
    string Name { get; }

    /// <summary>What to cite, and the terms of use.</summary>
    CorpusCitation Citation { get; }

    /// <summary>Whether a folder contains this corpus.</summary>
    bool Recognizes(CorpusFolder folder);

    /// <summary>Reads the clips of a folder that <see cref="Recognizes"/> accepts.</summary>
    /// <exception cref="InvalidFileException">A label file is invalid.</exception>
    CorpusClips Read(CorpusFolder folder);

    /// <summary>
    /// Label and speaker of a file name without extension, as in a folder of .npz files, which has lost everything
    /// else; null if the name is not of this corpus, or does not contain both.
    /// </summary>
    ClipMetadata? ParseFileName(string name);
}

/// <summary>Clips of a corpus, with notices for the user.</summary>
internal sealed record CorpusClips(IReadOnlyList<Clip> Clips, IReadOnlyList<string> Notices);

/// <summary>Label and speaker of a recording.</summary>
/// <param name="Label">Emotion label.</param>
/// <param name="Speaker">Speaker, unique over corpora (<c>ravdess_01</c>).</param>
internal sealed record ClipMetadata(string Label, string Speaker);
