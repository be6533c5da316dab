using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>
/// A family of speech encoders, selected by <c>model_type</c> in a checkpoint's config.json. To add one, add a folder
/// beside this file and an entry in <see cref="SpeechFamilies"/>.
/// </summary>
internal interface ISpeechFamily
{
    /// <summary>The values of <c>model_type</c> that belong to the family.</summary>
    IReadOnlyList<string> ModelTypes { get; }

    /// <summary>Reads the configuration and the preprocessor of a checkpoint.</summary>
    /// <param name="folder">The checkpoint folder, for preprocessor_config.json.</param>
    /// <param name="config">The checkpoint's config.json.</param>
    /// <exception cref="InvalidFileException">A setting is not supported, or the files contradict each
    /// other.</exception>
    /// <exception cref="InvalidInputException">The options do not fit the family.</exception>
    ISpeechNetwork Read(string folder, JsonCursor config, SpeechOptions options);
}
