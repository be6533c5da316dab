using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.HuggingFace;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Layouts;

/// <summary>
/// The layout that the transformers library writes: config.json, the preprocessor's settings, and the weights as
/// safetensors or as a pickle of PyTorch, in one file or in shards.
/// </summary>
internal sealed class HuggingFaceLayout : ICheckpointLayout
{
    /// <summary>The file that marks a folder as an adapter (peft) instead of a model.</summary>
    public const string Adapter = "adapter_config.json";

    /// <summary>Configuration of a checkpoint.</summary>
    public const string Config = "config.json";

    /// <summary>Settings of the preprocessing, in a checkpoint's folder.</summary>
    public const string Preprocessor = "preprocessor_config.json";

    /// <summary>Holds these settings in checkpoints that later versions of transformers saved.</summary>
    public const string Processor = "processor_config.json";

    private const string Extractor = "feature_extractor"; // in Processor
    private const int MaxPreprocessorBytes = 4 << 20; // older files of Whisper also hold the mel filters

    // Settings that decide what the network is fed.
    private static readonly string[] PreprocessorKeys =
    [
        "feature_extractor_type",
        "sampling_rate",
        "do_normalize",
        "feature_size",
        "num_mel_bins",
        "padding_value",
        "stride",
    ];

    private static readonly string[] WeightFiles = ["model.safetensors", "pytorch_model.bin"];

    private HuggingFaceLayout() { }

    /// <summary>The layout, shared by all families that have it.</summary>
    public static HuggingFaceLayout Instance { get; } = new();

    public string ConfigFile => Config;

    public IReadOnlyList<string> HashedFiles { get; } = [Config, Preprocessor];

    /// <summary>
    /// The settings of the preprocessing: preprocessor_config.json, or what processor_config.json has under
    /// "feature_extractor", where transformers 5 saves them; null if there are none.
    /// </summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static JsonCursor? FindPreprocessor(CheckpointFolder folder)
    {
        var processor = FindProcessor(folder);
        if (!folder.Contains(Preprocessor))
            return processor;
        var preprocessor = folder.ReadJson(Preprocessor, MaxPreprocessorBytes);
        foreach (var key in processor is null ? [] : PreprocessorKeys)
            if (
                processor!.Find(key) is { } other
                && preprocessor.Find(key) is { } used
                && used.FormatValue() != other.FormatValue()
            )
                folder.AddNotice(
                    $"{key} is {used.FormatValue()} in {Preprocessor} and {other.FormatValue()} in {Processor}: "
                        + $"{used.FormatValue()} is used"
                );
        return preprocessor;
    }

    /// <summary>Says what is used for the settings that neither file has.</summary>
    /// <param name="settings">Null: there is neither file.</param>
    /// <param name="extractor">The class whose defaults they are.</param>
    /// <param name="defaults">The keys, with what their defaults mean.</param>
    public static void ReportDefaults(
        CheckpointFolder folder,
        JsonCursor? settings,
        string extractor,
        params (string Key, string Value)[] defaults
    )
    {
        var missing = defaults.Where(item => settings?.Find(item.Key) is null).ToArray();
        if (missing.Length == 0)
            return;
        var source = settings is null
            ? $"neither {Preprocessor} nor settings of a feature extractor in {Processor}"
            : $"no {string.Join(", ", missing.Select(item => item.Key))} among the settings of the preprocessing";
        folder.AddNotice(
            $"{source}: the defaults of {extractor} are used: "
                + string.Join(", ", missing.Select(item => $"{item.Key} {item.Value}"))
        );
    }

    private static JsonCursor? FindProcessor(CheckpointFolder folder)
    {
        if (!folder.Contains(Processor))
            return null;
        var settings = folder.ReadJson(Processor, MaxPreprocessorBytes);
        if (settings.Contains(Extractor))
            return settings.GetObject(Extractor);
        // The file may contain only the class of the processor.
        return PreprocessorKeys.Any(settings.Contains) ? settings : null;
    }

    // The runs of this program have a config.json as well, without these.
    public bool IsLayoutOf(CheckpointFolder folder) =>
        folder.Contains(Config)
        && folder.ReadJson(Config) is var config
        && (config.Contains("model_type") || config.Contains("architectures"));

    public async Task FetchAsync(HubSnapshot snapshot, CancellationToken cancellationToken)
    {
        await snapshot.GetAsync(Config, cancellationToken).ConfigureAwait(false);
        if (await snapshot.FindAsync(Preprocessor, cancellationToken).ConfigureAwait(false) is null)
            await snapshot.FindAsync(Processor, cancellationToken).ConfigureAwait(false);
        foreach (var fileName in WeightFiles)
        {
            await snapshot.AnnounceAsync([fileName], cancellationToken).ConfigureAwait(false);
            if (await snapshot.FindAsync(fileName, cancellationToken).ConfigureAwait(false) is not null)
                return;
            var indexFile = $"{fileName}.index.json";
            if (await snapshot.FindAsync(indexFile, cancellationToken).ConfigureAwait(false) is not { } index)
                continue;
            string[] shards = [.. CheckpointShardIndex.Read(index).Keys];
            await snapshot.AnnounceAsync(shards, cancellationToken).ConfigureAwait(false);
            foreach (var shard in shards)
                await snapshot.GetAsync(shard, cancellationToken).ConfigureAwait(false);
            return;
        }
        await snapshot.GetAsync(WeightFiles[0], cancellationToken).ConfigureAwait(false); // throws with the reason
    }

    public CheckpointFiles OpenWeights(CheckpointFolder folder) =>
        CheckpointFiles.Open(
            folder.Path,
            [.. WeightFiles.SelectMany(name => new[] { name, $"{name}.index.json" })],
            folder.Checksums
        );

    public InvalidFileException CreateUnknownTypeError(CheckpointFolder folder, string expected)
    {
        var config = folder.ReadJson(Config);
        return config.Error($"a model of type '{config.GetString("model_type")}'", expected, "use another checkpoint");
    }
}
