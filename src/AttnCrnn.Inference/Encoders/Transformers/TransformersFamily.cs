using System.Globalization;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A family of the transformers library: checkpoints in the layout of the Hugging Face hub, selected by
/// <c>model_type</c> in config.json.
/// </summary>
internal abstract class TransformersFamily : ISpeechFamily
{
    public abstract string Name { get; }

    public virtual string TrainingDefaultsName => IEncoderFamily.CommonTrainingDefaults;

    public abstract string? DefaultLayersHelp { get; }

    /// <summary>The values of <c>model_type</c> that belong to the family.</summary>
    public abstract IReadOnlyList<string> ModelTypes { get; }

    public ICheckpointLayout Layout => HuggingFaceLayout.Instance;

    public virtual IReadOnlyList<EncoderContext> Contexts => [];

    // Without processor_config.json, or beside preprocessor_config.json, revisions are those of earlier versions.
    public virtual IEnumerable<string> ListHashedFiles(CheckpointFolder folder) =>
        folder.Contains(HuggingFaceLayout.Preprocessor) || HuggingFaceLayout.FindPreprocessor(folder) is null
            ? Layout.HashedFiles
            : [.. Layout.HashedFiles, HuggingFaceLayout.Processor];

    public virtual bool Describes(EncoderDescription description) => false;

    public string? FindModelType(CheckpointFolder folder) =>
        folder.Contains(HuggingFaceLayout.Config)
        && folder.ReadJson(HuggingFaceLayout.Config).Find("model_type")?.AsString() is { } type
        && ModelTypes.Contains(type)
            ? type
            : null;

    public ISpeechNetwork Read(CheckpointFolder folder, SpeechOptions options)
    {
        var config = folder.ReadJson(HuggingFaceLayout.Config);
        if (config.Contains("quantization_config"))
            throw config.Error(
                "quantization_config",
                "float32, float16 or bfloat16 weights",
                "use the checkpoint from which it was quantized"
            );
        var network = Read(folder, config, options);
        ReportDefaults(folder);
        return network;
    }

    public ClassifierSettings ReadClassifierSettings(CheckpointFolder folder) =>
        ClassifierSettings.Read(folder.ReadJson(HuggingFaceLayout.Config));

    /// <summary>
    /// Settings of config.json that the shapes of the tensors do not confirm: with another default, a checkpoint that
    /// lacks one would be computed in another way without an error.
    /// </summary>
    protected virtual IReadOnlyCollection<string> UnconfirmedSettings { get; } =
    [
        "num_attention_heads",
        "encoder_attention_heads",
        "hidden_act",
        "activation_function",
        "feat_extract_activation",
        "layer_norm_eps",
        "conv_stride",
        "position_embeddings_type",
        "rotary_embedding_base",
        "max_bucket_distance",
    ];

    /// <summary>Reads the network.</summary>
    /// <param name="config">The checkpoint's config.json; its model type is one of the family's.</param>
    /// <exception cref="InvalidFileException">A setting is not supported, or the files contradict each
    /// other.</exception>
    protected abstract ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options);

    private void ReportDefaults(CheckpointFolder folder)
    {
        string[] missing =
        [
            .. folder
                .ListDefaults(HuggingFaceLayout.Config)
                .Where(item => UnconfirmedSettings.Contains(item.Key))
                .Select(item => string.Create(CultureInfo.InvariantCulture, $"{item.Key} {item.Value}")),
        ];
        if (missing.Length > 0)
            folder.AddNotice(
                $"{missing.Length} {(missing.Length == 1 ? "setting is" : "settings are")} missing in "
                    + $"{HuggingFaceLayout.Config}: the defaults of transformers are used: {string.Join(", ", missing)}"
            );
    }
}
