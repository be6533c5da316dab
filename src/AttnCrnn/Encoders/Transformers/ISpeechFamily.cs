using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A family of speech encoders, chosen by what a checkpoint's config.json calls <c>model_type</c>. A new one is a
/// folder beside this file and a line in <see cref="SpeechFamilies"/>.
/// </summary>
internal interface ISpeechFamily
{
    /// <summary>The values of <c>model_type</c> that belong to the family.</summary>
    IReadOnlyList<string> ModelTypes { get; }

    /// <summary>Reads the configuration and the preprocessor of a checkpoint.</summary>
    /// <param name="folder">The checkpoint's, for its preprocessor_config.json.</param>
    /// <param name="config">Its config.json.</param>
    /// <exception cref="InvalidFileException">They ask for what this program does not know, or contradict each other; the
    /// message names it.</exception>
    /// <exception cref="InvalidInputException">The options do not fit the family.</exception>
    ISpeechNetwork Read(string folder, JsonFileReader config, SpeechOptions options);
}
