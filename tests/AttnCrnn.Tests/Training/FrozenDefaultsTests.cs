using AttnCrnn.Encoders;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>
/// The training defaults for log-mel and the wav2vec 2.0 family are those of commit a1021fa, which are part of the
/// fingerprints of existing runs.
/// </summary>
public sealed class FrozenDefaultsTests
{
    private const string LogMel = """
        Model = v2, Epochs = 30, BatchSize = 32, Patience = 15, LearningRate = 0.001, Beta2 = 0.98,
        PlateauFactor = 0.5, PlateauPatience = 3, MinLearningRate = 3E-05, Noise = 0.005, MixUp = 0.2,
        Augmentation = True, TimeMasks = 2, TimeMaskShare = 0.15, FrequencyMasks = 2, FrequencyMaskBands = 12,
        Tempo = 0.15, BandShift = 3, Gain = 0.1, Copies = 8, LstmDropout = 0, RecurrentDropout = 0,
        BatchNorm = recalibrated, ClassWeight = balanced, Monitor = val_accuracy, Normalize = corpus,
        Padding = none, Recipe = default, ExactConvolution = False, CheckpointEvery = 0, Seed = 0, Threads = 1
        """;

    private const string Speech = """
        Model = v2, Epochs = 30, BatchSize = 32, Patience = 6, LearningRate = 0.001, Beta2 = 0.98,
        PlateauFactor = 0.5, PlateauPatience = 2, MinLearningRate = 3E-05, Noise = 0.005, MixUp = 0.2,
        Augmentation = True, TimeMasks = 0, TimeMaskShare = 0.15, FrequencyMasks = 0, FrequencyMaskBands = 12,
        Tempo = 0, BandShift = 0, Gain = 0, Copies = 1, LstmDropout = 0.3, RecurrentDropout = 0.3,
        BatchNorm = moving, ClassWeight = balanced, Monitor = val_accuracy, Normalize = corpus, Padding = none,
        Recipe = default, ExactConvolution = False, CheckpointEvery = 0, Seed = 0, Threads = 1
        """;

    private const string Original = """
        Model = v2, Epochs = 30, BatchSize = 32, Patience = 6, LearningRate = 0.001, Beta2 = 0.98,
        PlateauFactor = 0.5, PlateauPatience = 2, MinLearningRate = 3E-05, Noise = 0.005, MixUp = 0.2,
        Augmentation = True, TimeMasks = 0, TimeMaskShare = 0.15, FrequencyMasks = 0, FrequencyMaskBands = 12,
        Tempo = 0, BandShift = 0, Gain = 0, Copies = 1, LstmDropout = 0.3, RecurrentDropout = 0.3,
        BatchNorm = moving, ClassWeight = none, Monitor = val_accuracy, Normalize = none, Padding = longest,
        Recipe = original, ExactConvolution = False, CheckpointEvery = 0, Seed = 0, Threads = 1
        """;

    private const string LogMelV1 = """
        Model = v1, Epochs = 30, BatchSize = 32, Patience = 15, LearningRate = 0.001, Beta2 = 0.999,
        PlateauFactor = 0.7, PlateauPatience = 4, MinLearningRate = 3E-05, Noise = 0, MixUp = 0,
        Augmentation = True, TimeMasks = 2, TimeMaskShare = 0.15, FrequencyMasks = 2, FrequencyMaskBands = 12,
        Tempo = 0.15, BandShift = 3, Gain = 0.1, Copies = 8, LstmDropout = 0, RecurrentDropout = 0,
        BatchNorm = recalibrated, ClassWeight = balanced, Monitor = val_accuracy, Normalize = corpus,
        Padding = none, Recipe = default, ExactConvolution = False, CheckpointEvery = 0, Seed = 0, Threads = 1
        """;

    private static readonly EncoderDescription LogMelFrames = new("log-mel", "1", "", 100, 80, 1);

    private static readonly EncoderDescription SpeechFrames = new(
        "facebook/wav2vec2-base",
        "0b5b8e868dd84f03fd87d01f9c4ff0f080fecfe8-1",
        "4-8",
        50,
        768,
        1
    );

    private static readonly EncoderDescription WhisperFrames = new("whisper-tiny.en", "1-clip", "2", 50, 384, 1);

    public static TheoryData<string, TrainingOptions, EncoderDescription> Cases { get; } =
        new()
        {
            { LogMel, new(), LogMelFrames },
            { Speech, new(), SpeechFrames },
            { Original, TrainingOptions.OriginalRecipe, LogMelFrames },
            { Original, TrainingOptions.OriginalRecipe, SpeechFrames },
            { LogMelV1, new TrainingOptions().WithV1Recipe(), LogMelFrames },
        };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Defaults_for_older_encoders_are_unchanged(
        string expected,
        TrainingOptions options,
        EncoderDescription frames
    )
    {
        var resolved = (options with { Threads = 1 }).WithEncoderDefaults(frames);
        AssertValues(expected, resolved);
    }

    /// <summary>
    /// The defaults with which 0.1 resolved null in a configuration; also after this version changes its own.
    /// </summary>
    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Null_in_a_configuration_of_0_1_is_its_default(
        string expected,
        TrainingOptions options,
        EncoderDescription frames
    )
    {
        var open = (options with { Threads = 1 });
        AssertValues(expected, Version1Defaults.Resolve(open, frames));
    }

    [Fact]
    public void The_noise_of_Whisper_in_0_1_was_0_2() =>
        Assert.Equal(0.2, Version1Defaults.Resolve(new(), WhisperFrames).Noise);

    private static string Parse(string pair)
    {
        var parts = pair.Split(" = ");
        var key = string.Concat(
            parts[0]
                .Select(
                    (c, i) => i > 0 && char.IsUpper(c) ? $"_{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"
                )
        );
        return key switch
        {
            "augmentation" => $"disable_augmentation = {(parts[1] == "True" ? "false" : "true")}",
            "mix_up" => $"mixup = {parts[1]}",
            "exact_convolution" => $"exact_convolution = {parts[1].ToLowerInvariant()}",
            "min_learning_rate" => "min_learning_rate = 0.00003",
            _ => $"{key} = {parts[1]}",
        };
    }

    // Of the options that existed then; AttentionScale is newer, at its neutral value.
    private static void AssertValues(string expected, TrainingOptions options)
    {
        string[] expectedValues =
        [
            .. $"{expected.ReplaceLineEndings(" ")}, AttentionScale = 1".Split(", ").Select(Parse).Order(),
        ];
        var keys = expectedValues.Select(value => value.Split(" = ")[0]).ToHashSet();
        Assert.Equal(
            expectedValues,
            TrainingOptions
                .Table.Options.Where(option => keys.Contains(option.Key.Name))
                .Select(option => $"{option.Key} = {option.Format(options)}")
                .Order()
        );
    }
}
