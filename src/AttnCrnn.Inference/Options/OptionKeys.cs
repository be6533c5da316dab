namespace AttnCrnn.Options;

/// <summary>
/// Keys of the options that the library has or names in messages. A key is stored in configuration files: it never
/// changes.
/// </summary>
public static class OptionKeys
{
    /// <summary><c>data_dirs</c>.</summary>
    public static OptionKey DataFolders { get; } = new("data_dirs");

    /// <summary><c>labels_from</c>.</summary>
    public static OptionKey LabelsFrom { get; } = new("labels_from");

    /// <summary><c>speakers_from</c>.</summary>
    public static OptionKey SpeakersFrom { get; } = new("speakers_from");

    /// <summary><c>tables</c>.</summary>
    public static OptionKey Tables { get; } = new("tables");

    /// <summary><c>protocol</c>.</summary>
    public static OptionKey Protocol { get; } = new("protocol");

    /// <summary><c>keep</c>.</summary>
    public static OptionKey Keep { get; } = new("keep");

    /// <summary><c>label_kind</c>.</summary>
    public static OptionKey LabelKind { get; } = new("label_kind");

    /// <summary><c>targets</c>.</summary>
    public static OptionKey Targets { get; } = new("targets");

    /// <summary><c>workdir</c>.</summary>
    public static OptionKey WorkFolder { get; } = new("workdir");

    /// <summary><c>resume</c>.</summary>
    public static OptionKey Resume { get; } = new("resume");

    /// <summary><c>init</c>.</summary>
    public static OptionKey Init { get; } = new("init");

    /// <summary><c>fold</c>.</summary>
    public static OptionKey Fold { get; } = new("fold");

    /// <summary><c>repeat</c>.</summary>
    public static OptionKey Repeat { get; } = new("repeat");

    /// <summary><c>split_seed</c>.</summary>
    public static OptionKey SplitSeed { get; } = new("split_seed");

    /// <summary><c>train_only</c>.</summary>
    public static OptionKey TrainOnly { get; } = new("train_only");

    /// <summary><c>embed_audio</c>.</summary>
    public static OptionKey EmbedAudio { get; } = new("embed_audio");

    /// <summary><c>with_names</c>.</summary>
    public static OptionKey WithNames { get; } = new("with_names");

    /// <summary><c>explain_clips</c>.</summary>
    public static OptionKey ExplainClips { get; } = new("explain_clips");

    /// <summary><c>recipe</c>.</summary>
    public static OptionKey Recipe { get; } = new("recipe");

    /// <summary><c>model</c>.</summary>
    public static OptionKey Model { get; } = new("model");

    /// <summary><c>epochs</c>.</summary>
    public static OptionKey Epochs { get; } = new("epochs");

    /// <summary><c>batch_size</c>.</summary>
    public static OptionKey BatchSize { get; } = new("batch_size");

    /// <summary><c>patience</c>.</summary>
    public static OptionKey Patience { get; } = new("patience");

    /// <summary><c>learning_rate</c>.</summary>
    public static OptionKey LearningRate { get; } = new("learning_rate");

    /// <summary><c>beta2</c>.</summary>
    public static OptionKey Beta2 { get; } = new("beta2");

    /// <summary><c>plateau_factor</c>.</summary>
    public static OptionKey PlateauFactor { get; } = new("plateau_factor");

    /// <summary><c>plateau_patience</c>.</summary>
    public static OptionKey PlateauPatience { get; } = new("plateau_patience");

    /// <summary><c>min_learning_rate</c>.</summary>
    public static OptionKey MinLearningRate { get; } = new("min_learning_rate");

    /// <summary><c>optimizer</c>.</summary>
    public static OptionKey Optimizer { get; } = new("optimizer");

    /// <summary><c>weight_decay</c>.</summary>
    public static OptionKey WeightDecay { get; } = new("weight_decay");

    /// <summary><c>clip_norm</c>.</summary>
    public static OptionKey ClipNorm { get; } = new("clip_norm");

    /// <summary><c>pooling</c>.</summary>
    public static OptionKey Pooling { get; } = new("pooling");

    /// <summary><c>head_norm</c>.</summary>
    public static OptionKey HeadNorm { get; } = new("head_norm");

    /// <summary><c>activation</c>.</summary>
    public static OptionKey Activation { get; } = new("activation");

    /// <summary><c>loss</c>.</summary>
    public static OptionKey Loss { get; } = new("loss");

    /// <summary><c>focal_gamma</c>.</summary>
    public static OptionKey FocalGamma { get; } = new("focal_gamma");

    /// <summary><c>label_smoothing</c>.</summary>
    public static OptionKey LabelSmoothing { get; } = new("label_smoothing");

    /// <summary><c>schedule</c>.</summary>
    public static OptionKey Schedule { get; } = new("schedule");

    /// <summary><c>warmup</c>.</summary>
    public static OptionKey Warmup { get; } = new("warmup");

    /// <summary><c>averaging</c>.</summary>
    public static OptionKey Averaging { get; } = new("averaging");

    /// <summary><c>ema_momentum</c>.</summary>
    public static OptionKey EmaMomentum { get; } = new("ema_momentum");

    /// <summary><c>average_epochs</c>.</summary>
    public static OptionKey AverageEpochs { get; } = new("average_epochs");

    /// <summary><c>noise</c>.</summary>
    public static OptionKey Noise { get; } = new("noise");

    /// <summary><c>mixup</c>.</summary>
    public static OptionKey MixUp { get; } = new("mixup");

    /// <summary><c>disable_augmentation</c>.</summary>
    public static OptionKey DisableAugmentation { get; } = new("disable_augmentation");

