using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>
/// Synthetic recordings with the folders and file names of SAVEE, from audit to the report of a training that leaves
/// one speaker out; tests share the results.
/// </summary>
public sealed class SaveeRun : IDisposable
{
    internal static readonly string[] Speakers = ["DC", "JE", "JK", "KL"];

    private const int ClipsPerLabel = 2;

    private static readonly Dictionary<string, string> Codes = new()
    {
        ["angry"] = "a",
        ["disgust"] = "d",
        ["fearful"] = "f",
        ["happy"] = "h",
        ["neutral"] = "n",
        ["sad"] = "sa",
    };

    private readonly TempFolder folder = new();

    public SaveeRun()
    {
        CreateRecordings();
        Audit = Run("corpus", "AudioData", "--quiet");
        var extraction = Run("extract", "AudioData", "--encoder", "log-mel", "--out", "features", "--quiet");
        Assert.True(extraction.Code == 0, extraction.Error);
        Training = Train("--folds", "speakers");
        Name = Path.GetFileName(Assert.Single(Directory.GetDirectories(folder.PathOf("checkpoints"))));
    }

    /// <summary>The audit of the recordings.</summary>
    internal (int Code, string Output, string Error) Audit { get; }

    /// <summary>The training of all folds, with its report.</summary>
    internal (int Code, string Output, string Error) Training { get; }

    /// <summary>The name of the run.</summary>
    internal string Name { get; }

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    internal (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    internal (int Code, string Output, string Error) Train(params string[] options) =>
        Run(["train", "--data_dirs", "features", "--epochs", "1", "--copies", "1", .. options]);

    public void Dispose() => folder.Dispose();

    private void CreateRecordings()
    {
        DemoCorpus.Generate(PathOf("demo"), Speakers.Length, ClipsPerLabel);
        var clips = CorpusReader.Read([PathOf("demo", DemoCorpus.ManifestName)]).Clips;
        var voices = clips.GroupBy(clip => clip.Speaker).OrderBy(voice => voice.Key, StringComparer.Ordinal);
        foreach (var (speaker, voice) in Speakers.Zip(voices))
        {
            Directory.CreateDirectory(PathOf("AudioData", speaker));
            foreach (var label in voice.GroupBy(clip => clip.Label!))
            foreach (var (index, clip) in label.Index())
                Copy(clip.Path, $"{Codes[label.Key]}{index + 1:00}");
            // The generator has six emotions: the seventh has the clips of another, fainter, since equal recordings
            // with two labels are refused.
            foreach (var (index, clip) in voice.Where(clip => clip.Label == "happy").Index())
            {
                var audio = WavFile.Read(clip.Path);
                float[] samples = [.. audio.Samples.Select(sample => sample / 2)];
                WavWriter.Write(PathOf("AudioData", speaker, $"su{index + 1:00}.wav"), samples, audio.SampleRateHz);
            }
            void Copy(string path, string name) => File.Copy(path, PathOf("AudioData", speaker, $"{name}.wav"));
        }
        File.Copy(PathOf("demo", CorpusReader.SyntheticMarker), PathOf("AudioData", CorpusReader.SyntheticMarker));
    }
}
