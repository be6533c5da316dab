using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;

namespace AttnCrnn.Encoders.Transformers.Emotion2Vec;

/// <summary>
/// emotion2vec and emotion2vec+ (Ma et al. 2024), in the layout that FunASR publishes: data2vec 2.0 trained on
/// emotional speech.
/// </summary>
internal sealed class Emotion2VecFamily : ISpeechFamily
{
    private const string ModelType = "Emotion2vec";

    public string Name => "emotion2vec";

    /// <summary>The last, which the authors use (docs/encoders.md).</summary>
    public string? DefaultLayersHelp => Emotion2VecNetwork.LastLayer;

    public IReadOnlyList<string> ModelTypes { get; } = [ModelType];

    public ICheckpointLayout Layout => Emotion2VecLayout.Instance;

    public string? FindModelType(CheckpointFolder folder) =>
        folder.Contains(Emotion2VecLayout.Config)
        && folder.ReadYaml(Emotion2VecLayout.Config).Find("model")?.AsString() == ModelType
            ? ModelType
            : null;

    public ISpeechNetwork Read(CheckpointFolder folder, SpeechOptions options)
    {
        var yaml = folder.ReadYaml(Emotion2VecLayout.Config);
        var config = Emotion2VecConfig.Read(yaml);
        if (yaml.Find("model_conf")?.Find("normalize") is null)
            folder.AddNotice(
                $"no normalize in {Emotion2VecLayout.Config}: true (each clip to mean 0 and standard deviation 1), "
                    + "the default of FunASR, is used"
            );
        return new Emotion2VecNetwork(
            config,
            new WaveformPreprocessing(config.Normalizes) { Epsilon = Emotion2VecConfig.NormalizationEpsilon }
        );
    }

    public ClassifierSettings ReadClassifierSettings(CheckpointFolder folder) =>
        new()
        {
            File = folder.PathOf(Emotion2VecLayout.Tokens),

            Labels = folder.Contains(Emotion2VecLayout.Tokens) ? ReadLabels(folder) : null,

            // Outputs that FunASR never answers.
            UnusedLabelPrefix = "unuse",
        };

    private static string[] ReadLabels(CheckpointFolder folder) =>
        [.. folder.ReadLines(Emotion2VecLayout.Tokens).Select(line => line.Trim()).Where(line => line.Length > 0)];
}