    /// <summary><c>time_masks</c>.</summary>
    public static OptionKey TimeMasks { get; } = new("time_masks");

    /// <summary><c>time_mask_share</c>.</summary>
    public static OptionKey TimeMaskShare { get; } = new("time_mask_share");

    /// <summary><c>frequency_masks</c>.</summary>
    public static OptionKey FrequencyMasks { get; } = new("frequency_masks");

    /// <summary><c>frequency_mask_bands</c>.</summary>
    public static OptionKey FrequencyMaskBands { get; } = new("frequency_mask_bands");

    /// <summary><c>tempo</c>.</summary>
    public static OptionKey Tempo { get; } = new("tempo");

    /// <summary><c>copies</c>.</summary>
    public static OptionKey Copies { get; } = new("copies");

    /// <summary><c>band_shift</c>.</summary>
    public static OptionKey BandShift { get; } = new("band_shift");

    /// <summary><c>gain</c>.</summary>
    public static OptionKey Gain { get; } = new("gain");

    /// <summary><c>lstm_dropout</c>.</summary>
    public static OptionKey LstmDropout { get; } = new("lstm_dropout");

    /// <summary><c>recurrent_dropout</c>.</summary>
    public static OptionKey RecurrentDropout { get; } = new("recurrent_dropout");

    /// <summary><c>attention_scale</c>.</summary>
    public static OptionKey AttentionScale { get; } = new("attention_scale");

    /// <summary><c>batch_norm</c>.</summary>
    public static OptionKey BatchNorm { get; } = new("batch_norm");

    /// <summary><c>class_weight</c>.</summary>
    public static OptionKey ClassWeight { get; } = new("class_weight");

    /// <summary><c>monitor</c>.</summary>
    public static OptionKey Monitor { get; } = new("monitor");

    /// <summary><c>normalize</c>.</summary>
    public static OptionKey Normalize { get; } = new("normalize");

    /// <summary><c>padding</c>.</summary>
    public static OptionKey Padding { get; } = new("padding");

    /// <summary><c>seed</c>.</summary>
    public static OptionKey Seed { get; } = new("seed");

    /// <summary><c>threads</c>.</summary>
    public static OptionKey Threads { get; } = new("threads");

    /// <summary><c>folds</c>.</summary>
    public static OptionKey Folds { get; } = new("folds");

    /// <summary><c>split</c>.</summary>
    public static OptionKey Split { get; } = new("split");

    /// <summary>What is trained with although it overestimates performance.</summary>
    public static OptionKey Allow { get; } = new("allow");

    /// <summary>Speakers of the test set.</summary>
    public static OptionKey TestSpeakers { get; } = new("test_speakers");

    /// <summary>Speakers of the validation set.</summary>
    public static OptionKey ValidationSpeakers { get; } = new("validation_speakers");

    /// <summary><c>max_seconds</c>.</summary>
    public static OptionKey MaxSeconds { get; } = new("max_seconds");

    /// <summary><c>max_bad</c>.</summary>
    public static OptionKey MaxInvalidFraction { get; } = new("max_bad");

    /// <summary><c>checkpoint_every</c>.</summary>
    public static OptionKey CheckpointEvery { get; } = new("checkpoint_every");

    /// <summary><c>exact_convolution</c>.</summary>
    public static OptionKey ExactConvolution { get; } = new("exact_convolution");

    /// <summary><c>map</c>.</summary>
    public static OptionKey Map { get; } = new("map");

    /// <summary><c>drop</c>.</summary>
    public static OptionKey Drop { get; } = new("drop");

    /// <summary><c>preset</c>.</summary>
    public static OptionKey Preset { get; } = new("preset");

    /// <summary><c>labels</c>.</summary>
    public static OptionKey Labels { get; } = new("labels");

    /// <summary><c>out</c>.</summary>
    public static OptionKey Out { get; } = new("out");

    /// <summary><c>format</c>.</summary>
    public static OptionKey Format { get; } = new("format");

    /// <summary><c>store_precision</c>.</summary>
    public static OptionKey StorePrecision { get; } = new("store_precision");

    /// <summary><c>precision</c>.</summary>
    public static OptionKey Precision { get; } = new("precision");

    /// <summary><c>device</c>.</summary>
    public static OptionKey Device { get; } = new("device");

    /// <summary><c>prune</c>.</summary>
    public static OptionKey Prune { get; } = new("prune");

    /// <summary><c>shard</c>.</summary>
    public static OptionKey Shard { get; } = new("shard");

    /// <summary><c>shards</c>.</summary>
    public static OptionKey Shards { get; } = new("shards");

    /// <summary><c>chunk</c>.</summary>
    public static OptionKey Chunk { get; } = new("chunk");

    /// <summary><c>encoder</c>.</summary>
    public static OptionKey Encoder { get; } = new("encoder");

    /// <summary><c>layers</c>.</summary>
    public static OptionKey Layers { get; } = new("layers");

    /// <summary><c>revision</c>.</summary>
    public static OptionKey Revision { get; } = new("revision");

    /// <summary>Whether the labels of a published classifier remain as published.</summary>
    public static OptionKey RawLabels { get; } = new("raw_labels");

    /// <summary><c>channel</c>.</summary>
    public static OptionKey Channel { get; } = new("channel");

    /// <summary><c>window</c>.</summary>
    public static OptionKey Window { get; } = new("window");

    /// <summary><c>waveform</c>.</summary>
    public static OptionKey Waveform { get; } = new("waveform");

    /// <summary><c>quantize</c>.</summary>
    public static OptionKey Quantize { get; } = new("quantize");

    /// <summary><c>whisper_context</c>.</summary>
    public static OptionKey WhisperContext { get; } = new("whisper_context");
}
