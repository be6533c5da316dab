using AttnCrnn.Corpora.Synthetic;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>A run with speaker normalization on the demo corpus; tests share it.</summary>
public sealed class SpeakerRun : IDisposable
{
    private readonly TempFolder folder = new();

    public SpeakerRun()
    {
        DemoCorpus.Generate(PathOf("speech"), speakers: 4, clipsPerEmotion: 2);
        var extract = Run("extract", Manifest, "--encoder", "log-mel", "--out", "features");
        Assert.True(extract.Code == 0, extract.Error);
        string[] options = ["--epochs", "2", "--copies", "1", "--normalize", "speaker"];
        Training = Run(["train", "--data_dirs", "features", .. options]);
        Assert.True(Training.Code == 0, Training.Error);
        Name = Training
            .Output.Split('\n')
            .Single(line => line.StartsWith("run      ", StringComparison.Ordinal))[9..]
            .Trim();
    }

    /// <summary>The list of all recordings, with their speakers.</summary>
    internal static string Manifest { get; } = Path.Combine("speech", "clips.csv");

    internal (int Code, string Output, string Error) Training { get; }

    /// <summary>The name of the run.</summary>
    internal string Name { get; }

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    internal (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    public void Dispose() => folder.Dispose();
}
