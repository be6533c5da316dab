using AttnCrnn.Encoders;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>A model as Keras saves it again, without its description, and a run that starts from it.</summary>
public sealed class ResavedArchive : IDisposable
{
    private static readonly string[] Labels = ["calm", "glad", "sad"];

    private readonly TempFolder folder = new();

    public ResavedArchive()
    {
        WriteStore();
        var first = Run("train", "--data_dirs", "features", "--epochs", "3", "--quiet");
        Assert.True(first.Code == 0, first.Error);
        Best = Path.Combine(Directory.GetDirectories(PathOf("checkpoints")).Single(), "best_attn_crnn_model.keras");
        KerasBuilder.FromFile(Best).WithoutEntry("attn_crnn.json").Save(PathOf("again.keras"));
        string[] start = ["--init", "again.keras", "--labels", "calm,glad,sad", "--workdir", "second"];
        Training = Run(["train", "--data_dirs", "features", "--epochs", "1", .. start]);
        RunName = Path.GetFileName(Directory.GetDirectories(PathOf("second", "checkpoints")).Single());
        // A run does not need its initial model.
        File.Move(PathOf("again.keras"), PathOf("moved.keras"));
        Evaluation = Run("evaluate", RunName, "--workdir", "second");
        File.Move(PathOf("moved.keras"), PathOf("again.keras"));
    }

    /// <summary>The model's file before Keras saved it again as again.keras.</summary>
    internal string Best { get; }

    /// <summary>The training that starts from again.keras, in the folder "second".</summary>
    internal (int Code, string Output, string Error) Training { get; }

    /// <summary>The name of its run.</summary>
    internal string RunName { get; }

    /// <summary>Its evaluation while again.keras is away.</summary>
    internal (int Code, string Output, string Error) Evaluation { get; }

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    internal (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    public void Dispose() => folder.Dispose();

    // Two clips of each of twelve speakers and three classes; the class determines the features.
    private void WriteStore()
    {
        var random = new Random(3);
        var clips =
            from speaker in Enumerable.Range(0, 12)
            from label in Enumerable.Range(0, 3)
            from take in Enumerable.Range(0, 2)
            select new StoreClip($"{speaker}-{label}-{take}.wav", Labels[label], $"s{speaker}", Values(label));
        FeatureStoreBuilder.Write(PathOf("features"), new EncoderDescription("test", "1", "", 100, 8, 1), clips);

        float[] Values(int label) =>
            [.. Enumerable.Range(0, 30 * 8).Select(i => (float)(random.NextDouble() + (i % 8 % 3 == label ? 1 : 0)))];
    }
}
