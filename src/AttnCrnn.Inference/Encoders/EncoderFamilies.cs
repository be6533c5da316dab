using AttnCrnn.Encoders.Spectrograms;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Conformer;
using AttnCrnn.Encoders.Transformers.Data2VecAudio;
using AttnCrnn.Encoders.Transformers.Emotion2Vec;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Encoders.Transformers.Sew;
using AttnCrnn.Encoders.Transformers.Wav2Vec2;
using AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;
using AttnCrnn.Encoders.Transformers.Whisper;

namespace AttnCrnn.Encoders;

/// <summary>
/// The registry of encoder families, and what can be asked of all of them. This is the only file that names a family.
/// </summary>
internal sealed class EncoderFamilies(IReadOnlyList<IEncoderFamily> families)
{
    /// <summary>The families of the library, in the order of messages and help.</summary>
    public static EncoderFamilies BuiltIn { get; } =
        new([
            new LogMelFamily(),
            // From checkpoints:
            new WhisperFamily(),
            new Wav2Vec2Family(),
            new Data2VecAudioFamily(),
            new ConformerFamily(),
            new SewFamily(),
            new Wav2Vec2BertFamily(),
            new Emotion2VecFamily(),
        ]);

    /// <summary>The families, in the order of messages and help.</summary>
    public IReadOnlyList<IEncoderFamily> All => families;

    /// <summary>The families whose encoders are read from a checkpoint.</summary>
    public IEnumerable<ISpeechFamily> Speech => families.OfType<ISpeechFamily>();

    /// <summary>The names of encoders that need no checkpoint.</summary>
    public IEnumerable<string> Names => families.OfType<INamedFamily>().Select(family => family.Name);

    /// <summary>The model types of all checkpoints that can be read.</summary>
    public IEnumerable<string> ModelTypes => Speech.SelectMany(family => family.ModelTypes);

    /// <summary>The layouts of all checkpoints that can be read.</summary>
    public IEnumerable<ICheckpointLayout> Layouts => Speech.Select(family => family.Layout).Distinct();

    /// <summary>The family of an encoder that is requested by name; null for a checkpoint.</summary>
    public INamedFamily? FindByName(string name) =>
        families.OfType<INamedFamily>().FirstOrDefault(family => family.HasName(name));

    /// <summary>The family of frames; null if their description does not tell.</summary>
    public IEncoderFamily? FindByDescription(EncoderDescription description) =>
        families.FirstOrDefault(family => family.Describes(description));

    /// <summary>The families whose encoders have a window of a fixed length: <c>Whisper</c>.</summary>
    public string DescribeContextFamilies() =>
        string.Join(" or ", Speech.Where(family => family.Contexts.Count > 0).Select(family => family.Name));

    /// <summary>The default layers of all families that have layers.</summary>
    public string DescribeDefaultLayers() =>
        string.Join(
            ", or ",
            families
                .Where(family => family.DefaultLayersHelp is not null)
                .GroupBy(family => family.DefaultLayersHelp)
                .Select(group => $"{group.Key} of {string.Join(", ", group.Select(family => family.Name))}")
        );
}
