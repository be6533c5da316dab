using AttnCrnn.Corpora.Readers;

namespace AttnCrnn.Corpora.Layouts.Kaldi;

/// <summary>
/// Data folders of Kaldi and ESPnet: one folder per set with wav.scp and further tables. The names of the sets are the
/// subsets. Paths are relative to the folder in which the recipe ran, or to the set's folder.
/// </summary>
/// <remarks>https://kaldi-asr.org/doc/data_prep.html</remarks>
internal sealed class KaldiLayout : IFolderReader
{
    private const string RecordingTable = "wav.scp";

    public string Name => "Kaldi data folders";

    public bool Recognizes(CorpusFolder folder) => FindSets(folder).Any();

    public CorpusClips Read(CorpusFolder folder, CorpusReadOptions options)
    {
        var clips = new LayoutClips(folder, Name, options);
        var sets = FindSets(folder).Select(KaldiSet.Read).ToList();
        foreach (var row in sets.SelectMany(set => set.Rows))
            clips.Add(row);
        foreach (var notice in sets.SelectMany(set => set.Notices))
            clips.Notify(notice);
        return clips.Create($"{sets.Count} sets ({string.Join(", ", sets.Select(set => set.Name))})");
    }

    private static IEnumerable<string> FindSets(CorpusFolder folder) =>
        folder
            .Files.Where(file => Path.GetFileName(file) == RecordingTable)
            .Select(file => Path.GetDirectoryName(file)!);
}
