using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>
/// The layout of FunASR's models: config.yaml, weights as a pickle of PyTorch whose name configuration.json tells, and
/// tokens.txt with the labels of a classifier.
/// </summary>
internal sealed class Emotion2VecLayout : ICheckpointLayout
{
    /// <summary>Configuration of a checkpoint.</summary>
    public const string Config = "config.yaml";

    /// <summary>Labels of a classifier, one a line.</summary>
    public const string Tokens = "tokens.txt";

    // Names the files of the checkpoint.
    private const string Contents = "configuration.json";

    private const string DefaultWeights = "model.pt";

    private Emotion2VecLayout() { }

    /// <summary>The layout.</summary>
    public static Emotion2VecLayout Instance { get; } = new();

    public string ConfigFile => Config;

    public IReadOnlyList<string> HashedFiles { get; } = [Config];

    public async Task FetchAsync(HubSnapshot snapshot, CancellationToken cancellationToken)
    {
        await snapshot.GetAsync(Config, cancellationToken).ConfigureAwait(false);
        await snapshot.FindAsync(Contents, cancellationToken).ConfigureAwait(false);
        await snapshot.FindAsync(Tokens, cancellationToken).ConfigureAwait(false);
        var weights = ReadWeightsName(CheckpointFolder.Open(snapshot.Folder));
        await snapshot.AnnounceAsync([weights], cancellationToken).ConfigureAwait(false);
        await snapshot.GetAsync(weights, cancellationToken).ConfigureAwait(false);
    }

    public CheckpointFiles OpenWeights(CheckpointFolder folder) =>
        CheckpointFiles.Open(folder.Path, [ReadWeightsName(folder)], folder.Checksums);

    public InvalidFileException CreateUnknownTypeError(CheckpointFolder folder, string expected)
    {
        var config = folder.ReadYaml(Config);
        return config.Error($"a model of type '{config.GetString("model")}'", expected, "use another checkpoint");
    }

    private static string ReadWeightsName(CheckpointFolder folder)
    {
        if (!folder.Contains(Contents))
            return DefaultWeights;
        var files = folder.ReadJson(Contents).Find("file_path_metas");
        if (files?.Find("init_param") is not { } value)
            return DefaultWeights;
        return
            value.AsString() is { Length: > 0 } name
            && Path.GetFileName(name) == name
            && name.EndsWith(".pt", StringComparison.Ordinal)
            ? name
            : throw value.Unexpected("the name of a .pt file in the folder");
    }
}
