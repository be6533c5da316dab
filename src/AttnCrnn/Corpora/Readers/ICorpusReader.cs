using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Corpora.Readers;

/// <summary>
/// Reads one corpus as its authors publish it: recognizes its folder, and finds label and speaker of each recording in
/// file names, folder names or label files.
/// </summary>
internal interface ICorpusReader : IFolderReader
{
    /// <summary>What is known about the corpus: name, citation, license, speakers, labels, splits.</summary>
    CorpusDescription Description { get; }

    /// <summary>What to cite, and the terms of use.</summary>
    CorpusCitation Citation => Description.Citation;

    /// <summary>
    /// Label and speaker of a file name without extension, as in a folder of .npz files, which has lost everything
    /// else; null if the name is not of this corpus, or does not contain both.
    /// </summary>
    ClipMetadata? ParseFileName(string name);
}

/// <summary>Label and speaker of a recording.</summary>
/// <param name="Label">Emotion label.</param>
/// <param name="Speaker">Speaker, unique over corpora (<c>ravdess_01</c>).</param>
/// <param name="Sex">Sex of the speaker; null if the path does not tell.</param>
/// <param name="Split">Subset, if the path names it; null otherwise.</param>
internal sealed record ClipMetadata(string Label, string Speaker, string? Sex = null, Subset? Split = null)
{
    /// <summary>Intensity of the emotion, such as <c>strong</c>; null if the path does not tell.</summary>
    public string? Intensity { get; init; }

    /// <summary>What is said, or its code; null if the path does not tell.</summary>
    public string? Statement { get; init; }
}
