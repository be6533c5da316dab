using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Features;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>The built-in encoder, requested by name where the working folder has an entry of that name.</summary>
public sealed class BuiltInEncoderProgramTests : IDisposable
{
    private const string Name = "whisper-tiny.en";

    private readonly TempFolder folder = new();

    public BuiltInEncoderProgramTests()
    {
        DemoCorpus.Generate(folder.PathOf("speech"), speakers: 3, clipsPerEmotion: 1);
        using var checkpoint = new WhisperCheckpointBuilder(new() { Width = 8 });
        var otherFolder = Directory.CreateDirectory(folder.PathOf(Name)).FullName;
        foreach (var path in Directory.GetFiles(checkpoint.Folder))
            File.Copy(path, Path.Combine(otherFolder, Path.GetFileName(path)));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_encoders_name_means_the_built_in_encoder_and_not_a_folder()
    {
        var encoder = Extract(Name).Encoder;
        Assert.Equal((Name, 384), (encoder.Name, encoder.Width));
    }

    [Fact]
    public void A_path_means_the_folder_and_not_the_built_in_encoder()
    {
        var encoder = Extract($"./{Name}").Encoder;
        Assert.Equal((folder.PathOf(Name), 8), (encoder.Name, encoder.Width));
    }

    private StoreDescription Extract(string encoder)
    {
        var (code, _, error) = BuiltProgram.Run(
            folder.Path,
            "extract",
            "speech/clips.csv",
            "--encoder",
            encoder,
            "--out",
            "features"
        );
        Assert.True(code == 0, error);
        return StoreJson.Read(folder.PathOf("features"));
    }
}
