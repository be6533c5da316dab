namespace AttnCrnn.Encoders.Classifiers;

/// <summary>
/// What the authors of a published classifier say of its training data (docs/classifiers.md). On these corpora its
/// metrics overestimate performance.
/// </summary>
/// <param name="Repository">Its repository on the hub.</param>
/// <param name="Corpora">The corpora with labels, by their names in docs/corpora.md where they are there.</param>
public sealed record PublishedTraining(string Repository, IReadOnlyList<string> Corpora)
{
    // EmoBox (Ma et al. 2024) includes these corpora, among 32.
    private static readonly string[] EmoBox = ["EmoBox", "RAVDESS", "CREMA-D", "EMO-DB", "SAVEE", "IEMOCAP"];

    private static readonly string[] Combined = ["CREMA-D", "RAVDESS", "SAVEE", "TESS"];

    /// <summary>The classifiers that are known here.</summary>
    public static IReadOnlyList<PublishedTraining> All { get; } =
    [
        new("superb/wav2vec2-base-superb-er", ["IEMOCAP"]),
        new("superb/wav2vec2-large-superb-er", ["IEMOCAP"]),
        new("superb/hubert-base-superb-er", ["IEMOCAP"]),
        new("superb/hubert-large-superb-er", ["IEMOCAP"]),
        new("audeering/wav2vec2-large-robust-12-ft-emotion-msp-dim", ["MSP-Podcast"]),
        new("ehcalabres/wav2vec2-lg-xlsr-en-speech-emotion-recognition", ["RAVDESS"]),
        new("Yassmen/Wav2Vec2_Fine_tuned_on_RAVDESS_2_Speech_Emotion_Recognition", ["RAVDESS"]),
        new("firdhokk/speech-emotion-recognition-with-openai-whisper-large-v3", ["RAVDESS", "SAVEE", "TESS"]),
        new(
            "firdhokk/speech-emotion-recognition-with-facebook-wav2vec2-large-xlsr-53",
            ["RAVDESS", "SAVEE", "TESS", "URDU"]
        ),
        new("r-f/wav2vec-english-speech-emotion-recognition", ["RAVDESS", "SAVEE", "TESS"]),
        new("Dpngtm/wav2vec2-emotion-recognition", Combined),
        new("hughlan1214/Speech_Emotion_Recognition_wav2vec2-large-xlsr-53_240304_SER_fine-tuned1.1", Combined),
        new("hughlan1214/Speech_Emotion_Recognition_wav2vec2-large-xlsr-53_240304_SER_fine-tuned2.0", Combined),
        new("m3hrdadfi/wav2vec2-xlsr-greek-speech-emotion-recognition", ["AESDD"]),
        new("m3hrdadfi/hubert-base-greek-speech-emotion-recognition", ["AESDD"]),
        new("m3hrdadfi/hubert-large-greek-speech-emotion-recognition", ["AESDD"]),
        new("m3hrdadfi/wav2vec2-xlsr-persian-speech-emotion-recognition", ["ShEMO"]),
        new("m3hrdadfi/hubert-base-persian-speech-emotion-recognition", ["ShEMO"]),
        new("xbgoose/hubert-large-speech-emotion-recognition-russian-dusha-finetuned", ["DUSHA"]),
        new("emotion2vec/emotion2vec_plus_seed", EmoBox),
        new("emotion2vec/emotion2vec_plus_base", EmoBox) { Details = DescribePseudoLabels("4,788") },
        new("emotion2vec/emotion2vec_plus_large", EmoBox) { Details = DescribePseudoLabels("42,526") },
    ];

    /// <summary>What its authors say, if it is more than the corpora; otherwise null.</summary>
    public string? Details { get; init; }

    /// <summary>The corpora, or the details.</summary>
    public string Description => Details ?? string.Join(", ", Corpora);

    /// <summary>What is known of a repository; null: nothing.</summary>
    public static PublishedTraining? Find(string repository) =>
        All.FirstOrDefault(entry => entry.Repository.Equals(repository, StringComparison.OrdinalIgnoreCase));

    private static string DescribePseudoLabels(string hours) =>
        $"{hours} hours with pseudo-labels, whose corpora are not published, by way of a model trained on EmoBox";
}
