using AttnCrnn.Encoders;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.IntegrationTests.Cli.Runs;

/// <summary>A run on a store as <c>extract --layers all</c> writes it; tests share it.</summary>
public sealed class LayerMixRun : IDisposable
{
    internal const int Layers = 4;
    internal const int Width = 6;

    /// <summary>The layer in which the class determines which feature varies.</summary>
    internal const int Informative = 2;

    private const int Clips = 54;

    private readonly TempFolder folder = new();

    public LayerMixRun()
    {
        WriteStore();
        string[] recipe = ["--epochs", "8", "--batch_size", "8", "--learning_rate", "0.003", "--patience", "8"];
        Training = Run(["train", "--data_dirs", "store", "--folds", "3", .. recipe]);
        Assert.True(Training.Code == 0, Training.Error);
        Name = Path.GetFileName(Directory.GetDirectories(PathOf("checkpoints")).Single());
    }

    internal (int Code, string Output, string Error) Training { get; }

    internal string Name { get; }

    internal string PathOf(params string[] parts) => folder.PathOf(parts);

    internal (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);

    /// <summary>Frames of a clip: noise in every layer.</summary>
    internal static float[] Values(int clip, int frames)
    {
        var values = new float[frames * Layers * Width];
        new RandomStream(2).ForStream(RandomStreamId.Demo, (uint)clip).FillNormal(values);
        for (var index = (Informative * Width) + (clip % 3); index < values.Length; index += Layers * Width)
            values[index] += 1.5f;
        return values;
    }

    public void Dispose() => folder.Dispose();

    private void WriteStore() =>
        FeatureStoreBuilder.Write(
            PathOf("store"),
            new EncoderDescription("test", "1", "all", 50, Width, Layers),
            Enumerable
                .Range(0, Clips)
                .Select(clip => new StoreClip(
                    $"/clips/{clip:00}.wav",
                    $"l{clip % 3}",
                    $"s{clip / 6}",
                    Values(clip, 30 + (clip * 7 % 25))
                ))
        );
}
