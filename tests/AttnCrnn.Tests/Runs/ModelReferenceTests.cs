using AttnCrnn.Formats.Wav;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>What the name of a model stands for.</summary>
public sealed class ModelReferenceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public ModelReferenceTests()
    {
        Write("m.keras");
        Write("checkpoints", "run", "best_attn_crnn_model.keras");
        Write("checkpoints", "copied", "config.json");
        Write("checkpoints", "copied", "best_attn_crnn_model.keras");
        Write("analysis_results", "run", "config.json");
        Write("funasr", "config.yaml");
        foreach (var checkpoint in (string[])["hub", "both", "mixed", "two", "folds"])
            WriteCheckpoint(checkpoint);
        Write("two", "best_attn_crnn_model.keras");
        Write("folds", "fold_1", "best_attn_crnn_model.keras");
        Write("list.csv");
        Directory.CreateDirectory(folder.PathOf("checkpoints", "both"));
        foreach (
            var path in (string[][])
                [
                    ["clip.wav"],
                    ["clips", "a.wav"],
                    ["mixed", "a.wav"],
                ]
        )
            WavWriter.Write(folder.PathOf(path), new float[160], 16_000);
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("m.keras")]
    [InlineData("run")]
    [InlineData("checkpoints/run")]
    [InlineData("checkpoints/copied")]
    public void Models_of_this_program_are_files(string name)
    {
        var reference = Resolve(name);
        Assert.Null(reference.Classifier);
        Assert.EndsWith(".keras", Assert.Single(reference.Files), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hub")]
    [InlineData("funasr")]
    public void A_folder_with_a_configuration_is_a_checkpoint(string name)
    {
        var reference = Resolve(name);
        Assert.Empty(reference.Files);
        Assert.EndsWith(name, reference.Classifier, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"architectures": ["HubertForSequenceClassification"]}""")]
    [InlineData("""{"model_type": """)]
    public void A_configuration_without_a_type_or_a_damaged_one_is_reported_by_the_classifier(string json)
    {
        File.WriteAllText(folder.PathOf("hub", "config.json"), json);
        Assert.NotNull(Resolve("hub").Classifier);
    }

    [Fact]
    public void A_name_with_an_owner_is_a_repository_if_there_is_no_such_path()
    {
        Assert.Equal("superb/none", ModelReference.Resolve(folder.Path, "superb/none").Classifier);
        Assert.Throws<InvalidInputException>(() => ModelReference.Resolve(folder.Path, "./superb/none"));
    }

    [Theory]
    [InlineData("clip.wav", "this is a recording, and the first argument is the model")]
    [InlineData("list.csv", "this is a list of recordings, and the first argument is the model")]
    [InlineData("clips", "this is a folder of recordings, and the first argument is the model")]
    [InlineData("mixed", "holds a checkpoint (its configuration) and recordings")]
    [InlineData("two", "a checkpoint folder, and also the folder of a run's models")]
    [InlineData("folds", "a checkpoint folder, and also the folder of a run's models")]
    [InlineData("analysis_results/run", "no model in this folder: pass a run, or a model file")]
    [InlineData("missing", "neither a model file nor a run")]
    public void Anything_else_is_refused_with_what_it_is(string name, string expected)
    {
        var error = Assert.Throws<InvalidInputException>(() => Resolve(name));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_a_checkpoint_folder_and_of_a_run_is_refused_with_both_readings()
    {
        // A relative name: the working folder of the tests has no such folder, but the folder of the program may.
        var name = Path.GetRelativePath(Environment.CurrentDirectory, folder.PathOf("both"));
        Assert.NotNull(ModelReference.Resolve(folder.Path, name).Classifier); // a path is no name of a run
        var error = Assert.Throws<InvalidInputException>(() =>
            ModelReference.RefuseBothReadings("both", folder.Path, isCheckpoint: true, isRun: true)
        );
        Assert.Contains("a checkpoint folder, and also a run", error.Message, StringComparison.Ordinal);
    }

    private ModelReference Resolve(string name) =>
        ModelReference.Resolve(folder.Path, name == "run" ? name : folder.PathOf(name));

    private void WriteCheckpoint(string name)
    {
        Directory.CreateDirectory(folder.PathOf(name));
        File.WriteAllText(folder.PathOf(name, "config.json"), """{"model_type": "hubert"}""");
    }

    private void Write(params string[] path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(path))!);
        File.WriteAllText(folder.PathOf(path), "{}");
    }
}
